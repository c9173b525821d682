/** What people's own rules read over time: how fast a metric changes, since when it is not known, when it reaches a limit. */
import type { AlertCondition } from '#shared/model/alert-rule.ts'
import type { Observation } from '#shared/model/observation.ts'
import { figure } from './metrics.ts'
import { type Reader, single } from './reading.ts'

type Of<Kind extends AlertCondition['kind']> = Extract<AlertCondition, { kind: Kind }>

interface Point {
  readonly at: number
  readonly value: number
}

/** Of a window as many points as tell how it went, however long it is. */
const MOST_POINTS = 120

/** The points of a window, the newest last; thinned where it is long. A clock that was set back begins anew. */
function createWindow(seconds: number): (point: Point) => readonly Point[] {
  let points: Point[] = []
  const apartMs = (seconds * 1_000) / MOST_POINTS
  return (point) => {
    if ((points.at(-1)?.at ?? 0) >= point.at) points = []
    const newest = points.at(-1)
    const before = points.at(-2)
    // The newest point stays the newest; in between they are as far apart as the window has room for.
    if (newest !== undefined && before !== undefined && newest.at - before.at < apartMs) points.pop()
    points.push(point)
    points = points.filter(({ at }) => point.at - at <= seconds * 1_000)
    return points
  }
}

/** Per second over the window; not known before half of it was seen, nor across a counter that started over. */
export function readRate({ metric, windowSeconds }: Of<'rate'>, isCounter: boolean): Reader {
  const window = createWindow(windowSeconds)
  let last: number | null = null
  let restart = createWindow(windowSeconds)
  return (seen) => {
    const value = figure(seen, metric)
    if (value === null) return [single(null)]
    if (isCounter && last !== null && value < last) restart = createWindow(windowSeconds)
    last = value
    const points = (isCounter ? restart : window)({ at: seen.at, value })
    const [first] = points
    const elapsed = first === undefined ? 0 : (seen.at - first.at) / 1_000
    if (first === undefined || elapsed < windowSeconds / 2) return [single(null)]
    return [single((value - first.value) / elapsed)]
  }
}

/** Seconds since it was last known, while somebody looked. */
export function readAbsence({ metric }: Of<'absence'>): Reader {
  let knownAt: number | null = null
  return (seen) => {
    if (figure(seen, metric) !== null || knownAt === null || knownAt > seen.at) {
      knownAt = seen.at
      return [single(0)]
    }
    return [single(Math.round((seen.at - knownAt) / 1_000))]
  }
}

/** Far enough away to be no matter, and still a number. */
const NEVER_SECONDS = 10 * 365 * 86_400

/** Seconds until a straight line through the window reaches the limit; very many where it leads away from it. */
export function readForecast({ metric, limit, windowSeconds }: Of<'forecast'>): Reader {
  const window = createWindow(windowSeconds)
  return (seen) => {
    const value = figure(seen, metric)
    if (value === null) return [single(null)]
    const points = window({ at: seen.at, value })
    const [first] = points
    const elapsed = first === undefined ? 0 : (seen.at - first.at) / 1_000
    if (elapsed < windowSeconds / 2) return [single(null)]
    return [single(secondsUntil(points, limit, seen))]
  }
}

function secondsUntil(points: readonly Point[], limit: number, { at }: Pick<Observation, 'at'>): number {
  const times = points.map((point) => (point.at - at) / 1_000)
  const meanTime = times.reduce((sum, time) => sum + time, 0) / points.length
  const meanValue = points.reduce((sum, { value }) => sum + value, 0) / points.length
  let spread = 0
  let together = 0
  points.forEach(({ value }, index) => {
    const apart = (times[index] ?? 0) - meanTime
    spread += apart * apart
    together += apart * (value - meanValue)
  })
  const slope = spread === 0 ? 0 : together / spread
  const now = meanValue - slope * meanTime
  const seconds = slope === 0 ? Number.POSITIVE_INFINITY : (limit - now) / slope
  // It leads away from the limit, or is past it: of that a rule on the value itself tells.
  if (seconds <= 0) return NEVER_SECONDS
  return Math.min(seconds, NEVER_SECONDS)
}
