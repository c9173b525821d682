import { describe, expect, it } from 'vitest'
import { type Answer, project, type SeenWindow } from '../../../../../src/main/engine/forecasts/project.ts'
import type { NotForetold } from '../../../../../src/shared/model/forecast.ts'
import { HOUR_MS, MINUTE_MS, NOW, normal, resembling, seeded, series } from './series.ts'

const COUNT = 72
const DAY_MS = 24 * HOUR_MS

/** What is seen of a curve through windows of these lengths, the same one in each. */
function seen(
  valueAt: (at: number) => number | null,
  lengths: readonly number[] = [20 * MINUTE_MS, 2 * HOUR_MS, 12 * HOUR_MS, 3 * DAY_MS, 21 * DAY_MS],
): SeenWindow[] {
  return lengths.map((lengthMs) => {
    const stepMs = lengthMs / COUNT
    const points = series(COUNT, stepMs, (index) => valueAt(NOW - (COUNT - 1 - index) * stepMs))
    return { lengthMs, stepMs, points }
  })
}

function ask(windows: readonly SeenWindow[], { limit = 100, horizonMs = 30 * DAY_MS } = {}): Answer {
  return project({ windows, limit, now: NOW, horizonMs })
}

function inMs(answer: Answer): { earliest: number; likely: number; latest: number } {
  if (!('foretold' in answer)) throw new Error(`not foretold: ${answer.why}`)
  const { earliest, likely, latest } = answer.foretold.at
  return { earliest: earliest - NOW, likely: likely - NOW, latest: latest - NOW }
}

const noise = (size: number, seed = 1) => {
  const random = seeded(seed)
  return () => size * normal(random)
}
const ago = (at: number) => NOW - at

describe('what is foretold', () => {
  it('is full when the line says so, within its range: a leak that began half an hour ago', () => {
    const jitter = noise(1)
    // Flat at 40 %, then 1.5 % a minute; 60 % are left: 40 minutes minus what is gone.
    const curve = (at: number) => {
      const since = Math.max(0, 20 - ago(at) / MINUTE_MS)
      return 40 + 1.5 * since + jitter()
    }
    const { earliest, likely, latest } = inMs(ask(seen(curve)))
    expect(likely / MINUTE_MS).toBeGreaterThan(18)
    expect(likely / MINUTE_MS).toBeLessThan(22)
    expect(earliest).toBeLessThan(likely)
    expect(latest).toBeGreaterThan(likely)
  })

  it('takes the window that carries it: a disk that fills by 1 % a day', () => {
    const jitter = noise(0.05)
    const { likely } = inMs(ask(seen((at) => 85 - ago(at) / DAY_MS + jitter())))
    expect(likely / DAY_MS).toBeGreaterThan(14)
    expect(likely / DAY_MS).toBeLessThan(16)
  })

  it('is not moved by values that are wild', () => {
    const random = seeded(5)
    const curve = (at: number) => {
      const line = 50 - (10 * ago(at)) / HOUR_MS
      return random() < 0.15 ? 95 * random() : line + normal(random) * 0.2
    }
    const { likely } = inMs(ask(seen(curve, [2 * HOUR_MS])))
    expect(likely / HOUR_MS).toBeGreaterThan(4.5)
    expect(likely / HOUR_MS).toBeLessThan(5.5)
  })

  it('holds over a gap in which nobody looked', () => {
    const jitter = noise(0.3)
    const curve = (at: number) =>
      ago(at) > 30 * MINUTE_MS && ago(at) < 70 * MINUTE_MS ? null : 60 - ago(at) / (10 * MINUTE_MS) + jitter()
    const { likely } = inMs(ask(seen(curve, [2 * HOUR_MS])))
    expect(likely / MINUTE_MS).toBeGreaterThan(370)
    expect(likely / MINUTE_MS).toBeLessThan(430)
  })

  it('counts from where somebody made room, where it is beyond that', () => {
    const jitter = noise(0.2)
    // Cleaned up once, 90 minutes ago, from 55 % to 20 %; since then 0.5 % a minute.
    const curve = (at: number) =>
      (ago(at) > 90 * MINUTE_MS ? 55 - ago(at) / HOUR_MS : 65 - 0.5 * (ago(at) / MINUTE_MS)) + jitter()
    const { likely } = inMs(ask(seen(curve, [2 * HOUR_MS])))
    expect(likely / MINUTE_MS).toBeGreaterThan(65)
    expect(likely / MINUTE_MS).toBeLessThan(75)
  })
})

