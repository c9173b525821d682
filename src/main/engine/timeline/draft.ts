/** An event before it is taken in: what watchers find, and what they know of the look that they find it in. */
import type { ProbeId } from '#shared/catalogue/probes.ts'
import type { Reason } from '#shared/model/reason.ts'
import type { EventCode, TimelineEvent } from '#shared/model/timeline.ts'

export type Draft = Omit<TimelineEvent, 'id' | 'deployment'>

/** What a change was seen in. */
export interface Sighting {
  readonly probe: ProbeId
  readonly target: string
  /** Which of the servers behind the target; empty where there is one. */
  readonly of: string
  /** When it was looked at, milliseconds since the epoch. */
  readonly at: number
  /** When it was looked at the time before; `null`: in another run of the console, if ever. */
  readonly lastAt: number | null
  /** Nobody looked for a while: what is new now may have happened any time since. */
  readonly isAfterPause: boolean
}

/** What the target is called in a sentence; the same in every language. */
export function subject({ probe, target, of }: Pick<Sighting, 'probe' | 'target' | 'of'>): string {
  const name = probe === 'pool' ? 'PostgreSQL' : probe === 'redis' ? `Redis ${target}` : target
  return of === '' ? name : `${name} (${of})`
}

/** A change that was seen in a look. One that may have happened any time since the last look says so in its words. */
export function seenChange(
  kind: Draft['kind'],
  sighting: Sighting,
  code: EventCode,
  params: Reason['params'],
  { at = sighting.at, isDated = false }: { at?: number; isDated?: boolean } = {},
): Draft {
  const { probe, target, isAfterPause } = sighting
  const pause: Reason['params'] = isAfterPause && !isDated ? { afterPause: 1 } : {}
  return {
    at,
    kind,
    probe,
    target,
    reason: { code, params: { what: subject(sighting), ...params, ...pause } },
    status: null,
  }
}
