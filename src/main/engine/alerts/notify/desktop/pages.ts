/**
 * The desktops of whoever has a page of this console open in a browser: a note goes to all of them over the change log, and is
 * shown once one of them says so (decision 31).
 */
import { randomUUID } from 'node:crypto'
import type { DesktopNote, NoteOutcome } from '#shared/model/desktop-note.ts'
import type { ChangeLog } from '../../../changes.ts'
import type { Clock } from '../../../clock.ts'
import { type Desktop, NotShown, type WhyNotShown } from './desktop.ts'

export interface PageDesktop extends Desktop {
  /** What a page says became of a note. Whether anybody still waits for that. */
  answered(id: string, outcome: NoteOutcome): boolean
  /** A page has begun to show notes: it is told of those that wait to be shown just now. */
  attended(): void
}

/** Pages are told within a quarter of a second; some systems take their time to show something. */
const SHOWN_WITHIN_MS = 5_000
/** Of several browsers that did not show it, the one that needs the least is told of. */
const NEAREST: readonly WhyNotShown[] = ['not-asked', 'blocked', 'not-shown']

export function createPageDesktop({ changes, clock }: { changes: ChangeLog; clock: Clock }): PageDesktop {
  const open = new Map<string, { tell(outcome: NoteOutcome): void; announce(): void }>()

  function show(note: DesktopNote, signal: AbortSignal): Promise<void> {
    const id = randomUUID()
    const key = `desktop/${id}`
    const shown = Promise.withResolvers<void>()
    const refusals = new Set<WhyNotShown>()
    let isTold = false
    const why = () =>
      NEAREST.find((one) => refusals.has(one)) ?? (isTold ? ('unanswered' as const) : ('no-page' as const))
    const stop = () => shown.reject(signal.reason)
    const cancel = clock.after(SHOWN_WITHIN_MS, () => shown.reject(new NotShown(why())))
    signal.addEventListener('abort', stop, { once: true })
    const announce = () =>
      changes.touch(key, {
        topics: ['desktop'],
        read() {
          isTold = true
          return { kind: 'desktop', id, note }
        },
      })
    const tell = (outcome: NoteOutcome) => {
      if (outcome === 'shown') shown.resolve()
      else refusals.add(outcome)
    }
    open.set(id, { tell, announce })
    announce()
    if (signal.aborted) stop()
    return shown.promise.finally(() => {
      cancel()
      signal.removeEventListener('abort', stop)
      open.delete(id)
      // A page that is opened later must not show what was given up, or is tried again.
      changes.drop(key)
    })
  }

  return {
    show,
    answered(id, outcome) {
      const one = open.get(id)
      one?.tell(outcome)
      return one !== undefined
    },
    attended() {
      // Its cursor is newer than they are. Those that were told already know them by their ids.
      for (const { announce } of open.values()) announce()
    },
  }
}
