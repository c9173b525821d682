/** What probes tell of what lasts, on real servers that are changed, and what the timeline makes of it. */
import type { IncomingMessage } from 'node:http'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { type RedisServer, startRedis } from '../../../demo/servers/redis.ts'
import { type Clock, systemClock } from '../../../src/main/engine/clock.ts'
import { silentLog } from '../../../src/main/engine/log.ts'
import { createHostProbe } from '../../../src/main/engine/probes/host/index.ts'
import { httpHealth } from '../../../src/main/engine/probes/http-health/index.ts'
import { lookOnce } from '../../../src/main/engine/probes/look-once.ts'
import { postgresPool } from '../../../src/main/engine/probes/postgres-pool/index.ts'
import type { Probe } from '../../../src/main/engine/probes/probe.ts'
import { redis as redisProbe } from '../../../src/main/engine/probes/redis/index.ts'
import type { Reach } from '../../../src/main/engine/reach/reach.ts'
import type { Standing } from '../../../src/main/engine/standing.ts'
import { openStore } from '../../../src/main/engine/store/open-store.ts'
import { createTimeline, type Timeline } from '../../../src/main/engine/timeline/timeline.ts'
import { createTranslator, eventText } from '../../../src/shared/locales/translate.ts'
import type { DeploymentProfile } from '../../../src/shared/model/profile/deployment.ts'
import { CHANGE_KINDS } from '../../../src/shared/model/timeline.ts'
import { until } from '../../support/until.ts'
import { createKit, type Kit } from '../reach/reach-kit.ts'
import { serve } from './probe-kit.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

let postgres: PostgresServer
let redis: RedisServer
let kit: Kit
let aheadMs = 0
/** The system's, with monotonic time that leaps: what is asked for rarely is due at once. */
const clock: Clock = { ...systemClock, monotonic: () => systemClock.monotonic() + aheadMs }
const words = createTranslator('en')

beforeAll(async () => {
  ;[postgres, redis] = await Promise.all([startPostgres(), startRedis()])
  await postgres.query(
    `CREATE ROLE watch LOGIN PASSWORD 'right' IN ROLE pg_monitor; CREATE ROLE blind LOGIN PASSWORD 'right'; CREATE ROLE app LOGIN`,
  )
})
afterAll(() => Promise.all([postgres?.stop(), redis?.stop()]))
beforeEach(async () => {
  kit = await createKit()
  kit.secrets.set('pg', 'right')
  kit.secrets.set('redis', redis.password)
})

interface Watched {
  /** Looks with what is rare due, and hands it to the timeline. */
  look(): Promise<readonly Standing[]>
  /** What was told so far, in words, oldest first. */
  told(): Promise<string[]>
}

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (let close = closing.pop(); close !== undefined; close = closing.pop()) await close()
})

async function watched(
  probe: Probe<never> | Probe,
  profile: DeploymentProfile,
  reach: Reach,
): Promise<Watched> {
  const store = openStore({ dataDirectory: await temporary(), log: silentLog })
  const connectionOf = () => reach.connection()
  const deployments = { list: () => [], onEdit: () => () => {} }
  const timeline: Timeline = await createTimeline({
    store,
    clock,
    log: silentLog,
    connectionOf,
    deployments,
    onEvents() {},
  })
  closing.push(async () => {
    await timeline.close()
    await store.close()
  })
  let memory: unknown = null
  const known = probe as Probe
  return {
    async look() {
      aheadMs += 1_000_000
      const [target = ''] = known.targets(profile)
      const signal = new AbortController().signal
      const outcome = await lookOnce({
        clock,
        log: silentLog,
        probe: known,
        profile,
        target,
        reach,
        memory,
        signal,
      })
      memory = outcome.memory
      timeline.observe(outcome.observation, outcome.standings)
      return outcome.standings
    },
    async told() {
      const all = {
        deployment: profile.name,
        from: 0,
        to: Number.MAX_SAFE_INTEGER,
        kinds: [...CHANGE_KINDS],
        limit: 100,
        before: null,
      }
      const events = await timeline.between(all)
      return events.toReversed().map(({ reason }) => eventText(words, reason))
    },
  }
}

async function temporary(): Promise<string> {
  const directory = (await createKit()).directory
  const { mkdir } = await import('node:fs/promises')
  const { join } = await import('node:path')
  const path = join(directory, 'timeline')
  await mkdir(path)
  return path
}

const RELOAD = 'SELECT pg_reload_conf()'

/** Each statement alone: some may not be run in a transaction. */
async function sql(...statements: string[]): Promise<void> {
  for (const statement of statements) await postgres.query(statement)
}

