/** Containers and units: another image is a deploy, another run a restart, and one that ended is told of with how it did. */
import { z } from 'zod'
import type { EventCode } from '#shared/model/timeline.ts'
import type { Ended, Image, RunningProcess } from '../../standing.ts'
import { type Draft, type Sighting, seenChange } from '../draft.ts'

/** What is started again and again is told of once in this time. */
const AGAIN_TOLD_AFTER_MS = 5 * 60_000
/** Clocks differ: what lies further ahead than this is not believed. */
const AHEAD_MS = 60_000

export const KnownProcess = z.object({
  id: z.string(),
  /** Its name as it is shown, and what it is. */
  image: z.object({ name: z.string(), digest: z.string() }).nullable(),
  restarts: z.number().nullable(),
  ended: z.boolean(),
  /** When that it was started again was told of last, and how often it had been by then. */
  told: z.object({ at: z.number(), restarts: z.number() }).nullable(),
})
export type KnownProcess = z.infer<typeof KnownProcess>

export function watchProcess(
  before: KnownProcess | undefined,
  process: RunningProcess | undefined,
  sighting: Sighting,
): { events: Draft[]; known: KnownProcess | undefined } {
  if (process === undefined) return { events: [], known: before }
  const { id, image, restarts } = process
  const known = { id, image, restarts, ended: process.ended !== null, told: before?.told ?? null }
  if (before === undefined) return { events: [], known }
  const begun = beginning(before, process, sighting)
  const over =
    process.ended === null || (before.ended && before.id === id) ? [] : [end(process.ended, sighting)]
  return { events: [...begun.events, ...over], known: { ...known, told: begun.told } }
}

/** What came with another run: its image, or that it was started again, by somebody or by what keeps it running. */
function beginning(
  before: KnownProcess,
  { id, startedAt, image, restarts }: RunningProcess,
  sighting: Sighting,
): { events: Draft[]; told: KnownProcess['told'] } {
  const { told } = before
  if (id === before.id) return { events: [], told }
  const draft = (kind: 'deploy' | 'restart', code: EventCode, params: Record<string, string | number>) =>
    seenChange(kind, sighting, code, params, dated(startedAt, sighting))
  if (image !== null && before.image !== null && image.digest !== before.image.digest) {
    const words = { image: shown(image), before: shown(before.image) }
    return { events: [draft('deploy', 'image-deployed', words)], told: null }
  }
  const counted = restarts ?? 0
  // A container that is made anew begins to count anew.
  if (counted <= (before.restarts ?? 0)) return { events: [draft('restart', 'restarted', {})], told: null }
  const isTold = told !== null && sighting.at - told.at < AGAIN_TOLD_AFTER_MS
  if (isTold) return { events: [], told }
  const count = counted - (told?.restarts ?? before.restarts ?? 0)
  return {
    events: [draft('restart', 'restarted-by-itself', { count })],
    told: { at: sighting.at, restarts: counted },
  }
}

const CODES = {
  memory: 'ended-memory',
  signal: 'ended-signal',
  code: 'ended-code',
  failed: 'ended-failed',
  stopped: 'ended',
} as const satisfies Record<Ended['how'], EventCode>

function end({ how, detail, at }: Ended, sighting: Sighting): Draft {
  return seenChange('restart', sighting, CODES[how], { detail }, dated(at, sighting))
}

/** When it happened, where that is told and may be; else when it was seen. */
function dated(at: number | null, sighting: Sighting): { at: number; isDated: boolean } {
  const isDated = at !== null && at <= sighting.at + AHEAD_MS
  return { at: isDated ? Math.min(at, sighting.at) : sighting.at, isDated }
}

/** `shop:2.1.0 (sha256:3f9a1c2b7d4e)`: a tag may be moved, a digest not. */
function shown({ name, digest }: Image): string {
  const bare = name.replace(/@sha256:.*$/, '')
  return `${bare} (${digest.slice(0, 'sha256:'.length + 12)})`
}
