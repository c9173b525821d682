import { describe, expect, it } from 'vitest'
import {
  readAbsence,
  readForecast,
  readRate,
} from '../../../../../src/main/engine/alerts/readings/over-time.ts'
import { createReader } from '../../../../../src/main/engine/alerts/readings/readers.ts'
import type { Reader } from '../../../../../src/main/engine/alerts/readings/reading.ts'
import {
  readDrillFailed,
  readHitRate,
  readHostKeyChanged,
  readPersistence,
  readRedisMemory,
  readSlowPaths,
  readSlowQueries,
  readUnreachable,
} from '../../../../../src/main/engine/alerts/readings/special.ts'
import { measuredBy } from '../../../../../src/main/engine/alerts/ruling.ts'
import { labelled } from '../../../../../src/shared/catalogue/labelled.ts'
import { alertText, createTranslator } from '../../../../../src/shared/locales/translate.ts'
import {
  type AlertCondition,
  type AlertRule,
  BUILT_IN_RULES,
} from '../../../../../src/shared/model/alert-rule.ts'
import type { Connection } from '../../../../../src/shared/model/connection.ts'
import type { Observation } from '../../../../../src/shared/model/observation.ts'
import type { Reason } from '../../../../../src/shared/model/reason.ts'

const [rule] = BUILT_IN_RULES as readonly [AlertRule]
const looked: Observation = {
  ...{ deployment: 'shop', probe: 'redis', target: 'cache', at: 0, status: 'HEALTHY', values: {} },
  ...{ reason: { code: 'redis-healthy', params: {} }, cost: { ms: 1, rows: 0, bytes: 0 } },
}

/** What a reader makes of a look at a second. */
function look(
  read: Reader,
  second: number,
  values: Observation['values'],
  rest: Partial<Observation> = {},
  unwatchedSeconds = 0,
): (number | null)[] {
  const observation: Observation = { ...looked, at: second * 1_000, values, ...rest }
  return read(observation, unwatchedSeconds * 1_000).map(({ value }) => value)
}

describe('slow queries', () => {
  it('are those that run over a second, for half a minute', () => {
    const read = readSlowQueries()
    const at = (second: number, total: number, longest: number | null) =>
      look(read, second, { db_pool_slow_queries_total: total, db_longest_statement_seconds: longest })
    // What was slow before the first look is not known.
    expect([at(0, 4, 0.2), at(29, 4, 0.2)]).toEqual([[null], [null]])
    expect(at(30, 4, 0.2)).toEqual([0])
    expect(at(35, 5, 3.2)).toEqual([3_200])
    expect(at(40, 5, 0.1)).toEqual([3_200])
    expect(at(70, 5, 0.1)).toEqual([0])
    // One that was over before the look was counted all the same.
    expect(at(75, 6, null)).toEqual([1_001])
  })

  it('are known at once where one runs at the first look', () => {
    const read = readSlowQueries()
    const values = { db_pool_slow_queries_total: 4, db_longest_statement_seconds: 2 }
    expect(look(read, 0, values)).toEqual([2_000])
  })
})

describe('the memory of a Redis', () => {
  const info = (policy: string) => ({
    evidence: { redisInfo: { memory: { maxmemory: '1000', maxmemory_policy: policy } } },
  })

  it('is what counts where nothing may be evicted', () => {
    expect(look(readRedisMemory(), 0, { redis_memory_usage: 97 }, info('noeviction'))).toEqual([97])
    expect(look(readRedisMemory(), 0, { redis_memory_usage: 97 })).toEqual([97])
  })

  it('is meant to be full elsewhere: evictions count that go on for a minute', () => {
    const read = readRedisMemory()
    const at = (second: number, evictions: number) =>
      look(
        read,
        second,
        { redis_memory_usage: 100, redis_evictions_per_second: evictions },
        info('allkeys-lru'),
      )
    expect([at(0, 0), at(5, 9), at(35, 9), at(64, 9), at(65, 7)]).toEqual([[0], [0], [0], [0], [7]])
    expect([at(70, 0), at(75, 5), at(130, 5)]).toEqual([[0], [0], [0]])
    // A clock that is set back takes nothing of it.
    expect([at(100, 5), at(104, 5), at(105, 5)]).toEqual([[0], [0], [5]])
  })

  it('is not known to evict lastingly, or not, where it does at the first look: before a minute', () => {
    const read = readRedisMemory()
    const at = (second: number, evictions: number) =>
      look(read, second, { redis_evictions_per_second: evictions }, info('allkeys-lru'))
    expect([at(0, 9), at(59, 9), at(60, 7), at(65, 0)]).toEqual([[null], [null], [7], [0]])
  })
})

