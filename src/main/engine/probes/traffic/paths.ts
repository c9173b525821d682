/**
 * Traffic by request path: what each path counted in one scrape, what it did within the last minute, and which paths are
 * worth a name. Whatever an application exposes, memory and values are bounded.
 */
import { type LabelledMetric, labelled } from '#shared/catalogue/labelled.ts'
import type { MetricValues } from '#shared/model/observation.ts'
import { increase, round } from '../figures.ts'
import { type Buckets, bucketGrowth, bucketQuantile, NO_BUCKETS, sumOfBuckets } from './buckets.ts'

/** Labels that hold a request's path or route, the likeliest first. */
const PATH_LABELS = [
  'path',
  'route',
  'handler',
  'http_route',
  'endpoint',
  'uri',
  'path_template',
  'url_rule',
  'view',
  'url',
  'url_path',
  'http_target',
]
/** Paths of one scrape that are told apart; what comes after them is not. */
export const MOST_PATHS = 1_000
const WINDOW_MS = 60_000
/** Paths that get a name in an observation, and how many places are kept for those that fail and for the slowest. */
export const NAMED_PATHS = 20
const BY_TRAFFIC = 10
const BY_ERRORS = 5
/** All paths that got no name, together. No path is called so: paths begin with a slash, and views have dots. */
export const OTHER_PATHS = 'other'

/** Counters of one path: as they stand, or how far they grew. */
export interface PathCounts {
  readonly requests: number
  readonly errors: number | null
  readonly sumMs: number
  readonly timed: number
  readonly buckets: Buckets
}
export interface PathSnapshot {
  readonly counts: ReadonlyMap<string, PathCounts>
  /** There were more: a path that is missing may have counted before. */
  readonly cut: boolean
}

/** What paths did between two scrapes of one process. Monotonic milliseconds. */
export interface PathGrowth {
  readonly from: number
  readonly at: number
  readonly counts: ReadonlyMap<string, PathCounts>
}

/** What one path did within the last minute. */
export interface PathTraffic {
  readonly path: string
  readonly requests: number
  readonly requestsPerSecond: number
  readonly errorsPerMinute: number | null
  readonly meanMs: number | null
  readonly p95Ms: number | null
}

/** The path that a sample's labels tell; `undefined` where they tell none. */
export function pathOf(label: (name: string) => string | undefined): string | undefined {
  for (const name of PATH_LABELS) {
    const value = label(name)
    // Frameworks leave it empty, or say "none", of what matched no route: that is no path.
    if (value !== undefined) return value === '' || value === 'none' ? undefined : value
  }
  return undefined
}

/** How far each path's counters grew; paths that did nothing are left out. The caller knows that it is the same process. */
export function pathGrowth(before: PathSnapshot, now: PathSnapshot): Map<string, PathCounts> {
  const grown = new Map<string, PathCounts>()
  for (const [path, counts] of now.counts) {
    const last = before.counts.get(path)
    // A counter is made with its first request; what the last scrape had no room for is not that.
    if (last === undefined && before.cut) continue
    const growth = growthOf(last ?? NOTHING, counts)
    if (growth !== null) grown.set(path, growth)
  }
  return grown
}

const NOTHING: PathCounts = { requests: 0, errors: 0, sumMs: 0, timed: 0, buckets: NO_BUCKETS }

/** `null` where a path did nothing, or a counter fell. */
function growthOf(before: PathCounts, now: PathCounts): PathCounts | null {
  const requests = increase(before.requests, now.requests)
  const timed = increase(before.timed, now.timed)
  const sumMs = increase(before.sumMs, now.sumMs)
  if (requests === null || timed === null || sumMs === null || (requests === 0 && timed === 0)) return null
  const errors = increase(before.errors ?? 0, now.errors)
  return { requests, errors, sumMs, timed, buckets: bucketGrowth(before.buckets, now.buckets) }
}

/** Growth of the last minute with the newest; older is dropped. */
export function slidePaths(
  window: readonly PathGrowth[],
  newest: PathGrowth | null,
  now: number,
): PathGrowth[] {
  return [...window, ...(newest === null ? [] : [newest])].filter(({ at }) => now - at < WINDOW_MS)
}

/** What each path did in a window; empty where the application tells of no paths. */
export function pathTraffic(window: readonly PathGrowth[], now: number): PathTraffic[] {
  const seconds = (now - Math.min(...window.map(({ from }) => from))) / 1000
  if (window.length === 0 || !(seconds > 0)) return []
  const byPath = new Map<string, PathCounts[]>()
  for (const { counts } of window) {
    for (const [path, one] of counts) {
      const known = byPath.get(path)
      if (known === undefined) byPath.set(path, [one])
      else known.push(one)
    }
  }
  return [...byPath].map(([path, all]) => trafficOf(path, sumOf(all), seconds))
}

