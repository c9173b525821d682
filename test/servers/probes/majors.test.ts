import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAuthority } from '../../../demo/servers/authority.ts'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { postgresPool } from '../../../src/main/engine/probes/postgres-pool/index.ts'
import { type Copy, majors, missing, readable, skipped } from '../../support/postgres-majors.ts'
import { until } from '../../support/until.ts'
import { createKit, failureOf, type Kit, soon } from '../reach/reach-kit.ts'
import { watch } from './probe-kit.ts'

describe.each(majors)('PostgreSQL %i', (major) => {
  const why = missing(major)
  let server: PostgresServer
  let kit: Kit
  let copy: Copy | null = null
  beforeAll(async () => {
    if (why !== null) return
    copy = readable(major)
    server = await startPostgres({ version: major, settings: { max_connections: 20 } })
    await server.query(
      `create role app login password 'apppw'; create role vakhta login password 'watch' in role pg_monitor;
       create table orders (id int primary key); insert into orders values (1); grant all on orders to app;
       set password_encryption = 'md5'; create role old login password 'watch' in role pg_monitor`,
    )
  })
  afterAll(async () => {
    await server?.stop()
    await copy?.remove()
  })

  it.skipIf(why !== null)(`logs in over TLS, bound to it${skipped(why)}`, async () => {
    const authority = createAuthority()
    const { key, chain } = authority.issue({ names: ['127.0.0.1'] })
    await server.encrypt({ key, certificate: chain })
    const profile = await reachAs('vakhta', '?sslmode=verify-full&channel_binding=require')
    const trusting = await createKit({ ...kit, authorities: () => [authority.certificate] })
    const { postgres: sessions } = trusting.reach(profile)
    const { rows } =
      (await sessions?.probes.query(
        'select ssl from pg_stat_ssl where pid = pg_backend_pid()',
        [],
        soon(),
      )) ?? {}
    expect(rows).toEqual([{ ssl: true }])
    const atOnce = await reachAs('vakhta', '?sslmode=verify-full&sslnegotiation=direct')
    const direct = trusting.reach(atOnce).postgres?.probes.query('select 1 as one', [], soon())
    if (major >= 17) expect((await direct)?.rows).toEqual([{ one: 1 }])
    else expect((await failureOf(direct ?? Promise.resolve())).step).toBe('tls')
  })

  async function reachAs(user: string, query = '') {
    kit = await createKit()
    kit.secrets.set('watch', 'watch')
    return {
      postgres: {
        url: `postgresql://${user}@127.0.0.1:${server.port}/postgres${query}`,
        password: 'secret:watch',
        application: { role: 'app' },
      },
    }
  }

  async function connect(): Promise<Client> {
    const client = new Client({
      host: '127.0.0.1',
      port: server.port,
      user: 'app',
      password: 'apppw',
      database: 'postgres',
    })
    client.on('error', () => {})
    await client.connect()
    return client
  }

  it.skipIf(why !== null)(
    `is read completely: what is checked out, blocked, slow and how the server is${skipped(why)}`,
    async () => {
      const profile = await reachAs('vakhta')
      const watcher = watch(postgresPool, kit.profile(profile), kit.reach(profile))
      const clients = await Promise.all([connect(), connect(), connect()])
      const [holder, waiter] = clients
      try {
        await holder.query('begin')
        await holder.query('update orders set id = id where id = 1')
        const blocked = waiter.query('update orders set id = id where id = 1').catch(() => {})
        const seen = await until(
          async () => {
            const look = await watcher.look()
            return (look.values.db_pool_slow_queries_total ?? 0) > 0 && look
          },
          { timeoutMs: 15_000 },
        )
        expect(seen.values).toMatchObject({
          db_up: 1,
          db_pool_size: 17,
          db_pool_checked_out: 2,
          db_pool_checked_in: 1,
          db_pool_idle_in_transaction: 1,
          db_lock_waiting: 1,
          db_pool_slow_queries_total: 1,
          db_pool_connections_opened_total: major < 14 ? null : expect.any(Number),
          db_pool_connection_errors_total: major < 14 ? null : expect.any(Number),
          db_slot_retained_wal_bytes: 0,
          db_archive_failures_total: 0,
          db_xid_age_percent: expect.any(Number),
          db_size_bytes: expect.any(Number),
          db_mxid_age_percent: expect.any(Number),
          db_transactions_per_second: expect.any(Number),
          db_rollbacks_per_second: 0,
          db_temp_bytes_per_second: 0,
          db_deadlocks_total: 0,
          db_conflicts_total: 0,
          // initdb turns them on from 18 on.
          db_checksum_failures_total: major < 18 ? null : 0,
          db_checkpoints_timed_total: expect.any(Number),
          db_checkpoints_requested_total: expect.any(Number),
          db_server_connections: 4,
          db_server_connections_percent: expect.closeTo((4 / 17) * 100, 1),
          db_longest_statement_seconds: expect.any(Number),
          db_autovacuum_workers: expect.any(Number),
          db_prepared_transaction_seconds: 0,
          db_standby: 0,
          db_standbys: 0,
          db_slots_inactive: 0,
          'db_backends_active{wait="lock"}': 1,
          'db_backends_active{wait="cpu"}': 0,
        })
        expect(seen.values.db_longest_statement_seconds).toBeGreaterThanOrEqual(1)
        const { statements, facts } = seen.evidence ?? {}
        expect(statements?.map(({ blockedBy }) => blockedBy.length)).toContain(1)
        expect(facts?.version).toMatch(new RegExp(`^${major}\\.`))
        expect(seen.cost.rows).toBeGreaterThan(0)
        expect(seen.cost.bytes).toBeGreaterThan(500)
        await holder.query('rollback')
        await blocked
      } finally {
        await Promise.all(clients.map((client) => client.end()))
      }
    },
  )

  it.skipIf(why !== null)(
    `takes passwords kept as MD5 and as SCRAM, and bounds statements and locks${skipped(why)}`,
    async () => {
      await server.admit('host all old 127.0.0.1/32 md5')
      for (const user of ['old', 'vakhta']) {
        const profile = await reachAs(user)
        const { postgres: sessions } = kit.reach(profile)
        const { rows } = (await sessions?.probes.query('select current_user::text as me', [], soon())) ?? {}
        expect(rows).toEqual([{ me: user }])
        expect(sessions?.probes.version).toBeGreaterThanOrEqual(major * 10_000)
        await expect(
          failureOf(sessions?.probes.query('select pg_sleep(20)', [], soon(500)) ?? Promise.resolve()),
        ).resolves.toMatchObject({ code: 'postgres-statement-timeout' })
      }
    },
  )

  it.skipIf(why !== null)(
    `is watched over one connection, and people have another where the server would end what broke${skipped(why)}`,
    async () => {
      const { reach } = { reach: kit.reach(await reachAs('vakhta')) }
      const pidOf = async (session: 'probes' | 'people') =>
        (await reach.postgres?.[session].query('select pg_backend_pid() as pid', [], soon()))?.rows[0]?.pid
      const watching = await pidOf('probes')
      expect((await pidOf('people')) === watching).toBe(major < 14)
      expect(await pidOf('probes')).toBe(watching)
      await reach.close()
    },
  )
})