it('a hit rate counts over five minutes of at least a thousand lookups', () => {
  const read = readHitRate()
  const at = (second: number, hits: number, misses: number, rate: number | null) =>
    look(read, second, {
      redis_keyspace_hits_total: hits,
      redis_keyspace_misses_total: misses,
      redis_hit_rate: rate,
    })
  expect(at(0, 0, 0, null)).toEqual([null])
  expect(at(5, 100, 400, 20)).toEqual([null])
  expect(at(10, 700, 800, 60)).toEqual([46.7])
  expect(at(400, 700, 800, null)).toEqual([null])
})

it('slow paths are told one by one, and the service where no paths are', () => {
  const mean = (path: string) => labelled('http_path_duration_ms', { path })
  const p95 = (path: string) => labelled('http_path_duration_p95_ms', { path })
  const values = { [mean('/a')]: 10, [p95('/a')]: 7_000, [mean('/b')]: 20, http_request_duration_ms: 15 }
  expect(look(readSlowPaths(), 0, values)).toEqual([7_000, 20])
  expect(look(readSlowPaths(), 0, { http_request_duration_ms: 15 })).toEqual([15])
})

it('persistence fails with a save, the append-only file or refused writes', () => {
  const read = readPersistence()
  expect(look(read, 0, { redis_last_save_ok: 1, redis_aof_ok: null })).toEqual([0])
  expect(look(read, 0, { redis_last_save_ok: 1, redis_aof_ok: 0 })).toEqual([1])
  expect(look(read, 0, {})).toEqual([null])
  const refused = { reason: { code: 'redis-writes-refused', params: {} } }
  expect(look(read, 0, {}, refused)).toEqual([1])
})

describe('the way', () => {
  const error = (code: string) => ({
    ...{ step: 'tcp', hop: 'a', on: 'path', code, params: {}, recovery: 'by-itself' },
  })
  const hop = (kind: 'ssh' | 'postgres' | 'redis', code: string | null): Connection['hops'][number] => ({
    ...{ hop: kind, kind, ms: null },
    status: code === null ? 'CONNECTED' : 'DISCONNECTED',
    error: code === null ? null : (error(code) as Connection['hops'][number]['error']),
  })
  const whole = (...hops: Connection['hops']) => ({
    ...{ connection: { status: 'CONNECTED' as const, hops }, looks: [], active: 0, backups: null },
  })
  const unreachable = (...hops: Connection['hops']) => readUnreachable(whole(...hops)).value

  it('is down with a hop of SSH, whatever stands behind it', () => {
    expect(unreachable(hop('ssh', 'ssh-closed-early'), hop('postgres', null))).toBe(1)
    expect(unreachable(hop('ssh', null), hop('postgres', 'tcp-refused'))).toBe(0)
  })

  it('without hops is down where no target’s machine answers; a refusal says that one does', () => {
    expect(unreachable(hop('postgres', 'tcp-silent'), hop('redis', 'tcp-unreachable'))).toBe(1)
    expect(unreachable(hop('postgres', 'tcp-silent'), hop('redis', null))).toBe(0)
    expect(unreachable(hop('postgres', 'tcp-refused'), hop('redis', 'tcp-silent'))).toBe(null)
    expect(unreachable(hop('postgres', 'tcp-silent'))).toBe(null)
  })

  it('shows another key', () => {
    expect(readHostKeyChanged(whole(hop('ssh', 'host-key-changed'))).value).toBe(1)
    expect(readHostKeyChanged(whole(hop('ssh', 'tcp-silent'))).value).toBe(null)
    expect(readHostKeyChanged(whole(hop('ssh', null))).value).toBe(0)
  })
})

