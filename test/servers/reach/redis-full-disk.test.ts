import type { Redis } from 'ioredis'
import { afterEach, expect, it } from 'vitest'
import { type RedisServer, startRedis } from '../../../demo/servers/redis.ts'
import { mountSmallDisk, type SmallDisk } from '../../../demo/servers/small-disk.ts'
import { redis } from '../../../src/main/engine/probes/redis/index.ts'
import type { Observation } from '../../../src/shared/model/observation.ts'
import { cannotMount } from '../../crash/small-disk.ts'
import { until } from '../../support/until.ts'
import { type Watcher, watch } from '../probes/probe-kit.ts'
import { createKit } from './reach-kit.ts'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const why = cannotMount === null ? '' : ` (${cannotMount})`

function createDisk(): SmallDisk {
  const disk = mountSmallDisk(4 * 2 ** 20)
  closers.push(() => disk.release())
  return disk
}

async function watched(disk: SmallDisk, config: Record<string, string>) {
  const server: RedisServer = await startRedis({ dataDirectory: disk.directory, config })
  closers.push(() => server.stop())
  const client: Redis = await server.connect()
  closers.push(() => client.disconnect())
  const kit = await createKit()
  kit.secrets.set('redis', server.password)
  const profile = {
    redis: [{ name: 'cache', url: `redis://127.0.0.1:${server.port}`, password: 'secret:redis' }],
  }
  return { client, watcher: watch(redis, kit.profile(profile), kit.reach(profile)) }
}

const lookUntil = (watcher: Watcher, what: string, is: (look: Observation) => boolean) =>
  until(
    async () => {
      const look = await watcher.look()
      return is(look) && look
    },
    { timeoutMs: 20_000, what },
  )
const isWell = ({ status }: Observation) => status === 'HEALTHY'

it.skipIf(why !== '')(
  `a disk without space for a snapshot: it is told, and well again by itself when there is some${why}`,
  async () => {
    const disk = createDisk()
    const { client, watcher } = await watched(disk, { save: '1 1' })
    await lookUntil(watcher, 'being well', isWell)
    disk.fill()
    await client.set('a', 'x'.repeat(100_000))
    const failing = await lookUntil(watcher, 'a failed save', ({ values }) => values.redis_last_save_ok === 0)
    expect(failing).toMatchObject({ status: 'CRITICAL', values: { redis_connected: 1, redis_aof_ok: null } })
    const refusing = await lookUntil(
      watcher,
      'writes being refused',
      ({ reason }) => reason.code === 'redis-writes-refused',
    )
    expect(refusing).toMatchObject({ status: 'CRITICAL', values: { redis_last_save_ok: 0 } })
    await expect(client.set('b', 'x')).rejects.toThrow(/MISCONF/)
    disk.makeRoom()
    // It tries again by itself, five seconds after the last time.
    const well = await lookUntil(watcher, 'being well again', isWell)
    expect(well.values).toMatchObject({ redis_last_save_ok: 1, redis_connected: 1 })
    expect(well.values.redis_persistence_age_seconds).toBeLessThan(10)
    await client.set('b', 'x')
  },
  60_000,
)

it.skipIf(why !== '')(
  `a disk without space for the append-only file: it is told, and well again by itself when there is some${why}`,
  async () => {
    const disk = createDisk()
    const { client, watcher } = await watched(disk, { appendonly: 'yes' })
    const before = await lookUntil(watcher, 'being well', isWell)
    expect(before.values).toMatchObject({ redis_aof_ok: 1, redis_persistence_age_seconds: 0 })
    disk.fill()
    await client.set('a', 'x'.repeat(100_000)).catch(() => {})
    const failing = await lookUntil(watcher, 'a failed write', ({ values }) => values.redis_aof_ok === 0)
    expect(failing.status).toBe('CRITICAL')
    const refusing = await lookUntil(
      watcher,
      'writes being refused',
      ({ reason }) => reason.code === 'redis-writes-refused',
    )
    expect(refusing.values).toMatchObject({
      redis_connected: 1,
      redis_aof_ok: 0,
      redis_persistence_age_seconds: null,
    })
    await expect(client.set('b', 'x')).rejects.toThrow(/MISCONF/)
    disk.makeRoom()
    const well = await lookUntil(watcher, 'being well again', isWell)
    expect(well.values).toMatchObject({ redis_aof_ok: 1, redis_persistence_age_seconds: 0 })
    await client.set('b', 'x')
  },
  60_000,
)
