import type { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type RedisServer, startRedis } from '../../../demo/servers/redis.ts'
import { redis } from '../../../src/main/engine/probes/redis/index.ts'
import type { DeploymentProfileInput } from '../../../src/shared/model/profile/deployment.ts'
import { until } from '../../support/until.ts'
import { createKit } from '../reach/reach-kit.ts'
import { watch } from './probe-kit.ts'

let server: RedisServer
let client: Redis
const closers: (() => unknown)[] = []

beforeAll(async () => {
  server = await startRedis({ config: { maxmemory: '64mb', 'maxmemory-policy': 'noeviction' } })
  client = await server.connect()
})
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})
afterAll(async () => {
  client.disconnect()
  await server.stop()
})

async function watcher(
  of: RedisServer = server,
  options: { user?: string; password?: string; limits?: DeploymentProfileInput['limits'] } = {},
) {
  const kit = await createKit()
  kit.secrets.set('redis', options.password ?? of.password)
  const profile = {
    redis: [
      {
        name: 'cache',
        url: `redis://${options.user === undefined ? '' : `${options.user}@`}127.0.0.1:${of.port}/0`,
        password: 'secret:redis',
      },
    ],
    limits: options.limits ?? {},
  }
  return watch(redis, kit.profile(profile), kit.reach(profile))
}