describe('over time', () => {
  it('a rate is per second over its window, and not known across a restart', () => {
    const read = readRate({ kind: 'rate', metric: 'redis_evicted_keys_total', windowSeconds: 60 }, true)
    const at = (second: number, total: number) => look(read, second, { redis_evicted_keys_total: total })
    expect([at(0, 100), at(20, 140), at(40, 180), at(60, 220)]).toEqual([[null], [null], [2], [2]])
    expect([at(65, 0), at(70, 5)]).toEqual([[null], [null]])
  })

  it('a forecast tells when a straight line reaches its limit', () => {
    const condition = {
      kind: 'forecast',
      metric: 'redis_memory_usage',
      limit: 100,
      windowSeconds: 100,
    } as const
    const read = readForecast(condition)
    const at = (second: number, usage: number) => look(read, second, { redis_memory_usage: usage })[0] ?? null
    at(0, 50)
    at(50, 55)
    expect(at(100, 60)).toBeCloseTo(400, 5)
    const falling = readForecast(condition)
    look(falling, 0, { redis_memory_usage: 90 })
    look(falling, 50, { redis_memory_usage: 85 })
    expect(look(falling, 100, { redis_memory_usage: 80 })[0]).toBeGreaterThan(86_400 * 365)
  })
})

describe('of several things, each by itself', () => {
  const queue = (name: string) => labelled('queue_length', { queue: name })
  const reader = (
    condition: AlertCondition,
    levels = [{ severity: 'CRITICAL', threshold: 60, clear: 60 } as const],
  ) => {
    const read = createReader({ ...rule, condition, levels }, 'redis')
    if (read === null) throw new TypeError('nothing to read')
    return (second: number, values: Observation['values']) =>
      Object.fromEntries(
        read({ ...looked, at: second * 1_000, values }, 0).map(({ labels, value }) => [
          labels.queue ?? '',
          value,
        ]),
      )
  }

  it('a rate goes by the values of each, and one that is gone has none', () => {
    const at = reader({ kind: 'rate', metric: 'queue_length', windowSeconds: 60 })
    at(0, { [queue('celery')]: 10, [queue('mail')]: 100 })
    expect(at(30, { [queue('celery')]: 40, [queue('mail')]: 70 })).toEqual({ celery: 1, mail: -1 })
    expect(at(60, { [queue('celery')]: 70, redis_keys_total: 4 })).toEqual({ celery: 1 })
    expect(at(62, { [queue('celery')]: 70, [queue('new')]: 5 })).toMatchObject({ new: null })
  })

  it('a forecast tells of each when it reaches its limit', () => {
    const at = reader({ kind: 'forecast', metric: 'queue_length', limit: 100, windowSeconds: 60 })
    at(0, { [queue('celery')]: 10, [queue('mail')]: 50 })
    const then = at(60, { [queue('celery')]: 70, [queue('mail')]: 80 })
    expect([then.celery, then.mail]).toEqual([expect.closeTo(30, 5), expect.closeTo(40, 5)])
  })

  it('each is missed since it was there last, and all together; none any more that is gone for a day', () => {
    const at = reader({ kind: 'absence', metric: 'queue_length' })
    expect(at(0, {})).toEqual({ '': null })
    expect(at(10, { [queue('celery')]: 1, [queue('mail')]: 1 })).toEqual({ '': 0, celery: 0, mail: 0 })
    expect(at(40, { [queue('celery')]: 1 })).toEqual({ '': 0, celery: 0, mail: 30 })
    expect(at(100, {})).toEqual({ '': 60, celery: 60, mail: 90 })
    expect(at(86_420, { [queue('celery')]: 1 })).toEqual({ '': 0, celery: 0 })
  })
})

describe('a metric that is not known', () => {
  const known = { redis_keys_total: 1 }
  const absence = (isEnough?: (seconds: number) => boolean) =>
    readAbsence({ kind: 'absence', metric: 'redis_keys_total' }, isEnough)

  it('is so since it was known last', () => {
    const read = absence((seconds) => seconds > 60)
    expect([look(read, 0, known), look(read, 10, {}), look(read, 70, {})]).toEqual([[0], [10], [70]])
  })

  it('from the first look on may be so for longer: that it is for a short time is not claimed', () => {
    const read = absence((seconds) => seconds > 60)
    expect([look(read, 0, {}), look(read, 60, {}), look(read, 65, {})]).toEqual([[null], [null], [65]])
    // A clock that is set back takes nothing of it.
    expect([look(read, 30, {}), look(read, 35, {})]).toEqual([[65], [70]])
    expect([look(read, 100, known), look(read, 105, {})]).toEqual([[0], [5]])
  })
})

