/**
 * From two scrapes to what happened between them. Behind one address there may be several processes, each with counters
 * of its own: each is compared with itself only, and what they did lately is added up.
 */
import { increase } from '../figures.ts'
import { type Buckets, bucketGrowth, bucketQuantile, NO_BUCKETS, sumOfBuckets } from './buckets.ts'
import { type PathGrowth, pathGrowth } from './paths.ts'
import type { Snapshot } from './snapshot.ts'

const LONGEST_INTERVAL_MS = 120_000
/** What a process did longer ago than this is no longer "now". */
const FRESH_MS = 90_000

/** What one process did between two scrapes of it, per second. */
interface Pace {
  readonly requests: number | null
  readonly errors: number | null
  readonly durationMs: number | null
  readonly durations: number | null
  readonly buckets: Buckets
}
interface Seen {
  /** Monotonic milliseconds. */
  readonly at: number
  readonly snapshot: Snapshot
  readonly pace: Pace | null
}
/** Processes by their start, oldest look first. */
export type Processes = ReadonlyMap<string, Seen>

export interface Traffic {
  readonly requestsPerSecond: number | null
  readonly errorsPerMinute: number | null
  readonly meanMs: number | null
  readonly p95Ms: number | null
}

/**
 * Takes a scrape in.
 * @param most how many processes there may be behind the address: older ones are forgotten
 * @returns whether the process that answered was known, so that there is an interval, and what its paths did in it
 */
export function advance(
  before: Processes,
  snapshot: Snapshot,
  now: number,
  most: number,
): { processes: Processes; known: boolean; paths: PathGrowth | null } {
  const id = snapshot.process ?? ''
  const last = before.get(id)
  const pace = last === undefined ? null : paceBetween(last.snapshot, snapshot, now - last.at)
  const kept = [...before].filter(([other, { at }]) => other !== id && now - at < FRESH_MS)
  const processes = new Map(kept.slice(kept.length - Math.min(kept.length, most - 1)))
  processes.set(id, { at: now, snapshot, pace })
  const earlier = last?.snapshot.paths ?? null
  const paths =
    last === undefined || pace === null || earlier === null || snapshot.paths === null
      ? null
      : { from: last.at, at: now, counts: pathGrowth(earlier, snapshot.paths) }
  return { processes, known: pace !== null, paths }
}

/** `null` where nothing can be said of the interval: it is too long, or the process started over. */
function paceBetween(before: Snapshot, now: Snapshot, elapsedMs: number): Pace | null {
  if (!(elapsedMs > 0) || elapsedMs > LONGEST_INTERVAL_MS) return null
  const grown = (
    a: { readonly from: string; readonly total: number } | null,
    b: { readonly from: string; readonly total: number } | null,
  ) => (a?.from === b?.from ? increase(a?.total, b?.total) : null)
  const seconds = elapsedMs / 1000
  const rate = (value: number | null) => (value === null ? null : value / seconds)
  const requests = grown(before.requests, now.requests)
  const restarted = before.requests?.from === now.requests?.from && now.requests !== null && requests === null
  if (restarted) return null
  const same = before.duration !== null && before.duration.from === now.duration?.from
  const count = same ? increase(before.duration?.count, now.duration?.count) : null
  const grownBuckets =
    count === null
      ? NO_BUCKETS
      : bucketGrowth(before.duration?.buckets ?? NO_BUCKETS, now.duration?.buckets ?? NO_BUCKETS)
  return {
    requests: rate(requests),
    errors: rate(grown(before.errors, now.errors)),
    durationMs: count === null ? null : rate(increase(before.duration?.sumMs, now.duration?.sumMs)),
    durations: rate(count),
    buckets: { ...grownBuckets, counts: grownBuckets.counts.map((grown) => grown / seconds) },
  }
}

/** What all processes together did lately; `null` where no process tells. */
export function trafficOf(processes: Processes, now: number): Traffic {
  const paces = [...processes.values()]
    .filter(({ at }) => now - at < FRESH_MS)
    .map(({ pace }) => pace)
    .filter((pace) => pace !== null)
  const sum = (figures: readonly (number | null)[]) => {
    const known = figures.filter((figure) => figure !== null)
    return known.length === 0 ? null : known.reduce((total, figure) => total + figure, 0)
  }
  const requests = sum(paces.map((pace) => pace.requests))
  const errors = sum(paces.map((pace) => pace.errors))
  const durationMs = sum(paces.map((pace) => pace.durationMs))
  const durations = sum(paces.map((pace) => pace.durations))
  return {
    requestsPerSecond: requests,
    errorsPerMinute: errors === null ? null : errors * 60,
    // Without a request there is no duration: not 0, but none.
    meanMs: durationMs === null || durations === null || durations === 0 ? null : durationMs / durations,
    p95Ms: bucketQuantile(0.95, sumOfBuckets(paces.map((pace) => pace.buckets))),
  }
}