describe('PostgreSQL', () => {
  const input = (user = 'watch') => ({
    postgres: { url: `postgresql://${user}@127.0.0.1:${postgres.port}/postgres`, password: 'secret:pg' },
  })
  const open = (user?: string) => watched(postgresPool, kit.profile(input(user)), kit.reach(input(user)))

  it('tells settings with their old and new values, and what waits for a restart', async () => {
    const { look, told } = await open()
    await look()
    await sql(`ALTER SYSTEM SET work_mem = '9MB'`, 'ALTER SYSTEM SET max_files_per_process = 900', RELOAD)
    await until(async () => {
      await look()
      return (await told()).length >= 2
    })
    await sql(`ALTER SYSTEM SET work_mem = '16MB'`, `ALTER ROLE app SET statement_timeout = '3s'`, RELOAD)
    await until(async () => {
      await look()
      return (await told()).length >= 4
    })
    expect(await told()).toEqual([
      'PostgreSQL: work_mem = 9MB (before: the default)',
      'PostgreSQL: max_files_per_process was changed, and takes effect with a restart',
      'PostgreSQL: statement_timeout (role app) = 3s (before: the default)',
      'PostgreSQL: work_mem = 16MB (before: 9MB)',
    ])
    await sql(
      'ALTER SYSTEM RESET work_mem',
      'ALTER SYSTEM RESET max_files_per_process',
      'ALTER ROLE app RESET ALL',
      RELOAD,
    )
  })

  it('lets no value out of the server that may hold a secret', async () => {
    const { look, told } = await open()
    await postgres.query(`ALTER DATABASE postgres SET app.jwt = 'planted-one'`)
    const before = await look()
    await postgres.query(`ALTER DATABASE postgres SET app.jwt = 'planted-two'`)
    await sql(`ALTER SYSTEM SET archive_command = 'curl -u me:planted-three'`, RELOAD)
    let after: readonly Standing[] = []
    await until(async () => {
      after = await look()
      return (await told()).length >= 2
    })
    expect(await told()).toEqual([
      'PostgreSQL: app.jwt (database postgres) was changed (its value is not shown)',
      'PostgreSQL: archive_command = *** (before: the default)',
    ])
    expect(JSON.stringify([before, after])).not.toContain('planted')
    await sql('ALTER SYSTEM RESET archive_command', 'ALTER DATABASE postgres RESET ALL', RELOAD)
  })

  it('tells a restart when it happened, and a crash of one process as what it is', async () => {
    const { look, told } = await open()
    await look()
    await postgres.restart()
    await until(async () => {
      await look()
      return (await told()).length === 1
    })
    expect(await told()).toEqual(['PostgreSQL restarted'])
    const [row] = await postgres.query(`SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'`)
    process.kill(Number(row?.pid), 'SIGKILL')
    await until(
      async () => {
        await look()
        return (await told()).length === 2
      },
      { timeoutMs: 30_000 },
    )
    expect((await told()).at(-1)).toBe(
      'a process of PostgreSQL crashed: it cut all connections and recovered',
    )
  })

  it('tells each migration, whatever schema and tool, and waits for no lock', async () => {
    await postgres.query(`CREATE SCHEMA "Odd ' name"; CREATE TABLE "Odd ' name".alembic_version (version_num text PRIMARY KEY);
      INSERT INTO "Odd ' name".alembic_version VALUES ('1f2e'); GRANT USAGE ON SCHEMA "Odd ' name" TO watch;
      GRANT SELECT ON "Odd ' name".alembic_version TO watch;
      CREATE TABLE django_migrations (id serial PRIMARY KEY, app text, name text); GRANT SELECT ON django_migrations TO watch;
      INSERT INTO django_migrations (app, name) VALUES ('shop', '0001_initial');
      CREATE TABLE flyway_schema_history (installed_rank int PRIMARY KEY, version text, success bool);
      INSERT INTO flyway_schema_history VALUES (1, '1', true)`)
    const { look, told } = await open()
    await look()
    await postgres.query(`UPDATE "Odd ' name".alembic_version SET version_num = '3a4b';
      INSERT INTO django_migrations (app, name) VALUES ('shop', '0002_orders')`)
    await look()
    const expected = [
      "schema at 3a4b (Odd ' name.alembic_version, before: 1f2e)",
      'schema at shop.0002_orders (django_migrations, before: shop.0001_initial)',
    ]
    expect((await told()).toSorted()).toEqual(expected.toSorted())

    const migrating = await postgres.connect()
    await migrating.query('BEGIN; LOCK TABLE django_migrations')
    const began = performance.now()
    const [locked] = await look()
    expect(performance.now() - began).toBeLessThan(900)
    expect(Object.keys(locked?.revisions ?? {})).toEqual(["Odd ' name.alembic_version"])
    await migrating.query('ROLLBACK')
    await migrating.end()
    await look()
    expect(await told()).toHaveLength(2)
    await postgres.query(
      `DROP TABLE django_migrations, flyway_schema_history; DROP SCHEMA "Odd ' name" CASCADE`,
    )
  })

  it('asks no more of a role that may see little, and tells what it may', async () => {
    const { look } = await open('blind')
    const [seen] = await look()
    expect(seen).toMatchObject({ role: 'primary', version: expect.stringMatching(/^15\./) })
    expect(seen?.innerRun).toBeUndefined()
  })

  it('tells which of several servers answers, and that a standby was promoted', async () => {
    const standby = await startPostgres({ standbyOf: postgres })
    try {
      const several = {
        postgres: {
          url: `postgresql://watch@127.0.0.1:${standby.port},127.0.0.1:${postgres.port}/postgres`,
          password: 'secret:pg',
        },
      }
      const { look, told } = await watched(postgresPool, kit.profile(several), kit.reach(several))
      const [data, server] = await look()
      expect(data?.server).toBe(`127.0.0.1:${standby.port}`)
      expect(server).toMatchObject({ of: `127.0.0.1:${standby.port}`, role: 'replica' })
      await standby.promote()
      await until(async () => {
        await look()
        return (await told()).length === 1
      })
      expect(await told()).toEqual([`PostgreSQL (127.0.0.1:${standby.port}) became the primary`])
      await standby.halt()
      await until(async () => {
        await look()
        return (await told()).length === 2
      })
      expect((await told()).at(-1)).toBe(
        `PostgreSQL: 127.0.0.1:${postgres.port} answers now (before: 127.0.0.1:${standby.port})`,
      )
    } finally {
      await standby.stop()
    }
  })
})

