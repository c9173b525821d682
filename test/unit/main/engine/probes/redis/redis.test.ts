import { describe, expect, it } from 'vitest'
import { slideWindow, windowHitRate } from '../../../../../../src/main/engine/probes/redis/hit-rate.ts'
import { parseInfo, type RedisInfo, readInfo } from '../../../../../../src/main/engine/probes/redis/info.ts'
import { persistenceAge } from '../../../../../../src/main/engine/probes/redis/persistence.ts'
import {
  hasNews,
  parseSlowLog,
  rememberSlowLog,
} from '../../../../../../src/main/engine/probes/redis/slow-log.ts'

const RECORDED = [
  '# Server',
  'redis_version:7.0.15',
  'run_id:abc',
  'server_time_usec:1700000000500000',
  'uptime_in_seconds:100',
  '# Clients',
  'connected_clients:3',
  '# Memory',
  'used_memory:1048576',
  'maxmemory:0',
  'total_system_memory:4194304',
  'mem_fragmentation_ratio:1.25',
  '# Persistence',
  'rdb_last_save_time:1699999900',
  'rdb_last_bgsave_status:ok',
  'aof_enabled:1',
  'aof_last_bgrewrite_status:ok',
  'aof_last_write_status:err',
  '# Replication',
  'role:master',
  'master_repl_offset:1400',
  'slave0:ip=10.0.0.2,port=6379,state=online,offset=1400,lag=1',
  'slave1:ip=10.0.0.3,port=6379,state=online,offset=1000,lag=7',
  '# Keyspace',
  'db0:keys=10,expires=4,avg_ttl=0',
  'db3:keys=5,expires=0,avg_ttl=0,subexpiry=0',
  '',
].join('\r\n')

describe('INFO', () => {
  it('is read by section', () => {
    expect(readInfo(parseInfo(RECORDED))).toMatchObject({
      version: '7.0.15',
      serverTimeMs: 1_700_000_000_500,
      usedMemory: 1_048_576,
      maxMemory: 0,
      fragmentationRatio: 1.25,
      keys: 15,
      keysWithExpiry: 4,
      aofOk: false,
      lastSaveOk: true,
      slowestReplicaSeconds: 7,
      furthestReplicaBytes: 400,
      hits: null,
      primaryLinkUp: null,
    })
  })

  it('of a server without keys knows that there are none, and of a cut one knows nothing', () => {
    expect(readInfo(parseInfo('# Keyspace\r\n')).keys).toBe(0)
    expect(readInfo(parseInfo('')).keys).toBeNull()
  })

  it('of a replica tells its link', () => {
    const text = '# Replication\r\nrole:slave\r\nmaster_link_status:down\r\nmaster_last_io_seconds_ago:-1\r\n'
    expect(readInfo(parseInfo(text))).toMatchObject({ primaryLinkUp: false, primaryHeardSecondsAgo: null })
  })
})

describe('the age of the last save', () => {
  const now = 1_700_000_000_000
  const at = now / 1000
  const info = (fields: Partial<RedisInfo>) =>
    ({ serverTimeMs: now, uptimeSeconds: 1000, aofEnabled: false, aofOk: null, ...fields }) as RedisInfo
  it.each([
    ['snapshots are configured', { lastSaveAtSeconds: at - 60 }, true, 60],
    ['snapshots are configured, none was due since the start', { lastSaveAtSeconds: at - 1000 }, true, 1000],
    ['nothing saves', { lastSaveAtSeconds: at - 1000 }, false, null],
    ['nothing is configured but something saved since the start', { lastSaveAtSeconds: at - 60 }, false, 60],
    ['the setting is not known and nothing saved', { lastSaveAtSeconds: at - 999 }, null, null],
    [
      'only an append-only file is kept',
      { lastSaveAtSeconds: at - 1000, aofEnabled: true, aofOk: true },
      false,
      0,
    ],
    [
      'the append-only file fails',
      { lastSaveAtSeconds: at - 1000, aofEnabled: true, aofOk: false },
      false,
      null,
    ],
    ['INFO tells nothing', { lastSaveAtSeconds: null }, null, null],
  ])('where %s', (_, fields, snapshots, age) => {
    expect(persistenceAge(info(fields), snapshots, now)).toBe(age)
  })
})

describe('the hit rate of the last five minutes', () => {
  it('is not known below a thousand lookups, and forgets what is older', () => {
    const quiet = slideWindow([], { at: 0, hits: 10, misses: 900 })
    expect(windowHitRate(quiet)).toBeNull()
    const busy = slideWindow(quiet, { at: 5_000, hits: 90, misses: 0 })
    expect(windowHitRate(busy)).toBe(10)
    expect(windowHitRate(slideWindow(busy, { at: 303_000, hits: 1_000, misses: 0 }))).toBe(100)
  })
})

describe('the slow log', () => {
  const entry = (id: number, argv: unknown[] = ['get', 'k']) => [
    id,
    1_700_000_000,
    12_000,
    argv,
    '10.0.0.9:5',
    '',
  ]

  it('is read without the values of arguments', () => {
    const [seen] = parseSlowLog([entry(7, ['hset', 'key', 'f', 'secret', '... (12 more arguments)'])])
    expect(seen).toEqual({
      id: 7,
      at: 1_700_000_000_000,
      durationMs: 12,
      command: 'HSET',
      arguments: 15,
      client: '10.0.0.9:5',
    })
  })

  it('shows no name that is none, and skips what is no entry', () => {
    expect(parseSlowLog([entry(1, ['p@ss word']), 'x', [1], null])[0]?.command).toBe('?')
    expect(parseSlowLog([entry(1, ['p@ss word']), 'x', [1], null])).toHaveLength(1)
    expect(parseSlowLog(null)).toEqual([])
  })

  it('is counted by ids: never backwards by a reset, never with a leap', () => {
    const at = (...ids: number[]) => parseSlowLog(ids.map((id) => entry(id)))
    const first = rememberSlowLog(null, at(5, 4))
    expect(first.total).toBe(6)
    expect(rememberSlowLog(first, at()).total).toBe(6)
    expect(rememberSlowLog(rememberSlowLog(first, at()), at(6)).total).toBe(7)
    const empty = rememberSlowLog(null, at())
    expect(empty.total).toBe(0)
    const later = rememberSlowLog(empty, at(91, 90))
    expect(later.total).toBe(2)
    expect(rememberSlowLog(later, at(92, 91, 90)).total).toBe(3)
    expect([hasNews(null, at()), hasNews(first, at(5)), hasNews(first, at(6)), hasNews(first, at())]).toEqual(
      [...[true, false, true, true]],
    )
  })
})
