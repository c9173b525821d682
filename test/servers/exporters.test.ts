/** Values beside those of the field's own exporters, looking at the same servers. */
import type { Redis } from 'ioredis'
import { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type PostgresServer, startPostgres } from '../../demo/servers/postgres.ts'
import { type RedisServer, startRedis } from '../../demo/servers/redis.ts'
import { systemClock } from '../../src/main/engine/clock.ts'
import { postgresPool } from '../../src/main/engine/probes/postgres-pool/index.ts'
import { redis } from '../../src/main/engine/probes/redis/index.ts'
import type { Observation } from '../../src/shared/model/observation.ts'
import { type Exporter, type Read, startExporter } from '../support/exporter.ts'
import { until } from '../support/until.ts'
import { type Watcher, watch } from './probes/probe-kit.ts'
import { createKit } from './reach/reach-kit.ts'

let postgres: PostgresServer
let cache: RedisServer
let client: Redis
let pool: Pool
const exporters: Exporter[] = []

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
  await Promise.all(exporters.map(({ stop }) => stop()))
  client.disconnect()
  await pool.end()
  await Promise.all([postgres.stop(), cache.stop()])
})

/** Starts one that ends with the tests, and gives what reads it. */
async function exporter(...args: Parameters<typeof startExporter>) {
  const started = await startExporter(...args)
  exporters.push(started)
  return started.read
}

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

interface Range {
  readonly least: number
  readonly most: number
}

/**
 * Two looks with work between them, and a scrape before and after each: what grew from look to look is at least what grew
 * between the inner scrapes, and at most what grew between the outer ones, however busy the machine is.
 */
async function between<Counts extends Record<string, number>>(
  watching: Watcher,
  told: () => Promise<Counts>,
  work: (earlier: Counts) => Promise<void>,
) {
  const timed = async () => {
    const from = performance.now()
    return { from, observation: await watching.look(), to: performance.now() }
  }
  const [outer, first, inner] = [await told(), await timed(), await told()]
  await work(inner)
  const [innerEnd, last, outerEnd] = [await told(), await timed(), await told()]
  const ends = Object.fromEntries(
    Object.keys(outer).map((name) => [
      name,
      {
        least: (innerEnd[name] ?? Number.NaN) - (inner[name] ?? Number.NaN),
        most: (outerEnd[name] ?? Number.NaN) - (outer[name] ?? Number.NaN),
      },
    ]),
  ) as Record<keyof Counts, Range>
  return {
    first: first.observation,
    last: last.observation,
    ends,
    ms: { least: last.from - first.to, most: last.to - first.from } satisfies Range,
  }
}

/** Within a range, but for the rounding to two digits. */
function within(value: number | null | undefined, { least, most }: Range) {
  expect(value).toBeGreaterThanOrEqual(least - 0.01)
  expect(value).toBeLessThanOrEqual(most + 0.01)
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
        expect(Math.abs((values.db_longest_statement_seconds ?? 99) - oldest)).toBeLessThan(2)
        expect(values['db_backends_active{wait="timeout"}']).toBe(1)
        expect(values.db_deadlocks_total).toBe(read('pg_stat_database_deadlocks', of))
        expect(values.db_conflicts_total).toBe(read('pg_stat_database_conflicts', of))
        expect(values.db_checkpoints_timed_total).toBe(read('pg_stat_bgwriter_checkpoints_timed_total'))
        expect(values.db_checkpoints_requested_total).toBe(read('pg_stat_bgwriter_checkpoints_req_total'))
        const most =
          (read('pg_settings_max_connections') ?? 0) -
          (read('pg_settings_superuser_reserved_connections') ?? 0)
        const clients = read('pg_stat_database_numbackends') ?? 0
        expect(Math.abs((values.db_server_connections ?? 0) - clients)).toBeLessThan(2)
        expect(values.db_server_connections_percent).toBeCloseTo(
          ((values.db_server_connections ?? 0) / most) * 100,
          1,
        )
        expect(values.db_standby).toBe(read('pg_replication_is_replica') ?? 0)
      })
    } finally {
      await sleeping
      await open.query('rollback')
      busy.release()
      open.release()
      idle.release()
    }
  })

  it('tells the same transactions, rollbacks, cache hits and temporary files of an interval', async () => {
    const kit = await createKit()
    kit.secrets.set('watch', 'watch')
    const profile = {
      postgres: {
        url: `postgresql://vakhta@127.0.0.1:${postgres.port}/shop?sslmode=disable`,
        password: 'secret:watch',
      },
    }
    // One second from look to look, however long it takes: a rate is then a count.
    let seconds = 0
    const clock = { ...systemClock, monotonic: () => seconds * 1_000 }
    const watching = watch(postgresPool, kit.profile(profile), kit.reach(profile), undefined, clock)
    const scrape = await exporter(
      'prometheus-postgres-exporter',
      (address) => [`--web.listen-address=${address}`],
      { DATA_SOURCE_NAME: `${postgres.url}?sslmode=disable` },
    )
    const told = async () => {
      const read = await scrape()
      const count = (name: string) => read(`pg_stat_database_${name}`, { datname: 'shop' }) ?? Number.NaN
      const [committed, rolledBack] = [count('xact_commit'), count('xact_rollback')]
      return {
        ...{ ended: committed + rolledBack, rolledBack, temporary: count('temp_bytes') },
        ...{ hit: count('blks_hit'), read: count('blks_read') },
      }
    }
    const { first, last, ends } = await between(watching, told, async (earlier) => {
      seconds = 1
      const backend = await pool.connect()
      await backend.query('set work_mem = 64')
      for (let n = 0; n < 60; n++) await backend.query('begin; insert into t values (1); commit')
      for (let n = 0; n < 30; n++) await backend.query('begin; insert into t values (1); rollback')
      await backend.query(
        'select count(*) from (select * from generate_series(1, 20000) g order by -g) sorted',
      )
      backend.release(true)
      // A backend tells its counts once a second, and when it ends.
      await until(async () => (await told()).rolledBack >= earlier.rolledBack + 30, { timeoutMs: 20_000 })
    })
    expect(first.values.db_transactions_per_second).toBeNull()
    const { ended, rolledBack, temporary, hit, read } = ends
    expect(rolledBack.least).toBeGreaterThanOrEqual(30)
    expect(temporary.least).toBeGreaterThan(100_000)
    within(last.values.db_transactions_per_second, ended)
    within(last.values.db_rollbacks_per_second, rolledBack)
    within(last.values.db_temp_bytes_per_second, temporary)
    within(last.values.db_cache_hit_percent, {
      least: (hit.least / (hit.least + read.most)) * 100,
      most: (hit.most / (hit.most + read.least)) * 100,
    })
  })
})

