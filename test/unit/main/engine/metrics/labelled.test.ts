import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { labelled } from '#shared/catalogue/labelled.ts'
import type { MetricValues } from '#shared/model/observation.ts'
import { type Archive, openArchive } from '../../../../../src/main/engine/metrics/archive.ts'
import { DEFAULT_RETENTION } from '../../../../../src/main/engine/metrics/history.ts'
import { MOST_NAMES } from '../../../../../src/main/engine/metrics/labelled-names.ts'
import { createRanges } from '../../../../../src/main/engine/metrics/ranges.ts'
import { METRICS_APPLICATION_ID, METRICS_MIGRATIONS } from '../../../../../src/main/engine/metrics/schema.ts'
import { createUpkeep } from '../../../../../src/main/engine/metrics/upkeep.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const START = Date.UTC(2026, 0, 5)

let directory: string
let archive: Archive
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'vakhta-labelled-'))
  archive = open()
})
afterEach(() => {
  archive.close()
  rmSync(directory, { recursive: true, force: true })
})

function open(): Archive {
  return openArchive({
    dataDirectory: directory,
    onDamage(message) {
      throw new Error(message)
    },
  })
}

function look(at: number, queues: Record<string, number | null>, target = 'main') {
  const values: MetricValues = { redis_keys_total: 7 }
  for (const [queue, length] of Object.entries(queues)) values[labelled('queue_length', { queue })] = length
  return { deployment: 'shop', probe: 'redis', target, at, status: 'HEALTHY', values } as const
}

function range(from: number, to: number, metrics = ['queue_length'], points = 300) {
  const ranges = createRanges({ archive, retention: DEFAULT_RETENTION })
  return ranges.range({ deployment: 'shop', metrics, from, to, points }, to).series
}

function settle(now: number): void {
  const upkeep = createUpkeep({ archive, retention: DEFAULT_RETENTION })
  while (upkeep.turn({ now, budgetMs: 1_000, monotonic: () => performance.now() }).more);
}

function count(table: string): number {
  return archive.read((database) =>
    Number(database.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.n ?? 0),
  )
}

test('a metric with labels is answered with a series for each label, beside metrics without', () => {
  archive.store([
    look(START, { celery: 3, mail: 0 }),
    look(START + 5_000, { celery: 4, mail: null }),
    look(START + 10_000, { celery: 5 }, 'other'),
  ])
  const series = range(START, START + 10_000, ['queue_length', 'redis_keys_total', 'queue_oldest_seconds'])
  expect(series.map(({ metric, target, labels, mean }) => ({ metric, target, labels, mean }))).toEqual([
    { metric: 'queue_length', target: 'main', labels: { queue: 'celery' }, mean: [3, 4] },
    { metric: 'queue_length', target: 'main', labels: { queue: 'mail' }, mean: [0, null] },
    { metric: 'redis_keys_total', target: 'main', labels: undefined, mean: [7, 7] },
    { metric: 'queue_length', target: 'other', labels: { queue: 'celery' }, mean: [5] },
    { metric: 'redis_keys_total', target: 'other', labels: undefined, mean: [7] },
  ])
})

test('series with labels are the same before and after their hours are sealed, and after a restart', () => {
  const end = START + 3 * HOUR
  const looks = []
  for (let at = START; at < end; at += 5_000) {
    const minute = Math.floor((at - START) / MINUTE)
    looks.push(look(at, { celery: minute, ...(minute % 2 === 0 ? { mail: minute / 3 } : {}) }))
  }
  archive.store(looks)
  const ask = () => [
    range(START, end),
    range(START, end, ['queue_length'], 2_000),
    range(end - DAY, end),
    range(end - 40 * DAY, end),
  ]
  const before = ask()
  settle(end + 2 * HOUR)
  expect(count('raw')).toBe(0)
  archive.close()
  archive = open()
  expect(ask()).toEqual(before)
  expect(before.map((series) => series.map(({ labels }) => labels?.queue))).toEqual(
    Array.from({ length: 4 }, () => ['celery', 'mail']),
  )
})

test('labels that come and go make no new kind of row', () => {
  for (let look_ = 0; look_ < 200; look_++) {
    archive.store([look(START + look_ * 5_000, { [`q${look_ % 7}`]: 1, [`q${look_ % 11}`]: 2 })])
  }
  expect(count('shapes')).toBe(1)
  expect(count('metrics')).toBe(1)
})

test('a series keeps so many names and no more; those of late stay, and an old one gives way', () => {
  const many = (from: number, length: number) =>
    Object.fromEntries(Array.from({ length }, (_, index) => [`q${from + index}`, 1]))
  archive.store([look(START, many(0, MOST_NAMES))])
  archive.store([look(START + MINUTE, many(MOST_NAMES, 5))])
  expect(count('labelled')).toBe(MOST_NAMES)
  expect(range(START + MINUTE, START + MINUTE + 1)).toEqual([])

  archive.store([look(START + 2 * HOUR, { q3: 5, fresh: 9 })])
  expect(count('labelled')).toBe(MOST_NAMES)
  const shown = range(START + 2 * HOUR, START + 2 * HOUR + 1).map(({ labels, mean }) => [labels?.queue, mean])
  expect(Object.fromEntries(shown)).toEqual({ q3: [5], fresh: [9] })
})

test('a name that was forgotten leaves its number to nobody', () => {
  archive.store([look(START, { gone: 42 })])
  archive.write(() => archive.labelled.expire(START + 1))
  archive.store([look(START + 5_000, { new: 1 })])
  archive.close()
  archive = open()
  expect(range(START, START + 5_000).map(({ labels, mean }) => [labels?.queue, mean])).toEqual([
    ['new', [null, 1]],
  ])
})

test('of more labels than a chart can show, those that reached highest are answered', () => {
  const queues = Object.fromEntries(Array.from({ length: 120 }, (_, index) => [`q${index}`, index]))
  archive.store([look(START, queues)])
  const shown = range(START, START + 1).map(({ mean }) => mean[0])
  expect(shown).toHaveLength(50)
  expect(Math.min(...shown.map(Number))).toBe(70)
})

test('what fails is taken back together with the names that it brought', () => {
  const broken = { ...look(START + 1, { late: 1 }), status: 'NONSENSE' as 'HEALTHY' }
  expect(() => archive.store([look(START, { celery: 1 }), broken])).toThrow()
  expect(count('labelled')).toBe(0)
  archive.store([look(START, { celery: 1 })])
  expect(range(START, START + 1).map(({ labels }) => labels)).toEqual([{ queue: 'celery' }])
})

test('a history of before there were labels is opened and goes on', () => {
  archive.close()
  rmSync(directory, { recursive: true, force: true })
  directory = mkdtempSync(join(tmpdir(), 'vakhta-labelled-'))
  const [first] = METRICS_MIGRATIONS
  const old = new DatabaseSync(join(directory, 'metrics.db'))
  old.exec(`${first?.sql ?? ''}; PRAGMA application_id = ${METRICS_APPLICATION_ID}; PRAGMA user_version = 1`)
  old.close()
  archive = open()
  archive.store([look(START, { celery: 2 })])
  expect(range(START, START + 1).map(({ mean }) => mean)).toEqual([[2]])
})
