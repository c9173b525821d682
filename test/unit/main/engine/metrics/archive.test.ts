import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Status } from '#shared/catalogue/statuses.ts'
import type { MetricValues } from '#shared/model/observation.ts'
import { type Archive, openArchive } from '../../../../../src/main/engine/metrics/archive.ts'
import { DEFAULT_RETENTION } from '../../../../../src/main/engine/metrics/history.ts'
import { createRanges, type Ranges } from '../../../../../src/main/engine/metrics/ranges.ts'
import { createUpkeep, type Upkeep } from '../../../../../src/main/engine/metrics/upkeep.ts'
import { syntheticDay } from '../../../../bench/synthetic-day.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const START = Date.UTC(2026, 0, 5)

let directory: string
let archive: Archive
let ranges: Ranges
let upkeep: Upkeep
const damage: string[] = []
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'vakhta-archive-'))
  open()
})
afterEach(() => {
  archive.close()
  rmSync(directory, { recursive: true, force: true })
  damage.length = 0
})

function open(): void {
  archive = openArchive({ dataDirectory: directory, onDamage: (message) => damage.push(message) })
  ranges = createRanges({ archive, retention: DEFAULT_RETENTION })
  upkeep = createUpkeep({ archive, retention: DEFAULT_RETENTION })
}

/** Turns of upkeep until there is nothing left to do. */
function settle(now: number): number {
  for (let turns = 1; ; turns++) {
    if (!upkeep.turn({ now, budgetMs: 1_000, monotonic: () => performance.now() }).more) return turns
  }
}

function look(at: number, values: MetricValues = { db_pool_utilization: 50 }, status: Status = 'HEALTHY') {
  return { deployment: 'shop', probe: 'pool', target: 'postgres', at, status, values } as const
}

/** Looks every 5 s in [from, to); `value` by the time since START in minutes. */
function watch(from: number, to: number, value: (minutes: number) => number | null = (minutes) => minutes) {
  const looks = []
  for (let at = from; at < to; at += 5_000) {
    looks.push(look(at, { db_pool_utilization: value((at - START) / MINUTE) }))
  }
  archive.store(looks)
}

function range(
  from: number,
  to: number,
  options: { points?: number; now?: number; metrics?: string[] } = {},
) {
  const { points = 300, now = to, metrics = ['db_pool_utilization'] } = options
  return ranges.range({ deployment: 'shop', metrics, from, to, points }, now)
}