const SHAPES: Record<
  string,
  { why: NotForetold | readonly NotForetold[]; curve: () => (at: number) => number | null }
> = {
  'flat, with noise': {
    why: 'a-trend',
    curve: () =>
      (
        (jitter) => () =>
          60 + jitter()
      )(noise(2, 4)),
  },
  'flat to the last digit': { why: 'rising', curve: () => () => 60 },
  falling: { why: 'rising', curve: () => (at) => 60 + ago(at) / HOUR_MS },
  'already full': { why: 'before-it-is-full', curve: () => () => 100 },
  'a step, and level since: a deploy with a larger cache': {
    why: ['steady', 'a-trend'],
    curve: () =>
      (
        (jitter) => (at: number) =>
          (ago(at) > 11 * MINUTE_MS ? 30 : 60) + jitter()
      )(noise(0.8)),
  },
  'a rise that comes to rest': {
    why: ['slowing', 'steady'],
    curve: () =>
      (
        (jitter) => (at: number) =>
          80 -
          40 * Math.exp(-(20 * MINUTE_MS - Math.min(20 * MINUTE_MS, ago(at))) / (4 * MINUTE_MS)) +
          jitter()
      )(noise(0.1)),
  },
  'teeth of a vacuum, seen rising': {
    why: 'beyond-its-peaks',
    curve: () =>
      (
        (jitter) => (at: number) =>
          70 - 50 * (((ago(at) + HOUR_MS) % (4 * HOUR_MS)) / (4 * HOUR_MS)) + jitter()
      )(noise(0.3)),
  },
  'rotated logs, every twenty minutes': {
    why: 'beyond-its-peaks',
    curve: () =>
      (
        (jitter) => (at: number) =>
          70 - 20 * (((ago(at) + 8 * MINUTE_MS) % (20 * MINUTE_MS)) / (20 * MINUTE_MS)) + jitter()
      )(noise(0.2)),
  },
  'so slow that nobody can tell': {
    why: 'within-sight',
    curve: () =>
      (
        (jitter) => (at: number) =>
          10 - ago(at) / (20 * DAY_MS) + jitter()
      )(noise(0.002)),
  },
  'seen for five minutes': {
    why: 'observed-enough',
    curve: () => (at) => (ago(at) > 5 * MINUTE_MS ? null : 90 - ago(at) / MINUTE_MS),
  },
  'not seen for an hour': {
    why: 'observed-now',
    curve: () => (at) => (ago(at) < HOUR_MS ? null : 80 - ago(at) / HOUR_MS),
  },
}

describe('nothing is foretold of what is', () => {
  it.each(Object.keys(SHAPES))('%s', (shape) => {
    const { curve, why } = SHAPES[shape] ?? { curve: () => () => 0, why: null }
    const lengths =
      shape === 'not seen for an hour'
        ? [20 * MINUTE_MS, 2 * HOUR_MS]
        : [20 * MINUTE_MS, 2 * HOUR_MS, 12 * HOUR_MS]
    const answer = ask(seen(curve(), lengths))
    expect([why].flat()).toContain('why' in answer ? answer.why : 'foretold')
  })

  it('never seen', () => {
    expect(ask([])).toMatchObject({ why: 'observed-enough' })
    expect(ask(seen(() => null))).toMatchObject({ why: 'observed-enough' })
  })

  it('beyond the horizon of its metric', () => {
    const windows = seen((at) => 50 - ago(at) / DAY_MS, [3 * DAY_MS, 21 * DAY_MS])
    expect(ask(windows, { horizonMs: DAY_MS })).toMatchObject({ why: 'within-sight' })
    expect(ask(windows, { horizonMs: 90 * DAY_MS })).toHaveProperty('foretold')
  })

  it('without a limit, but its rate is told', () => {
    const jitter = noise(1)
    const answer = ask(
      seen((at) => 1_000 - (24 * ago(at)) / DAY_MS + jitter()),
      { limit: Number.POSITIVE_INFINITY },
    )
    if (!('why' in answer) || answer.slope === null) throw new Error('no rate')
    expect(answer.why).toBe('within-sight')
    expect(answer.slope.likely * HOUR_MS).toBeGreaterThan(0.9)
    expect(answer.slope.likely * HOUR_MS).toBeLessThan(1.1)
  })
})

