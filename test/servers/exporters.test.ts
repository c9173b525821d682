/** Values beside those of the field's own exporters, looking at the same servers. */
import { type ChildProcess, spawn } from 'node:child_process'
import type { Redis } from 'ioredis'
import { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../../demo/servers/free-port.ts'
import { type PostgresServer, startPostgres } from '../../demo/servers/postgres.ts'
import { requireProgram } from '../../demo/servers/programs.ts'
import { type RedisServer, startRedis } from '../../demo/servers/redis.ts'
import { postgresPool } from '../../src/main/engine/probes/postgres-pool/index.ts'
import { redis } from '../../src/main/engine/probes/redis/index.ts'
import { readExposition, type Sample } from '../../src/main/engine/probes/traffic/exposition.ts'
import type { Observation } from '../../src/shared/model/observation.ts'
import { until } from '../support/until.ts'
import { watch } from './probes/probe-kit.ts'
import { createKit } from './reach/reach-kit.ts'

let postgres: PostgresServer
let cache: RedisServer
let client: Redis
let pool: Pool
const exporters: ChildProcess[] = []

beforeAll(async () => {
  ;[postgres, cache] = await Promise.all([startPostgres(), startRedis({ config: { maxmemory: '32mb' } })])
  await postgres.query("create role vakhta login password 'watch' in role pg_monitor")
  await postgres.query('create database shop')
  await postgres.query('create table t (x int)', { database: 'shop' })
  client = await cache.connect()
  pool = new Pool({
    connectionString: postgres.url.replace(/postgres$/, 'shop'),
    max: 5,
    application_name: 'shop-web',
  })
  // A pool that ended does not wait for its sockets, and the server may stop before they are closed.
  pool.on('error', () => {})
})
afterAll(async () => {
  const ended = exporters.map((child) => new Promise((resolve) => child.once('exit', resolve)))
  for (const child of exporters) child.kill()
  await Promise.all(ended)
  client.disconnect()
  await pool.end()
  await Promise.all([postgres.stop(), cache.stop()])
})

/** Starts an exporter and gives what reads it: samples by name and the labels that are asked for. */
async function exporter(name: string, args: (address: string) => string[], env: NodeJS.ProcessEnv) {
  const address = `127.0.0.1:${await freePort()}`
  exporters.push(
    spawn(requireProgram(name), args(address), { env: { ...process.env, ...env }, stdio: 'ignore' }),
  )
  const scrape = async () => {
    const answer = await fetch(`http://${address}/metrics`)
    return Buffer.from(await answer.arrayBuffer())
  }
  await until(scrape, { timeoutMs: 20_000, what: name })
  return async () => {
    const samples: Sample[] = []
    readExposition(await scrape(), {
      wanted: () => true,
      declared() {},
      sample: (sample) => samples.push(sample),
    })
    return (metric: string, labels: Record<string, string> = {}) =>
      samples
        .filter(
          (sample) =>
            sample.name === metric &&
            Object.entries(labels).every(([label, value]) => sample.label(label) === value),
        )
        .reduce<number | null>((sum, { value }) => (sum ?? 0) + value, null)
  }
}

type Read = Awaited<ReturnType<Awaited<ReturnType<typeof exporter>>>>

/** Looks and scrapes until both tell of the same moment: each of the two is itself a client of the server. */
async function agree(
  look: () => Promise<Observation>,
  scrape: () => Promise<Read>,
  compare: (values: Observation['values'], read: Read) => void,
) {
  await until(
    async () => {
      const [{ values }, read] = [await look(), await scrape()]
      compare(values, read)
      return true
    },
    { timeoutMs: 20_000 },
  )
}

describe('beside prometheus-postgres-exporter', () => {
  it('tells the same backends by state, size, sessions and age', async () => {
    const [busy, open, idle] = await Promise.all([pool.connect(), pool.connect(), pool.connect()])
    await open.query('begin; insert into t values (1)')
    const sleeping = busy.query('select pg_sleep(8)')
    const kit = await createKit()
    kit.secrets.set('watch', 'watch')
    const profile = {
      postgres: {
        url: `postgresql://vakhta@127.0.0.1:${postgres.port}/shop?sslmode=disable`,
        password: 'secret:watch',
      },
    }
    const watching = watch(postgresPool, kit.profile(profile), kit.reach(profile))
    const scrape = await exporter(
      'prometheus-postgres-exporter',
      (address) => [`--web.listen-address=${address}`],
      { DATA_SOURCE_NAME: `${postgres.url}?sslmode=disable` },
    )
    const of = { datname: 'shop' }
    try {
      await agree(watching.look, scrape, (values, read) => {
        const count = (state: string) => read('pg_stat_activity_count', { ...of, state }) ?? 0
        expect(count('active')).toBe(1)
        expect(count('idle in transaction')).toBe(1)
        expect(values.db_pool_checked_out).toBe(2)
        expect(values.db_pool_idle_in_transaction).toBe(1)
        // Ours, which the exporter takes for the application's.
        expect(values.db_pool_checked_in).toBe(count('idle') - 1)
        expect(values.db_up).toBe(read('pg_up'))
        const size = read('pg_database_size_bytes', of)
        expect(Math.abs((values.db_size_bytes ?? 0) - (size ?? 1e9))).toBeLessThan(256 * 1024)
        expect(values.db_archive_failures_total).toBe(read('pg_stat_archiver_failed_count'))
        const oldest = Math.max(
          ...['active', 'idle in transaction'].map(
            (state) => read('pg_stat_activity_max_tx_duration', { ...of, state }) ?? 0,
          ),
        )
        expect(Math.abs((values.db_pool_oldest_transaction_seconds ?? 99) - oldest)).toBeLessThan(2)
      })
    } finally {
      await sleeping
      await open.query('rollback')
      busy.release()
      open.release()
      idle.release()
    }
  })
})

describe('beside prometheus-redis-exporter', () => {
  it('tells the same clients, memory, keys, commands and evictions', async () => {
    const pipeline = client.pipeline()
    for (let n = 0; n < 200; n++) pipeline.set(`key:${n}`, 'x'.repeat(1000))
    await pipeline.exec()
    const kit = await createKit()
    kit.secrets.set('redis', cache.password)
    const profile = {
      redis: [{ name: 'cache', url: `redis://127.0.0.1:${cache.port}`, password: 'secret:redis' }],
    }
    const watching = watch(redis, kit.profile(profile), kit.reach(profile))
    const scrape = await exporter(
      'prometheus-redis-exporter',
      (address) => [`-web.listen-address=${address}`],
      { REDIS_ADDR: `redis://127.0.0.1:${cache.port}`, REDIS_PASSWORD: cache.password },
    )
    await agree(watching.look, scrape, (values, read) => {
      expect(values.redis_connected).toBe(read('redis_up'))
      expect(values.redis_keys_total).toBe(read('redis_db_keys'))
      expect(values.redis_keys_total).toBe(200)
      expect(values.redis_evicted_keys_total).toBe(read('redis_evicted_keys_total'))
      expect(values.redis_expired_keys_total).toBe(read('redis_expired_keys_total'))
      // The exporter connects anew for each scrape, and its own commands count.
      expect(
        Math.abs((values.redis_connected_clients ?? 99) - (read('redis_connected_clients') ?? 0)),
      ).toBeLessThan(2)
      const commands = read('redis_commands_processed_total') ?? 0
      expect(Math.abs((values.redis_commands_processed_total ?? 0) - commands)).toBeLessThan(60)
      const memory = read('redis_memory_used_bytes') ?? 0
      expect(Math.abs((values.redis_memory_used_bytes ?? 0) / memory - 1)).toBeLessThan(0.1)
      const limit = read('redis_memory_max_bytes') ?? 1
      expect(values.redis_memory_usage).toBeCloseTo((memory / limit) * 100, 0)
      expect(
        Math.abs((values.redis_uptime_seconds ?? 99) - (read('redis_uptime_in_seconds') ?? 0)),
      ).toBeLessThan(3)
    })
  })
})