describe('beside prometheus-redis-exporter', () => {
  it('tells the same clients, memory, keys, commands and evictions', async () => {
    const pipeline = client.pipeline()
    for (let n = 0; n < 200; n++) pipeline.set(`key:${n}`, 'x'.repeat(1000))
    for (let n = 0; n < 50; n++) pipeline.get(n < 40 ? `key:${n}` : `none:${n}`)
    await pipeline.exec()
    await expect(client.lpush('key:1', 'x')).rejects.toThrow('WRONGTYPE')
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
      expect(values.redis_keyspace_hits_total).toBe(read('redis_keyspace_hits_total'))
      expect(values.redis_keyspace_misses_total).toBe(read('redis_keyspace_misses_total'))
      expect(values.redis_keyspace_hits_total).toBe(40)
      expect(values.redis_rejected_connections_total).toBe(read('redis_rejected_connections_total'))
      expect(values.redis_changes_since_save).toBe(read('redis_rdb_changes_since_last_save'))
      expect(values.redis_connected_replicas).toBe(read('redis_connected_slaves'))
      expect(values.redis_fork_ms).toBe((read('redis_latest_fork_seconds') ?? 0) * 1_000)
      expect(values.redis_clients_usage).toBeCloseTo(
        ((values.redis_connected_clients ?? 0) / (read('redis_config_maxclients') ?? 1)) * 100,
        2,
      )
      // Each asks for what this server does not have, and counts what the other did.
      const errors = read('redis_errors_total') ?? 0
      expect(errors).toBeGreaterThan(0)
      expect(Math.abs((values.redis_errors_total ?? 99) - errors)).toBeLessThan(6)
      expect(values['redis_errors_per_minute{error="WRONGTYPE"}']).toBeGreaterThanOrEqual(0)
      expect(read('redis_errors_total', { err: 'WRONGTYPE' })).toBe(1)
      const resident = read('redis_memory_used_rss_bytes') ?? 0
      expect(Math.abs((values.redis_memory_rss_bytes ?? 0) / resident - 1)).toBeLessThan(0.1)
      const memory = read('redis_memory_used_bytes') ?? 0
      expect(Math.abs((values.redis_memory_used_bytes ?? 0) / memory - 1)).toBeLessThan(0.1)
      const limit = read('redis_memory_max_bytes') ?? 1
      expect(values.redis_memory_usage).toBeCloseTo((memory / limit) * 100, 0)
      expect(
        Math.abs((values.redis_uptime_seconds ?? 99) - (read('redis_uptime_in_seconds') ?? 0)),
      ).toBeLessThan(3)
    })
  })

  it('tells the same processor time and network of an interval', async () => {
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
    const told = async () => {
      const read = await scrape()
      const count = (name: string) => read(`redis_${name}`) ?? Number.NaN
      return {
        busy: count('cpu_user_main_thread_seconds_total') + count('cpu_sys_main_thread_seconds_total'),
        ...{ in: count('net_input_bytes_total'), out: count('net_output_bytes_total') },
      }
    }
    const { last, ends, ms } = await between(watching, told, async () => {
      const began = performance.now()
      while (performance.now() - began < 2_000) {
        const pipeline = client.pipeline()
        for (let n = 0; n < 500; n++) pipeline.set(`key:${n % 200}`, 'x'.repeat(1000)).get(`key:${n % 200}`)
        await pipeline.exec()
      }
    })
    // Redis tells its own time with its counters: it lies within that of the looks.
    const rate = ({ least, most }: Range) => ({
      least: (least / ms.most) * 1_000,
      most: (most / ms.least) * 1_000,
    })
    within(last.values.redis_network_input_bytes_per_second, rate(ends.in))
    within(last.values.redis_network_output_bytes_per_second, rate(ends.out))
    const busy = rate(ends.busy)
    within(last.values.redis_cpu_percent, { least: busy.least * 100, most: busy.most * 100 })
  })
})
