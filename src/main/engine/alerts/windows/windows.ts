/**
 * Maintenance windows: while one is in force there is a silence of it, and nothing else keeps its alerts quiet. What is to be follows from
 * the schedule, the clock and the silences on record alone, so that a kill, a sleep or a clock that is set in between change nothing.
 */
import { z } from 'zod'
import type { Occurrence } from '#shared/model/schedule.ts'
import type { Silence } from '#shared/model/silence.ts'
import { MaintenanceWindow, type WindowState } from '#shared/model/window.ts'
import type { Clock } from '../../clock.ts'
import type { Documents, Saved } from '../../store/documents.ts'
import type { Ledger } from '../record/ledger.ts'
import type { Silences } from '../silences/silences.ts'
import { nextTurnAt, stateOfWindow, turnOfWindow } from './turn.ts'

export const KeptWindow = MaintenanceWindow.extend({ createdBy: z.string(), updatedAt: z.number() })
export type KeptWindow = z.infer<typeof KeptWindow>

export interface StandingWindow {
  readonly window: KeptWindow
  readonly state: WindowState
  /** The silence that there is of it while it is in force. */
  readonly silence: Silence | null
  /** When it comes again; milliseconds since the epoch. */
  readonly next: Occurrence | null
}

export interface Windows {
  /** In the order of their names. */
  list(): StandingWindow[]
  /** One that is in force is from now on as it says. @param replaces the name that it had; `null` for a new one */
  save(window: MaintenanceWindow, replaces: string | null, by: string): Promise<Saved>
  /** What it keeps quiet is told, where it still fires. */
  remove(name: string): Promise<boolean>
}

export interface KeepingWindows extends Windows {
  /** Begins and ends what is due at a moment; costs nothing where nothing is. */
  keepUp(now: number): void
}

export function createWindows({
  documents,
  silences,
  endedByHand,
  ledger,
  clock,
}: {
  readonly documents: Documents<KeptWindow>
  readonly silences: Silences
  /** Silences of windows that somebody ended, as far as they are on record at the start. */
  readonly endedByHand: readonly Silence[]
  readonly ledger: Pick<Ledger, 'flush' | 'silence'>
  readonly clock: Clock
}): KeepingWindows {
  /** Occurrences that somebody ended, by window. */
  const ended = new Map<string, Map<number, Silence>>()
  for (const one of endedByHand) noteEnded(one)
  let askedAt = Number.NEGATIVE_INFINITY
  let nextAt = Number.NEGATIVE_INFINITY

  function noteEnded(silence: Silence): void {
    const { window, startsAt } = silence
    if (window !== null) ended.set(window, (ended.get(window) ?? new Map()).set(startsAt, silence))
  }

  /** What somebody ended stays so under another name. */
  function rename(before: string, window: string): void {
    const those = [...(ended.get(before)?.values() ?? [])].map((one) => ({ ...one, window }))
    ended.delete(before)
    for (const one of those) {
      noteEnded(one)
      ledger.silence(one)
    }
    const silence = silenceOf(before)
    if (silence !== null) silences.adjust(silence.id, { window })
  }

  function silenceOf(name: string): Silence | null {
    for (const one of silences.inForce()) if (one.window === name) return one
    return null
  }

  function turn(window: KeptWindow, now: number): void {
    const { name, matchers, note, createdBy: by } = window
    const silence = silenceOf(name)
    const isEnded = (startsAt: number) => ended.get(name)?.has(startsAt) ?? false
    const decided = turnOfWindow(window, silence, isEnded, now)
    if (decided === null) return
    if (decided.kind === 'end') {
      if (silence !== null) silences.end(silence.id, decided.ending)
      return
    }
    const { startsAt, endsAt: until } = decided.occurrence
    const said = { matchers: { alert: null, ...matchers }, startsAt, until, note, window: name }
    if (silence === null) silences.begin({ ...said, by })
    else silences.adjust(silence.id, said)
  }

  function keepUp(now: number): void {
    if (now < nextAt && now >= askedAt) return
    askedAt = now
    const windows = documents.all()
    silences.together(() => {
      for (const window of windows) turn(window, now)
      // Those whose window is gone: it was removed just before a kill.
      for (const { id, window } of [...silences.inForce()]) {
        if (window !== null && documents.get(window) === null) silences.end(id, 'window-changed')
      }
    })
    nextAt = Math.min(...windows.map((one) => nextTurnAt(one, now) ?? Number.POSITIVE_INFINITY))
  }

  async function changed(): Promise<void> {
    nextAt = Number.NEGATIVE_INFINITY
    keepUp(clock.now())
    await ledger.flush()
  }

  silences.onEnded((silence) => {
    if (silence.ending === 'by-hand') noteEnded(silence)
  })

  return {
    keepUp,
    list() {
      const now = clock.now()
      return documents.all().map((window) => {
        const silence = silenceOf(window.name)
        return { window, silence, ...stateOfWindow(window, silence, now) }
      })
    },
    async save(window, replaces, by) {
      const outcome = await documents.save({ ...window, createdBy: by, updatedAt: clock.now() }, replaces)
      if (outcome !== 'saved') return outcome
      if (replaces !== null && replaces !== window.name) rename(replaces, window.name)
      await changed()
      return outcome
    },
    async remove(name) {
      const isGone = await documents.remove(name)
      if (isGone) await changed()
      return isGone
    },
  }
}