describe('a range', () => {
  test('gives observations at their own times while they fit', () => {
    archive.store([
      look(START, { db_pool_utilization: 10 }),
      look(START + 5_003, { db_pool_utilization: null }),
    ])
    expect(range(START, START + 5_003)).toEqual({
      from: START,
      to: START + 5_003,
      stepMs: 5_000,
      source: 'raw',
      series: [
        {
          metric: 'db_pool_utilization',
          target: 'postgres',
          at: [START, START + 5_003],
          min: [10, null],
          mean: [10, null],
          max: [10, null],
        },
      ],
      unobserved: [],
    })
  })

  test('keeps the smallest and the largest where it reduces', () => {
    watch(START, START + HOUR, (minutes) => (minutes === 30 ? 99 : 5))
    const { series, stepMs } = range(START, START + HOUR, { points: 61 })
    expect(stepMs).toBe(MINUTE)
    const [{ at, min, mean, max } = never()] = series
    expect(at).toHaveLength(60)
    expect([min[30], mean[30], max[30]]).toEqual([5, 12.8333, 99])
    expect([min[31], mean[31], max[31]]).toEqual([5, 5, 5])
  })

  test('is the same before and after its hours are sealed', () => {
    const observations = [...syntheticDay('shop', 'pool', START, 5 * HOUR)]
    archive.store(observations)
    const metrics = Object.keys(observations[0]?.values ?? {})
    const end = START + 5 * HOUR
    const ask = () => [
      range(START, end, { metrics }),
      range(START, end, { metrics, points: 2_000 }),
      // A day of which only these hours were watched: made of minutes.
      range(end - DAY, end, { metrics, points: 100 }),
      range(end - 40 * DAY, end, { metrics, points: 100 }),
      ranges.statuses('shop', START, end, end),
    ]
    const before = ask()
    const rowsBefore = archive.size().rows
    settle(end + 2 * HOUR)
    expect(archive.read((database) => database.prepare('SELECT count(*) AS n FROM raw').get())).toEqual({
      n: 0,
    })
    expect(ask()).toEqual(before)
    expect(archive.size().rows).toBe(rowsBefore)
    expect(before.map((answer) => ('source' in answer ? answer.source : ''))).toEqual([
      'raw',
      'raw',
      'minute',
      'hour',
      '',
    ])
  })

  test('has a counter as it was counted, through a restart of the server', () => {
    const counter = [1e12, 1e12 + 7, 3, 4]
    archive.store(
      counter.map((value, index) => look(START + index * 5_000, { db_pool_slow_queries_total: value })),
    )
    settle(START + 3 * HOUR)
    const { series } = range(START, START + 20_000, { metrics: ['db_pool_slow_queries_total'] })
    expect(series[0]?.mean).toEqual(counter)
  })

  test('has never more points than were asked for', () => {
    watch(START, START + HOUR)
    for (const points of [2, 3, 10, 719, 720, 721]) {
      for (const length of [MINUTE, 7 * MINUTE + 1, HOUR]) {
        const { series } = range(START + 1_234, START + 1_234 + length, { points })
        expect(series[0]?.at.length).toBeLessThanOrEqual(points)
        expect(series[0]?.at.length).toBeGreaterThan(0)
      }
    }
  })

  test('has no points, and no zeros, where nobody looked; what is not known is null', () => {
    watch(START, START + 10 * MINUTE)
    watch(START + 10 * MINUTE, START + 11 * MINUTE, () => null)
    archive.store([look(START + 11 * MINUTE, {}, 'UNOBSERVED')])
    watch(START + 20 * MINUTE, START + 30 * MINUTE)
    const { series, unobserved } = range(START - 5 * MINUTE, START + 40 * MINUTE, { points: 46 })
    const hatched = (from: number, to: number) => ({ probe: 'pool', target: 'postgres', from, to })
    expect(unobserved).toEqual([
      hatched(START - 5 * MINUTE, START),
      hatched(START + 11 * MINUTE, START + 20 * MINUTE),
      hatched(START + 30 * MINUTE, START + 40 * MINUTE),
    ])
    const [{ at, mean } = never()] = series
    const minutes = at.map((moment) => (moment - START) / MINUTE)
    expect(minutes).toEqual([...Array(11).keys(), ...Array.from({ length: 10 }, (_, index) => 20 + index)])
    expect(mean[10]).toBeNull()
    expect(mean).not.toContain(0)
  })

  test('does not call the future unobserved', () => {
    watch(START, START + HOUR)
    expect(range(START, START + 2 * HOUR, { now: START + HOUR }).unobserved).toEqual([])
  })

  test('leaves out a target that was taken out of the profile, and hatches all when nobody looked at any', () => {
    archive.store(
      [0, 5_000].map((ms) => ({
        ...look(START - DAY + ms, { redis_connected: 1 }),
        probe: 'redis',
        target: 'old',
      })),
    )
    archive.store(
      [0, 5_000].map((ms) => ({
        ...look(START + ms, { redis_connected: 1 }),
        probe: 'redis',
        target: 'new',
      })),
    )
    const metrics = ['redis_connected']
    const now = range(START, START + 10_000, { metrics })
    expect([now.series.map(({ target }) => target), now.unobserved]).toEqual([['new'], []])
    const later = range(START + HOUR, START + HOUR + MINUTE, { metrics })
    expect(later.unobserved.map(({ target }) => target)).toEqual(['old', 'new'])
  })

  test('is empty for what was never seen', () => {
    watch(START, START + MINUTE)
    expect(
      ranges.range({ deployment: 'other', metrics: ['db_up'], from: 0, to: 1, points: 2 }, 1),
    ).toMatchObject({
      series: [],
      unobserved: [],
    })
    expect(
      range(START, START + MINUTE, { metrics: ['db_up', 'redis_connected', 'constructor'] }).series,
    ).toEqual([])
  })

  test('finds metrics that the catalogue does not name', () => {
    archive.store([look(START, { 'queue_length{celery}': 3 })])
    expect(range(START, START + 1, { metrics: ['queue_length{celery}'] }).series[0]?.mean).toEqual([3])
  })
})