describe('Redis on a real server', () => {
  it('fills its sixteen metrics and those beyond them', async () => {
    await client.set('a', '1')
    await client.set('b', '2', 'EX', 1000)
    const watching = await watcher()
    const first = await watching.look()
    expect(first.status).toBe('HEALTHY')
    expect(first.values).toMatchObject({
      redis_connected: 1,
      redis_keys_total: 2,
      redis_hit_rate: null,
      redis_operations_per_second: null,
      redis_blocked_clients: 0,
      redis_persistence_age_seconds: null,
      redis_last_save_ok: 1,
      redis_aof_ok: null,
      redis_slow_commands_total: 0,
    })
    expect(first.values.redis_memory_usage).toBeGreaterThan(0.5)
    expect(first.values.redis_memory_usage).toBeLessThan(50)
    expect(first.values.redis_uptime_seconds).toBeGreaterThanOrEqual(0)

    await client.get('a')
    await client.get('a')
    await client.get('a')
    await client.get('missing')
    const second = await watching.look()
    expect(second.values.redis_hit_rate).toBe(75)
    expect(second.values.redis_operations_per_second).toBeGreaterThan(0)
    const third = await watching.look()
    expect(third.values.redis_hit_rate).toBeNull()
    expect(third.evidence?.redisInfo?.server?.redis_version).toMatch(/^\d/)
  })

  it('counts and shows slow commands without what they were called with', async () => {
    const watching = await watcher()
    const before = await watching.look()
    await client.config('SET', 'slowlog-log-slower-than', '0')
    await client.set('customer:mallory', 'secret value')
    await client.config('SET', 'slowlog-log-slower-than', '10000')
    const after = await watching.look()
    expect(after.values.redis_slow_commands_total).toBeGreaterThan(
      before.values.redis_slow_commands_total ?? 0,
    )
    const entry = after.evidence?.slowLog?.find(({ command }) => command === 'SET')
    expect(entry).toMatchObject({ command: 'SET', arguments: 2 })
    expect(JSON.stringify(after.evidence?.slowLog)).not.toMatch(/mallory|secret value/)
    const total = after.values.redis_slow_commands_total
    await client.call('SLOWLOG', 'RESET')
    expect((await watching.look()).values.redis_slow_commands_total).toBe(total)
  })

  it('tells what it may though INFO, SLOWLOG and CONFIG are forbidden', async () => {
    await client.call(
      'ACL',
      'SETUSER',
      'blind',
      'on',
      '>pw',
      '+ping',
      '+hello',
      '+client',
      '+auth',
      '+select',
    )
    const seen = await (await watcher(server, { user: 'blind', password: 'pw' })).look()
    expect(seen.status).toBe('WARNING')
    expect(seen.reason.code).toBe('redis-info-forbidden')
    expect(seen.values).toMatchObject({
      redis_connected: 1,
      redis_memory_used_bytes: null,
      redis_slow_commands_total: null,
    })
    expect(seen.evidence?.facts?.forbidden).toBe('INFO, SLOWLOG, CONFIG')
    await client.call(
      'ACL',
      'SETUSER',
      'nolog',
      'on',
      '>pw',
      '+ping',
      '+info',
      '+hello',
      '+client',
      '+select',
    )
    const partly = await (await watcher(server, { user: 'nolog', password: 'pw' })).look()
    expect(partly.status).toBe('HEALTHY')
    expect(partly.values.redis_slow_commands_total).toBeNull()
    expect(partly.values.redis_memory_used_bytes).toBeGreaterThan(0)
  })

  it('is CRITICAL on full memory only where nothing may be evicted', async () => {
    const watching = await watcher(server, {
      limits: { redis_memory_usage: { warning: 0.01, critical: 0.02 } },
    })
    const full = await watching.look()
    expect(full).toMatchObject({ status: 'CRITICAL', reason: { code: 'redis-memory-high' } })
    await client.config('SET', 'maxmemory-policy', 'allkeys-lru')
    expect((await watching.look()).status).toBe('HEALTHY')
    await client.config('SET', 'maxmemory-policy', 'noeviction')
  })

  it('knows the age of the last save only where something saves', async () => {
    const watching = await watcher()
    expect((await watching.look()).values.redis_persistence_age_seconds).toBeNull()
    const saving = await startRedis({ config: { save: '3600 1' } })
    closers.push(() => saving.stop())
    const age = (await (await watcher(saving)).look()).values.redis_persistence_age_seconds
    expect(age).toBeGreaterThanOrEqual(0)
    expect(age).toBeLessThan(30)
    const appending = await startRedis({ config: { appendonly: 'yes' } })
    closers.push(() => appending.stop())
    const seen = await (await watcher(appending)).look()
    expect(seen.values).toMatchObject({ redis_persistence_age_seconds: 0, redis_aof_ok: 1 })
  })

  it('is DISCONNECTED while Redis is down, and no rate leaps when it is back', async () => {
    const other = await startRedis({})
    closers.push(() => other.stop())
    const watching = await watcher(other)
    await watching.look()
    await watching.look()
    await other.halt()
    const down = await until(async () => {
      const look = await watching.look()
      return look.values.redis_connected === 0 && look
    })
    expect(down.status).toBe('DISCONNECTED')
    expect(down.values.redis_memory_used_bytes).toBeNull()
    await other.restart()
    const up = await until(
      async () => {
        const look = await watching.look()
        return look.values.redis_connected === 1 && look
      },
      { timeoutMs: 25_000 },
    )
    expect(up.values.redis_operations_per_second).toBeNull()
    expect((await watching.look()).values.redis_operations_per_second).toBeGreaterThanOrEqual(0)
  })

  it('tells a replica that copies, one that follows, and one that lost its primary', async () => {
    const primary = await startRedis({
      // A save that takes seconds, so that it can be seen.
      config: { 'rdb-key-save-delay': 50_000, 'repl-diskless-sync-delay': 0 },
    })
    closers.push(() => primary.stop())
    const writer = await primary.connect()
    for (let key = 0; key < 60; key++) await writer.set(`key${key}`, 'x')
    writer.disconnect()
    const replica = await startRedis({
      config: { replicaof: `127.0.0.1 ${primary.port}`, masterauth: primary.password },
    })
    closers.push(() => replica.stop())
    const watching = await watcher(replica)
    const lookUntil = (code: string) =>
      until(
        async () => {
          const look = await watching.look()
          return look.reason.code === code && look
        },
        { timeoutMs: 20_000 },
      )
    expect((await lookUntil('redis-replication-copying')).status).toBe('WARNING')
    const following = await lookUntil('redis-healthy-replica')
    expect(following.values.redis_replication_lag_seconds).toBeLessThanOrEqual(10)
    expect(following.values.redis_keys_total).toBe(60)
    expect(following.evidence?.facts?.role).toBe('replica')
    const ofPrimary = await (await watcher(primary)).look()
    expect(ofPrimary.evidence?.facts?.role).toBe('primary')
    expect(ofPrimary.values.redis_replication_lag_seconds).toBeGreaterThanOrEqual(0)
    await primary.halt()
    const lost = await lookUntil('redis-replication-broken')
    expect(lost).toMatchObject({ status: 'CRITICAL', values: { redis_replication_lag_seconds: null } })
  })

  it('does not say that Redis is gone because its own password is wrong', async () => {
    const seen = await (await watcher(server, { password: 'wrong' })).look()
    expect(seen.status).toBe('DISCONNECTED')
    expect(seen.values.redis_connected).toBeNull()
    expect(seen.reason.code).toBe('redis-password-wrong')
  })
})