interface Kind {
  readonly alike: number | 'walk'
  /** How much the window rises, in standard deviations of the noise. */
  readonly rise: number
  /** What is measured, less a margin for the chance of 1,000 series. */
  readonly holdsAtLeast: number
}

const KINDS: Record<string, Kind> = {
  'noise that forgets at once': { alike: 0, rise: 10, holdsAtLeast: 0.88 },
  'noise that forgets soon': { alike: 0.3, rise: 10, holdsAtLeast: 0.87 },
  'noise that lasts': { alike: 0.5, rise: 20, holdsAtLeast: 0.86 },
  'noise that lasts long': { alike: 0.8, rise: 20, holdsAtLeast: 0.88 },
  'noise that nearly never forgets': { alike: 0.9, rise: 20, holdsAtLeast: 0.88 },
  'steps that add up': { alike: 'walk', rise: 60, holdsAtLeast: 0.87 },
}

describe('the range of doubt holds what comes as often as it says, over 1,000 series of', () => {
  it.each(Object.keys(KINDS))('%s', (name) => {
    const { alike, rise, holdsAtLeast } = KINDS[name] ?? { alike: 0, rise: 10, holdsAtLeast: 1 }
    const slope = rise / COUNT
    let offered = 0
    let held = 0
    for (let seed = 1; seed <= 1_000; seed += 1) {
      const random = seeded(seed * 7_919)
      const step = alike === 'walk' ? walking(random) : resembling(random, alike)
      const points = series(COUNT, MINUTE_MS, (index) => 60 - slope * (COUNT - 1 - index) + step())
      const answer = ask([{ lengthMs: COUNT * MINUTE_MS, stepMs: MINUTE_MS, points }], { horizonMs: 1e12 })
      if (!('foretold' in answer)) continue
      offered += 1
      // A line is full when it comes to the limit; what adds up is full when it gets there the first time.
      const full = alike === 'walk' ? firstAt(100, slope, step) : 40 / slope
      const { earliest, latest } = inMs(answer)
      if (full * MINUTE_MS >= earliest && full * MINUTE_MS <= latest) held += 1
    }
    expect(offered).toBeGreaterThan(850)
    expect(held / offered).toBeGreaterThan(holdsAtLeast)
    expect(held / offered).toBeLessThan(0.99)
  })

  it('and what goes nowhere is foretold in hardly any of 1,000 series', () => {
    const wrong = (alike: number | 'walk') => {
      let offered = 0
      for (let seed = 1; seed <= 1_000; seed += 1) {
        const random = seeded(seed * 104_729)
        const step = alike === 'walk' ? walking(random) : resembling(random, alike)
        const points = series(COUNT, MINUTE_MS, () => 60 + step())
        if ('foretold' in ask([{ lengthMs: COUNT * MINUTE_MS, stepMs: MINUTE_MS, points }])) offered += 1
      }
      return offered
    }
    expect([wrong(0), wrong(0.5), wrong(0.8)]).toEqual([0, 0, 0])
    expect(wrong('walk')).toBeLessThan(25)
  })
})

function walking(random: () => number): () => number {
  let sum = 0
  return () => {
    sum += normal(random)
    return sum
  }
}

/** After how many steps a walk that goes on comes to the limit. */
function firstAt(limit: number, slope: number, step: () => number): number {
  for (let count = 1; count < 5_000; count += 1) if (60 + slope * count + step() >= limit) return count
  return 5_000
}