describe('observations that come in disorder', () => {
  test('late ones, and those of the same time, find their place', () => {
    archive.store([look(START + 10_000, { db_pool_utilization: 3 }), look(START, { db_pool_utilization: 1 })])
    archive.store([look(START + 5_000, { db_pool_utilization: 0 })])
    archive.store([look(START + 5_000, { db_pool_utilization: 2 })])
    expect(range(START, START + 10_000).series[0]?.mean).toEqual([1, 2, 3])
    expect(archive.size().rows).toBe(3)
  })

  test('those later than the sealing are added to what was sealed', () => {
    watch(START, START + HOUR)
    settle(START + 3 * HOUR)
    archive.store([look(START + 2_500, { db_pool_utilization: 1_000 })])
    expect(range(START, START + HOUR, { points: 2_000 }).series[0]?.max).toContain(1_000)
    settle(START + 3 * HOUR)
    const [{ max } = never()] = range(START, START + HOUR, { points: 2_000 }).series
    expect([max.length, max[1]]).toEqual([721, 1_000])
    const [minutes = never()] = range(START + HOUR - DAY, START + HOUR, { points: 100 }).series
    expect(Math.max(...minutes.max.map(Number))).toBe(1_000)
    expect(archive.size().rows).toBe(721)
  })

  test('those later than the retention of observations leave what was rolled up as it is', () => {
    watch(START, START + HOUR, () => 7)
    settle(START + 3 * HOUR)
    const now = START + 10 * DAY
    settle(now)
    archive.store([look(START + 2_500, { db_pool_utilization: 1_000 })])
    settle(now)
    settle(now + DAY)
    const [{ mean, max } = never()] = range(START, START + HOUR, { now }).series
    expect(mean.every((value) => value === 7)).toBe(true)
    expect(Math.max(...max.map(Number))).toBe(7)
  })

  test('a clock that jumped back by hours loses nothing, and one that jumped ahead stops nothing', () => {
    watch(START + 5 * HOUR, START + 6 * HOUR, () => 1)
    watch(START, START + HOUR, () => 2)
    archive.store([look(START + 1_000 * DAY)])
    settle(START + 8 * HOUR)
    expect(range(START, START + HOUR).series[0]?.mean.every((value) => value === 2)).toBe(true)
    expect(range(START + 5 * HOUR, START + 6 * HOUR).series[0]?.mean.every((value) => value === 1)).toBe(true)
    expect(archive.size().rows).toBe(1_441)
  })
})

describe('retention', () => {
  test('keeps observations 7 days, minutes 90 days and hours 2 years', () => {
    watch(START, START + HOUR, () => 7)
    settle(START + 3 * HOUR)
    const sources = () => {
      const grains = archive.read((database) =>
        database.prepare('SELECT grain FROM chunks ORDER BY grain').all(),
      )
      return grains.map(({ grain }) => grain)
    }
    settle(START + 7 * DAY + 59 * MINUTE)
    expect(sources()).toEqual([0, MINUTE, HOUR])
    settle(START + 7 * DAY + HOUR)
    expect(sources()).toEqual([MINUTE, HOUR])
    settle(START + 90 * DAY + 6 * HOUR)
    expect(sources()).toEqual([HOUR])
    expect(range(START - 10 * DAY, START + 90 * DAY).series[0]?.mean).toEqual([7])
    settle(START + 740 * DAY)
    expect(sources()).toEqual([])
    expect(archive.size().rows).toBe(0)
  })

  test('deletes some in one turn, and asks for no more turns because of it', () => {
    const deployments = Array.from({ length: 450 }, (_, index) => ({
      ...look(START),
      deployment: `d${index}`,
    }))
    archive.store(deployments)
    settle(START + 3 * HOUR)
    const turn = () =>
      upkeep.turn({ now: START + 10 * DAY, budgetMs: 1_000, monotonic: () => performance.now() })
    expect(turn()).toEqual({ more: false })
    expect(archive.size().rows).toBe(250)
    turn()
    turn()
    expect(archive.size().rows).toBe(0)
  })
})