describe('Redis', () => {
  const input = () => ({
    redis: [{ name: 'cache', url: `redis://127.0.0.1:${redis.port}/0`, password: 'secret:redis' }],
  })

  it('tells settings, a restart and a change of role, and never asks for passwords', async () => {
    const admin = await redis.connect()
    // Everything that is asked of it stands in its slow log.
    await admin.call('CONFIG', 'SET', 'slowlog-log-slower-than', 0)
    const { look, told } = await watched(redisProbe, kit.profile(input()), kit.reach(input()))
    const [first] = await look()
    expect(Object.keys(first?.settings ?? {}).length).toBeGreaterThan(20)
    expect(Object.keys(first?.settings ?? {}).filter((name) => /pass|auth/.test(name))).toEqual([])
    await admin.call('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru')
    await look()
    const asked = JSON.stringify(await admin.call('SLOWLOG', 'GET', 100)).toLowerCase()
    expect(asked).toContain('maxmemory*')
    for (const secret of ['"*"', 'requirepass', 'masterauth', 'tls-']) expect(asked).not.toContain(secret)
    await admin.call('REPLICAOF', '127.0.0.1', '1')
    await look()
    await admin.call('REPLICAOF', 'NO', 'ONE')
    admin.disconnect()
    await redis.restart()
    await until(async () => {
      await look()
      return (await told()).some((text) => text.includes('restarted'))
    })
    // Redis tells its start by whole seconds: among what happened within one, a restart may stand anywhere.
    const others = (await told()).filter((text) => text !== 'Redis cache restarted')
    expect(others.slice(0, 2)).toEqual([
      'Redis cache: maxmemory-policy = allkeys-lru (before: noeviction)',
      'Redis cache became a replica',
    ])
    expect(others).toContain('Redis cache became the primary')
  })

  it('asks nothing again that the access list denies, and tells the rest', async () => {
    const admin = await redis.connect()
    await admin.call('ACL', 'SETUSER', 'watch', 'on', '>right', '+ping', '+info', '+client|setname')
    const limited = {
      redis: [{ name: 'cache', url: `redis://watch@127.0.0.1:${redis.port}/0`, password: 'secret:pg' }],
    }
    const { look } = await watched(redisProbe, kit.profile(limited), kit.reach(limited))
    const [seen] = await look()
    expect(seen?.settings).toBeUndefined()
    expect(seen).toMatchObject({ role: 'primary', run: { id: expect.any(String) } })
    await admin.call('ACL', 'DELUSER', 'watch')
    admin.disconnect()
  })
})

it('a service tells its version, and a deploy is told when three looks in a row saw the new one', async () => {
  let version = '2.0.0'
  const service = await serve((_request: IncomingMessage, response) => {
    response.setHeader('x-git-sha', '3f2a9c1d4e5b6a7980716253443526170f0e0d0c')
    response.end(JSON.stringify({ status: 'ok', version }))
  })
  closing.push(service.close)
  const input = { services: [{ name: 'api', url: service.url, metrics: null }] }
  const { look, told } = await watched(httpHealth, kit.profile(input), kit.reach(input))
  await look()
  version = '2.0.1'
  await look()
  await look()
  expect(await told()).toEqual([])
  await look()
  expect(await told()).toEqual(['2.0.1 (3f2a9c1d4e5b) deployed to api (before: 2.0.0 (3f2a9c1d4e5b))'])
})

it('a host tells which boot it runs', async () => {
  const input = { hosts: [{ name: 'here', over: 'local' as const }] }
  const { look } = await watched(createHostProbe(), kit.profile(input), kit.reach(input))
  const [seen] = await look()
  expect(seen?.run).toMatchObject({
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    startedAt: expect.any(Number),
  })
  expect(await look()).toMatchObject([{ run: { id: seen?.run?.id } }])
})
