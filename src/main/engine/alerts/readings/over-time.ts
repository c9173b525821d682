/** What people's own rules read over time: how fast a metric changes, since when it is not known, when it reaches a limit. */
import type { AlertCondition } from '#shared/model/alert-rule.ts'
import type { Observation } from '#shared/model/observation.ts'
import { figure } from './metrics.ts'
import { type Reader, single } from './reading.ts'
import { createStretch } from './stretch.ts'

type Of<Kind extends AlertCondition['kind']> = Extract<AlertCondition, { kind: Kind }>

interface Point {
  readonly at: number
  readonly value: number
  /** How much of the time since the point before nobody looked. */
  readonly unwatchedMs: number
}

/** Of a window as many points as tell how it went, however long it is. */
const MOST_POINTS = 120

interface Window {
  /** The newest last. */
  readonly points: readonly Point[]
  /** From the first to the last of them. */
  readonly elapsedSeconds: number
  /** The same without what nobody looked at. */
  readonly seenSeconds: number
}

/** The points of a window, thinned where it is long. A clock that was set back begins anew. */
function createWindow(seconds: number): (point: Point) => Window {
  let points: Point[] = []
  const apartMs = (seconds * 1_000) / MOST_POINTS
  return (given) => {
    let point = given
    if ((points.at(-1)?.at ?? 0) >= point.at) points = []
    const newest = points.at(-1)
    const before = points.at(-2)
    // The newest point stays the newest; in between they are as far apart as the window has room for.
    if (newest !== undefined && before !== undefined && newest.at - before.at < apartMs) {
      points.pop()
      point = { ...point, unwatchedMs: point.unwatchedMs + newest.unwatchedMs }
    }
    points.push(point)
    points = points.filter(({ at }) => point.at - at <= seconds * 1_000)
    const [first = point, ...rest] = points
    const elapsedMs = point.at - first.at
    const unwatchedMs = rest.reduce((sum, one) => sum + one.unwatchedMs, 0)
    return {
      points,
      elapsedSeconds: elapsedMs / 1_000,
      seenSeconds: Math.max(0, elapsedMs - unwatchedMs) / 1_000,
    }
  }
}

/** What nobody looked at since the last point: the first look after it may know nothing. */
function createGap() {
  let ms = 0
  return {
    add(more: number) {
      ms += more
    },
    take() {
      const taken = ms
      ms = 0
      return taken
    },
  }
}

/** Per second over the window; not known before half of it was seen, nor across a counter that started over. */
export function readRate({ metric, windowSeconds }: Of<'rate'>, isCounter: boolean): Reader {
  const window = createWindow(windowSeconds)
  let last: number | null = null
  let restart = createWindow(windowSeconds)
  const gap = createGap()
  return (seen, unwatchedMs) => {
    gap.add(unwatchedMs)
    const value = figure(seen, metric)
    if (value === null) return [single(null)]
    if (isCounter && last !== null && value < last) restart = createWindow(windowSeconds)
    last = value
    const add = isCounter ? restart : window
    const { points, elapsedSeconds, seenSeconds } = add({ at: seen.at, value, unwatchedMs: gap.take() })
    const [first] = points
    if (first === undefined || seenSeconds < windowSeconds / 2) return [single(null)]
    return [single((value - first.value) / elapsedSeconds)]
  }
}

/**
 * Seconds since it was last known, while somebody looked. Where it was not known from the first look on, since that look at least: as long
 * as that would be too short a time, nothing is claimed.
 * @param isEnough whether it is so long that it is no matter how much longer
 */
export function readAbsence(
  { metric }: Of<'absence'>,
  isEnough: (seconds: number) => boolean = () => true,
): Reader {
  const stretch = createStretch()
  return (seen, unwatchedMs) => {
    stretch.goOn(seen.at, unwatchedMs)
    if (figure(seen, metric) !== null) stretch.end()
    const { ms, isAtLeast } = stretch.length()
    const seconds = Math.round(ms / 1_000)
    return [single(isAtLeast && !isEnough(seconds) ? null : seconds)]
  }
}

/** Far enough away to be no matter, and still a number. */
export const NEVER_SECONDS = 10 * 365 * 86_400

/** Seconds until a straight line through the window reaches the limit; very many where it leads away from it. */
export function readForecast({ metric, limit, windowSeconds }: Of<'forecast'>): Reader {
  const window = createWindow(windowSeconds)
  const gap = createGap()
  return (seen, unwatchedMs) => {
    gap.add(unwatchedMs)
    const value = figure(seen, metric)
    if (value === null) return [single(null)]
    const { points, seenSeconds } = window({ at: seen.at, value, unwatchedMs: gap.take() })
    if (seenSeconds < windowSeconds / 2) return [single(null)]
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