describe('upkeep', () => {
  test('begins no further hour once its time is over', () => {
    watch(START, START + 4 * HOUR)
    let time = 0
    const turn = () => upkeep.turn({ now: START + 6 * HOUR, budgetMs: 10, monotonic: () => (time += 6) })
    expect(turn()).toEqual({ more: true })
    const left = archive.read((database) =>
      Number(database.prepare('SELECT count(*) AS n FROM raw').get()?.n),
    )
    expect(left).toBe(3 * 720)
    expect(settle(START + 6 * HOUR)).toBe(1)
  })

  test('leaves an hour open until the one after it is over too', () => {
    watch(START, START + HOUR)
    settle(START + 2 * HOUR - 1)
    const open = () =>
      archive.read((database) => Number(database.prepare('SELECT count(*) AS n FROM raw').get()?.n))
    expect(open()).toBe(720)
    settle(START + 2 * HOUR)
    expect(open()).toBe(0)
  })
})

test('the last hour is given by minute: the worst status and the means of the fleet metrics', () => {
  const now = START + HOUR - 1
  archive.store([
    look(START - 1_000, { db_pool_utilization: 99 }, 'CRITICAL'),
    look(START, { db_pool_utilization: 10, db_up: 1 }),
    look(START + 5_000, { db_pool_utilization: 20 }, 'WARNING'),
    { ...look(START + 6_000, { redis_memory_usage: null }, 'DISCONNECTED'), probe: 'redis', target: 'cache' },
    { ...look(START + 7_000, {}, 'UNOBSERVED'), probe: 'host', target: 'web' },
    look(START + 2 * MINUTE, {}, 'UNOBSERVED'),
    look(now, { db_pool_utilization: 30 }),
  ])
  expect(ranges.lastHour('shop', now)).toEqual([
    { at: START, status: 'DISCONNECTED', means: { db_pool_utilization: 15, redis_memory_usage: null } },
    { at: START + 2 * MINUTE, status: 'UNOBSERVED', means: { db_pool_utilization: null } },
    { at: START + 59 * MINUTE, status: 'HEALTHY', means: { db_pool_utilization: 30 } },
  ])
  expect(ranges.lastHour('other', now)).toEqual([])
})

test('statuses follow each other without a hole, unobserved time between them', () => {
  watch(START, START + 10 * MINUTE)
  archive.store([look(START + 10 * MINUTE, {}, 'CRITICAL')])
  watch(START + 20 * MINUTE, START + 30 * MINUTE)
  const span = (status: Status, from: number, to: number) => ({
    probe: 'pool',
    target: 'postgres',
    status,
    from: START + from,
    to: START + to,
  })
  expect(ranges.statuses('shop', START, START + 30 * MINUTE, START + 30 * MINUTE)).toEqual([
    span('HEALTHY', 0, 10 * MINUTE),
    span('CRITICAL', 10 * MINUTE, 10 * MINUTE + 5_000),
    span('UNOBSERVED', 10 * MINUTE + 5_000, 20 * MINUTE),
    span('HEALTHY', 20 * MINUTE, 30 * MINUTE),
  ])
})

test('a damaged chunk costs its own hour, and is told', () => {
  watch(START, START + 3 * HOUR)
  settle(START + 5 * HOUR)
  archive.write((database) =>
    database.prepare(`UPDATE chunks SET blob = x'00' WHERE grain = 0 AND start = ?`).run(START + HOUR),
  )
  const { series, unobserved } = range(START, START + 3 * HOUR, { points: 181 })
  expect(series[0]?.at).toHaveLength(120)
  expect(unobserved).toEqual([
    { probe: 'pool', target: 'postgres', from: START + HOUR, to: START + 2 * HOUR },
  ])
  expect(damage[0]).toContain('metrics.db')
})

test('a batch that fails is taken back as a whole, with the names that came with it', () => {
  const fresh = { ...look(START, { never_seen: 1 }), deployment: 'new' }
  const impossible = { ...look(START), status: 'BROKEN' as Status }
  expect(() => archive.store([fresh, impossible])).toThrow(/BROKEN/)
  expect(archive.size().rows).toBe(0)
  archive.store([fresh])
  archive.close()
  open()
  expect(
    ranges.range({ deployment: 'new', metrics: ['never_seen'], from: START, to: START + 1, points: 2 }, START)
      .series,
  ).toHaveLength(1)
})

function never(): never {
  throw new Error('there is no series')
}
