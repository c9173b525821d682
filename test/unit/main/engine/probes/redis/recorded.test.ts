/** What versions that are not run everywhere answered (`recorded/*.json`, by `recorded/record.ts`), and how it is read. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ReplyError } from 'ioredis'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { errorRates } from '../../../../../../src/main/engine/probes/redis/errors.ts'
import { parseInfo, readInfo } from '../../../../../../src/main/engine/probes/redis/info.ts'
import { parseClusterInfo } from '../../../../../../src/main/engine/probes/redis/node-look.ts'
import { parseSlowLog } from '../../../../../../src/main/engine/probes/redis/slow-log.ts'
import { redisValues } from '../../../../../../src/main/engine/probes/redis/values.ts'
import { ReachError } from '../../../../../../src/main/engine/reach/reach.ts'
import { readTopology } from '../../../../../../src/main/engine/reach/redis/cluster-topology.ts'
import { authenticationFailure, replyFailure } from '../../../../../../src/main/engine/reach/redis/failure.ts'

const DIRECTORY = join(import.meta.dirname, 'recorded')
const Recording = z.object({ name: z.string(), answers: z.record(z.string(), z.unknown()) })
const Refusal = z.object({ error: z.string() })
const recordings = readdirSync(DIRECTORY)
  .filter((file) => file.endsWith('.json'))
  .map((file) => Recording.parse(JSON.parse(readFileSync(join(DIRECTORY, file), 'utf8'))))

it('was recorded of the versions that are not run everywhere', () => {
  expect(recordings.map(({ name }) => name)).toEqual([
    'Redis 5.0',
    'Redis 6.2',
    'Redis 7.2',
    'Redis 7.4',
    'Valkey 7.2',
    'Valkey 8.0',
  ])
})

describe.each(recordings)('$name', ({ name, answers }) => {
  const [kind, counted = ''] = name.split(' ')
  const version = Number(counted)
  const infoOf = (answer: string) => readInfo(parseInfo(String(answers[answer])))
  const place = { hop: 'Redis cache:6379', on: 'target' } as const
  const lost = () =>
    new ReachError({ code: 'bug', step: 'protocol', hop: '', on: 'target', params: {}, recovery: 'person' })
  const refusal = (answer: string) => new ReplyError(Refusal.parse(answers[answer]).error)
  const codeOf = (answer: string, command: string) =>
    replyFailure(refusal(answer), { command, user: 'blind', place }, lost).failure.code

  it('is called by its own name', () => {
    const own = `${kind === 'Valkey' ? 'Valkey ' : ''}${counted}.`
    expect(infoOf('INFO').version?.startsWith(own)).toBe(true)
    expect(infoOf('INFO').mode).toBe('standalone')
    expect(infoOf('INFO server of a node').mode).toBe('cluster')
  })

  it('tells every figure of a primary', () => {
    const info = infoOf('INFO')
    const measured = {
      isServing: true,
      latencyMs: 1,
      elapsedMs: 1_000,
      hits: 1,
      misses: 1,
      slowCommands: 2,
      persistenceAgeSeconds: 1,
    }
    const values = redisValues(info, info, measured)
    const unknown = Object.keys(values).filter((name) => values[name] === null)
    // Of a cluster, of a replica, and what came later: the most clients, and errors by their code.
    expect(unknown).toEqual([
      ...(version >= 6.2 ? [] : ['redis_clients_usage', 'redis_errors_total']),
      'redis_primary_link_up',
      'redis_cluster_ok',
      'redis_cluster_slots_unserved',
    ])
    expect(values).toMatchObject({
      redis_keys_total: 2,
      redis_last_save_ok: 1,
      redis_aof_ok: 1,
      redis_expired_keys_total: 0,
      redis_operations_per_second: 0,
      redis_cpu_percent: 0,
      redis_network_input_bytes_per_second: 0,
      redis_keyspace_hits_total: 2,
      redis_keyspace_misses_total: 1,
      redis_rejected_connections_total: 0,
      redis_connected_replicas: 1,
      redis_replication_lag_bytes: expect.any(Number),
    })
    expect(values.redis_fork_ms).toBeGreaterThan(0)
    expect(errorRates(info, info, 1_000)).toEqual(
      version >= 6.2 ? expect.objectContaining({ WRONGPASS: 0 }) : null,
    )
    expect(info).toMatchObject({
      role: 'master',
      maxMemory: 64 * 2 ** 20,
      maxMemoryPolicy: 'noeviction',
      hits: 2,
      misses: 1,
      keysWithExpiry: 1,
      primaryLinkUp: null,
    })
    expect(info.runId).toMatch(/^[0-9a-f]{40}$/)
    expect(info.memoryNotCounted).toEqual(expect.any(Number))
    // What came later: the most clients, refusals by their code and the server's clock.
    expect(info.maxClients).toBe(version >= 6.2 ? 10_000 : null)
    expect(info.outOfMemoryErrors).toBe(version >= 6.2 ? 0 : null)
    expect(info.serverTimeMs === null).toBe(version < 6.2)
  })

  it('tells whom a replica follows, and that it lost it', () => {
    expect(infoOf('INFO of a replica')).toMatchObject({
      role: 'slave',
      primary: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      primaryLinkUp: true,
      copiesPrimary: false,
      primaryHeardSecondsAgo: expect.any(Number),
    })
    expect(infoOf('INFO of a replica without its primary').primaryLinkUp).toBe(false)
    // Before 7 it answers PING all the same; from INFO it is known either way.
    const ping = 'PING of a replica without its primary'
    if (version < 7) expect(answers[ping]).toBe('PONG')
    else expect(codeOf(ping, 'PING')).toBe('redis-primary-down')
  })

  it('tells that it reads its data, cannot save, and has no memory', () => {
    expect(codeOf('PING while it loads', 'PING')).toBe('redis-loading')
    const loading = infoOf('INFO persistence while it loads')
    expect(loading.loadedPercent).toBeGreaterThan(0)
    expect(loading.loadedPercent).toBeLessThan(100)
    expect(loading.loadingSecondsLeft).toEqual(expect.any(Number))
    expect(codeOf('PING that cannot save', 'PING')).toBe('redis-writes-refused')
    expect(infoOf('INFO persistence that cannot save').lastSaveOk).toBe(false)
    const full = infoOf('INFO without memory')
    expect(full.outOfMemoryErrors).toBe(version >= 6.2 ? 1 : null)
    expect((full.usedMemory ?? 0) - (full.memoryNotCounted ?? 0)).toBeGreaterThan(full.maxMemory ?? 0)
  })

  it('refuses a login in words that are known', () => {
    const refused = (answer: string, user: string | null) =>
      authenticationFailure(refusal(answer), { user, place, hasPassword: true }, lost).failure.code
    expect(codeOf('without login', 'PING')).toBe('redis-password-needed')
    expect(refused('wrong password', null)).toBe('redis-password-wrong')
    expect(refused('unknown user', 'somebody')).toBe(
      version < 6 ? 'redis-users-unknown' : 'redis-password-wrong',
    )
    expect(refused('password not expected', null)).toBe('redis-password-not-expected')
    expect(codeOf('too many clients', 'PING')).toBe('redis-too-many-clients')
  })

  it('refuses commands in words that are known', () => {
    expect(codeOf('unknown command', 'NOSUCH')).toBe('redis-command-unknown')
    expect(codeOf('no sentinel', 'SENTINEL')).toBe('redis-command-unknown')
    expect(codeOf('SELECT 99', 'SELECT')).toBe('redis-command-failed')
    expect(Refusal.parse(answers['no cluster']).error).toMatch(/cluster support disabled/)
    if (version < 6) return
    const denied = [
      ['denied command', 'INFO', '+info'],
      ['denied subcommand', 'SLOWLOG', '+slowlog|get'],
      ['denied PING', 'PING', '+ping'],
    ] as const
    for (const [answer, command, rule] of denied) {
      const { failure } = replyFailure(refusal(answer), { command, user: 'blind', place }, lost)
      expect(failure).toMatchObject({
        code: 'redis-command-denied',
        step: 'privilege',
        params: { command, grant: `ACL SETUSER blind ${rule}` },
      })
    }
  })

  it('shows slow commands, and the nodes of its cluster', () => {
    expect(parseSlowLog(answers['SLOWLOG GET 1, empty'])).toEqual([])
    const [newest, first] = parseSlowLog(answers['SLOWLOG GET 64'])
    expect(newest).toMatchObject({
      id: 1,
      command: 'GET',
      arguments: 1,
      client: expect.stringMatching(/^127/),
    })
    expect(first).toMatchObject({ id: 0, command: 'CONFIG', arguments: 3 })
    expect(parseClusterInfo(answers['CLUSTER INFO'])).toEqual({ isOk: true, uncovered: 0 })
    expect(parseClusterInfo(answers['cluster without slots'])).toEqual({ isOk: false, uncovered: 16_384 })
    const nodes = readTopology(answers['CLUSTER NODES'], answers['CLUSTER SLOTS'], '10.0.0.5')
    expect(nodes).toMatchObject([
      {
        // It knows no address of its own yet: it is where it was asked.
        endpoint: { host: '10.0.0.5' },
        member: { role: 'primary', state: 'ok', slots: 16_384 },
      },
    ])
    const unasked = readTopology(null, answers['CLUSTER SLOTS'], '10.0.0.5')
    expect(unasked).toMatchObject([{ endpoint: { host: '10.0.0.5' }, member: { slots: 16_384 } }])
  })
})
