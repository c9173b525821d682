import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Observation } from '#shared/model/observation.ts'
import { type Clock, systemClock } from '../../../../../src/main/engine/clock.ts'
import { silentLog } from '../../../../../src/main/engine/log.ts'
import { createHistory } from '../../../../../src/main/engine/metrics/create-history.ts'
import { DEFAULT_RETENTION, type History } from '../../../../../src/main/engine/metrics/history.ts'
import { createDrivenClock } from '../../../../support/driven-clock.ts'
import { until } from '../../../../support/until.ts'

const WORKER = new URL('../../../../../src/main/engine/metrics/worker.ts', import.meta.url)
const CRASHING = new URL('../../../../crash/children/crashing-worker.ts', import.meta.url)

let directory: string
let history: History | null
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'vakhta-history-'))
  history = null
})
afterEach(async () => {
  await history?.close()
  rmSync(directory, { recursive: true, force: true })
})

async function open(clock: Clock = systemClock, worker = WORKER): Promise<History> {
  history = await createHistory({
    dataDirectory: directory,
    worker,
    clock,
    retention: DEFAULT_RETENTION,
    log: silentLog,
  })
  return history
}

function look(at: number, deployment = 'shop'): Observation {
  return {
    deployment,
    probe: 'redis',
    target: 'cache',
    at,
    status: 'WARNING',
    reason: { code: 'redis-latency-high', params: {} },
    values: { redis_connected: 1, redis_latency_ms: 120.5, redis_hit_rate: null },
    evidence: { facts: { role: 'master' } },
    cost: { ms: 1, rows: 0, bytes: 10 },
  }
}

test('what was appended is in ranges, spans, the last hour and the statistics', async () => {
  const clock = createDrivenClock()
  const { append, flush, range, statuses, lastHour, statistics } = await open(clock)
  const now = clock.now()
  append(look(now - 5_000))
  append(look(now))
  await flush()
  const result = await range({
    deployment: 'shop',
    metrics: ['redis_latency_ms', 'redis_hit_rate'],
    from: now - 60_000,
    to: now,
    points: 300,
  })
  expect(result.series.map(({ metric, mean }) => [metric, mean])).toEqual([
    ['redis_latency_ms', [120.5, 120.5]],
    ['redis_hit_rate', [null, null]],
  ])
  expect(await statuses('shop', now - 5_000, now)).toEqual([
    { probe: 'redis', target: 'cache', status: 'WARNING', from: now - 5_000, to: now },
  ])
  expect((await lastHour('shop', now)).map(({ status }) => status)).toEqual(['WARNING', 'WARNING'])
  expect(await statistics()).toEqual({
    rows: 2,
    bytes: expect.any(Number),
    waiting: 0,
    dropped: 0,
    failing: false,
  })
})

test('is written about every second without being asked', async () => {
  const clock = createDrivenClock()
  const { append, statistics } = await open(clock)
  append(look(clock.now()))
  expect((await statistics()).waiting).toBe(1)
  await clock.advance(1_000)
  await until(async () => (await statistics()).rows === 1)
})

test('hours are sealed as time goes by, and open again with the next start', async () => {
  const clock = createDrivenClock()
  const first = await open(clock)
  const start = clock.now()
  for (let at = start; at < start + 3_600_000; at += 5_000) first.append(look(at))
  await first.flush()
  const query = {
    deployment: 'shop',
    metrics: ['redis_latency_ms'],
    from: start,
    to: start + 3_600_000,
    points: 61,
  }
  const before = await first.range(query)
  clock.jump(2 * 3_600_000)
  const chunks = () => {
    const database = new DatabaseSync(join(directory, 'metrics.db'), { readOnly: true })
    const row = database.prepare('SELECT count(*) AS n FROM chunks').get()
    database.close()
    return Number(row?.n)
  }
  await until(async () => {
    await clock.advance(30_000)
    return chunks() === 3
  })
  await first.close()
  const second = await open(clock)
  expect((await second.range(query)).series).toEqual(before.series)
  expect((await second.statistics()).rows).toBe(720)
})

test('what is appended just before the end is there after the next start', async () => {
  const first = await open()
  first.append(look(Date.now()))
  await first.close()
  expect((await (await open()).statistics()).rows).toBe(1)
})

test('says what is wrong with a file that it cannot use, and leaves no thread behind', async () => {
  writeFileSync(join(directory, 'metrics.db'), 'no database '.repeat(500))
  await expect(open()).rejects.toMatchObject({
    name: 'StoreError',
    code: 'corrupt',
    message: expect.stringContaining('metrics.db'),
  })
  rmSync(join(directory, 'metrics.db'))
  await (await open()).close()
  const newer = new DatabaseSync(join(directory, 'metrics.db'))
  newer.exec('PRAGMA user_version = 99')
  newer.close()
  await expect(open()).rejects.toMatchObject({ code: 'newer' })
})

test('a worker that crashes is started again, and what it had not stored is stored then', async () => {
  const clock = createDrivenClock()
  const { append, statistics, range } = await open(clock, CRASHING)
  append(look(clock.now(), 'mortal'))
  await until(async () => {
    await clock.advance(1_000)
    return (await statistics()).rows === 1
  })
  const query = { deployment: 'mortal', metrics: ['redis_connected'], from: 0, to: clock.now(), points: 2 }
  expect((await range(query)).series).toHaveLength(1)
})

test('an observation that crashes the worker again and again is given up; the others are stored', async () => {
  const clock = createDrivenClock()
  const { append, statistics } = await open(clock, CRASHING)
  append(look(clock.now(), 'poison'))
  await until(async () => {
    await clock.advance(5_000)
    return (await statistics()).dropped === 1
  })
  append(look(clock.now(), 'shop'))
  await until(async () => {
    await clock.advance(1_000)
    return (await statistics()).rows === 1
  })
})

test('a worker that does not answer any more is ended, its questions fail, and another one goes on', async () => {
  vi.useFakeTimers({ toFake: ['setInterval'] })
  try {
    const clock = createDrivenClock()
    const { append, statuses, statistics } = await open(clock, CRASHING)
    append(look(clock.now(), 'endless'))
    await clock.advance(1_000)
    await until(() => existsSync(join(directory, 'stuck')))
    const question = statuses('endless', 0, clock.now())
    const answer = expect(question).rejects.toThrow(/does not answer/)
    vi.advanceTimersByTime(25_000)
    expect(await Promise.race([question, Promise.resolve('still waiting')])).toBe('still waiting')
    vi.advanceTimersByTime(5_000)
    await answer
    await until(async () => {
      await clock.advance(1_000)
      return (await statistics()).rows === 1
    })
  } finally {
    vi.useRealTimers()
  }
})

test('a question to a worker that is gone fails, and does not hang', async () => {
  const opened = await open()
  await opened.close()
  await expect(opened.lastHour('shop', 0)).rejects.toThrow(/not running/)
  expect(await opened.statistics()).toEqual({
    rows: null,
    bytes: null,
    waiting: 0,
    dropped: 0,
    failing: false,
  })
  await opened.close()
})