function sumOf(all: readonly PathCounts[]): PathCounts {
  let [requests, errors, sumMs, timed]: [number, number | null, number, number] = [0, 0, 0, 0]
  for (const one of all) {
    requests += one.requests
    errors = errors === null || one.errors === null ? null : errors + one.errors
    sumMs += one.sumMs
    timed += one.timed
  }
  return { requests, errors, sumMs, timed, buckets: sumOfBuckets(all.map(({ buckets }) => buckets)) }
}

function trafficOf(path: string, counts: PathCounts, seconds: number): PathTraffic {
  return {
    path,
    requests: Math.max(counts.requests, counts.timed),
    requestsPerSecond: counts.requests / seconds,
    errorsPerMinute: counts.errors === null ? null : (counts.errors / seconds) * 60,
    meanMs: counts.timed === 0 ? null : counts.sumMs / counts.timed,
    p95Ms: bucketQuantile(0.95, counts.buckets),
  }
}

/**
 * Values of the paths with the most traffic, of those that fail most and of the slowest, 20 in all; the rest as one, whose
 * times are left out: they would be a mean over everything.
 */
export function pathValues(paths: readonly PathTraffic[]): MetricValues {
  const named = worthANameOf(paths)
  const rest = paths.filter((one) => !named.has(one))
  const values: MetricValues = {}
  const set = (metric: LabelledMetric & `http_path_${string}`, path: string, value: number | null) => {
    if (value !== null) values[labelled(metric, { path })] = round(value)
  }
  for (const one of named) {
    set('http_path_requests_per_second', one.path, one.requestsPerSecond)
    set('http_path_errors_per_minute', one.path, one.errorsPerMinute)
    set('http_path_duration_ms', one.path, one.meanMs)
    set('http_path_duration_p95_ms', one.path, one.p95Ms)
  }
  if (rest.length > 0) {
    const sum = (of: (one: PathTraffic) => number | null) =>
      rest.reduce((total, one) => total + (of(one) ?? 0), 0)
    set(
      'http_path_requests_per_second',
      OTHER_PATHS,
      sum((one) => one.requestsPerSecond),
    )
    set(
      'http_path_errors_per_minute',
      OTHER_PATHS,
      rest.every((one) => one.errorsPerMinute === null) ? null : sum((one) => one.errorsPerMinute),
    )
  }
  return values
}

function worthANameOf(paths: readonly PathTraffic[]): Set<PathTraffic> {
  const by = (figure: (one: PathTraffic) => number | null) =>
    [...paths].sort((a, b) => (figure(b) ?? 0) - (figure(a) ?? 0) || (a.path < b.path ? -1 : 1))
  const byTraffic = by((one) => one.requestsPerSecond)
  const named = new Set(byTraffic.slice(0, BY_TRAFFIC))
  const take = (candidates: readonly PathTraffic[], most: number) => {
    for (const one of candidates.filter((candidate) => !named.has(candidate)).slice(0, most)) named.add(one)
  }
  take(
    by((one) => one.errorsPerMinute).filter((one) => (one.errorsPerMinute ?? 0) > 0),
    BY_ERRORS,
  )
  take(
    by(slowness).filter((one) => slowness(one) !== null),
    NAMED_PATHS - BY_TRAFFIC - BY_ERRORS,
  )
  take(byTraffic, NAMED_PATHS - named.size)
  return named
}

function slowness({ meanMs, p95Ms }: PathTraffic): number | null {
  return p95Ms ?? meanMs
}

/**
 * The path that is furthest over a limit: by its mean where one is, for a percentile is an estimate.
 * @param leastRequests that a path must have had
 */
export function slowestOver(
  paths: readonly PathTraffic[],
  leastRequests: number,
  limits: { readonly meanMs: number | undefined; readonly p95Ms: number | undefined },
): { path: string; ms: number; limit: number; of: 'mean' | 'p95' } | null {
  const over = paths
    .filter(({ requests }) => requests >= leastRequests)
    .flatMap(({ path, meanMs, p95Ms }) => [
      { path, ms: meanMs, limit: limits.meanMs, of: 'mean' as const },
      { path, ms: p95Ms, limit: limits.p95Ms, of: 'p95' as const },
    ])
    .flatMap(({ path, ms, limit, of }) =>
      ms !== null && limit !== undefined && ms > limit ? [{ path, ms, limit, of }] : [],
    )
  const means = over.filter((one) => one.of === 'mean')
  return (means.length > 0 ? means : over).sort((a, b) => b.ms / b.limit - a.ms / a.limit)[0] ?? null
}