describe('a stretch in which nobody looked', () => {
  const value = (number: number | null) => ({ redis_keys_total: number })

  it('does not count towards how long a metric is not known', () => {
    const read = readAbsence({ kind: 'absence', metric: 'redis_keys_total' })
    expect([look(read, 0, value(1)), look(read, 10, value(null))]).toEqual([[0], [10]])
    expect(look(read, 105, value(null), {}, 90)).toEqual([15])
    expect(look(read, 110, value(null))).toEqual([20])
  })

  it('is not known to have evicted', () => {
    const read = readRedisMemory()
    const rest = {
      evidence: { redisInfo: { memory: { maxmemory: '1000', maxmemory_policy: 'allkeys-lru' } } },
    }
    const at = (second: number, evictions: number | null, unwatched = 0) =>
      look(read, second, { redis_memory_usage: 100, redis_evictions_per_second: evictions }, rest, unwatched)
    expect([at(-5, 0), at(0, 9), at(5, 9), at(95, null, 90), at(100, 9)]).toEqual([
      ...[[0], [0], [0], [null], [0]],
    ])
    expect([at(145, 9), at(150, 9)]).toEqual([[0], [9]])
  })

  it('is within a rate, which is not known before half of its window was seen', () => {
    const read = readRate({ kind: 'rate', metric: 'redis_keys_total', windowSeconds: 150 }, false)
    const at = (second: number, unwatched = 0) => look(read, second, value(second * 10), {}, unwatched)[0]
    expect([at(0), at(10)]).toEqual([null, null])
    // The first look after it may know nothing.
    expect(look(read, 70, value(null), {}, 60)).toEqual([null])
    // 85 s after the first point, 25 of them seen.
    expect([at(85), at(130)]).toEqual([null, null])
    // What changed meanwhile is spread over all the time that went by.
    expect([at(135), at(140)]).toEqual([10, 10])
  })

  it('is no part of what a forecast has seen', () => {
    const read = readForecast({
      ...{ kind: 'forecast', metric: 'redis_keys_total', limit: 1_000, windowSeconds: 120 },
    } as const)
    expect(look(read, 0, value(0))).toEqual([null])
    expect(look(read, 70, value(700), {}, 65)).toEqual([null])
  })
})

it('reads of a drill why it failed, but nothing that a server said: alerts go to chats', () => {
  const read = (drillProblem: Reason | null) =>
    readDrillFailed({ backups: { recoveryPoint: null, drillProblem } } as Parameters<
      typeof readDrillFailed
    >[0])
  const noRoom = { code: 'drill-there-no-room', params: { needed: 12, free: 3 } }
  expect(read(null)).toMatchObject({ value: 0 })
  expect(read(noRoom)).toMatchObject({ value: 1, because: noRoom })
  const said = {
    code: 'restore-failed',
    params: { file: 'a', program: 'pg_restore', words: 'Key (email)=(a@b)' },
  }
  expect(read(said)).toMatchObject({ value: 1 })
  expect(read(said)).not.toHaveProperty('because')
})

it('says in an alert what lies behind what was read', () => {
  const drill = BUILT_IN_RULES.find(({ id }) => id === 'drill-failed') ?? rule
  const because = { code: 'drill-there-no-room', params: { needed: 12, free: 3 } }
  const reading = { labels: {}, value: 1, of: 0, unknown: 0 }
  const measured = (more: object) =>
    measuredBy(
      { rule: drill, subject: { target: null, labels: {} }, reading: { ...reading, ...more } } as never,
      0,
    )
  expect(measured({}).reason.code).toBe('alert-drill-failed')
  const { reason } = measured({ because })
  expect(alertText(createTranslator('en'), reason)).toBe(
    "A drill could not restore its backup: On the server's disk 3 MiB are free, and the largest database takes about 12 MiB while it is restored",
  )
  expect(alertText(createTranslator('ru'), reason)).toMatch(
    /^Учебное восстановление из копии не удалось: На диске сервера/,
  )
})
