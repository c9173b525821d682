import { basename, dirname } from 'node:path'
import { Client } from 'pg'
import { describe, expect, it } from 'vitest'
import { startPostgres } from '../../../demo/servers/postgres.ts'
import { postgresDirectories } from '../../../demo/servers/programs.ts'
import { postgresPool } from '../../../src/main/engine/probes/postgres-pool/index.ts'
import { until } from '../../support/until.ts'
import { createKit } from '../reach/reach-kit.ts'
import { watch } from './probe-kit.ts'

/** Every major version that is on this machine: usually one, more where `VAKHTA_POSTGRESES` names them. */
const majors = [...new Set(postgresDirectories().map((path) => Number(basename(dirname(path)))))].filter(
  (major) => major >= 12,
)

describe.each(majors)('PostgreSQL %i', (major) => {
  it('is read completely: what is checked out, blocked, slow and how the server is', async () => {
    const server = await startPostgres({ version: major })
    const clients: Client[] = []
    const connect = async () => {
      const client = new Client({
        host: '127.0.0.1',
        port: server.port,
        user: 'app',
        password: 'apppw',
        database: 'postgres',
      })
      client.on('error', () => {})
      await client.connect()
      clients.push(client)
      return client
    }
    try {
      await server.query(
        "create role app login password 'apppw'; create role vakhta login password 'watch' in role pg_monitor; create table orders (id int primary key); insert into orders values (1); grant all on orders to app",
      )
      const kit = await createKit()
      kit.secrets.set('watch', 'watch')
      const profile = {
        postgres: {
          url: `postgresql://vakhta@127.0.0.1:${server.port}/postgres`,
          password: 'secret:watch',
          application: { role: 'app' },
        },
      }
      const watcher = watch(postgresPool, kit.profile(profile), kit.reach(profile))
      const [holder, waiter] = await Promise.all([connect(), connect(), connect()])
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
      })
      const { statements, facts } = seen.evidence ?? {}
      expect(statements?.map(({ blockedBy }) => blockedBy.length)).toContain(1)
      expect(facts?.version).toMatch(new RegExp(`^${major}\\.`))
      await holder.query('rollback')
      await blocked
    } finally {
      await Promise.all(clients.map((client) => client.end()))
      await server.stop()
    }
  })
})
