/** What a restore computes anew (views that keep rows, checks, indexes of expressions) comes out under the settings of its database, as it did there. */
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import type { Manifest } from '../../../src/main/engine/backups/manifest.ts'
import type { OperationFacts } from '../../../src/shared/model/operation.ts'
import { type BackupKit, createBackupKit } from '../backups/backup-kit.ts'
import { createRestoreKit, type RestoreKit } from './restore-kit.ts'

// Each restore is threads and programs that begin: on a machine with much else to do they take their time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let server: PostgresServer
let blank: PostgresServer
let kit: BackupKit
let manifest: Manifest
let kept: unknown
const opened: RestoreKit[] = []
beforeAll(async () => {
  ;[server, blank] = await Promise.all([startPostgres(), startPostgres()])
  kit = await createBackupKit({ password: server.password })
  await server.query('CREATE ROLE app')
  await server.query('CREATE DATABASE shop OWNER app')
  await server.query(
    `ALTER DATABASE shop SET timezone TO 'Asia/Tokyo'; ALTER DATABASE shop SET app.factor TO '3';
     ALTER ROLE postgres IN DATABASE shop SET app.of_role TO '5'; ALTER ROLE app IN DATABASE shop SET work_mem TO '7MB'`,
  )
  await server.query(
    `CREATE FUNCTION factor() RETURNS int LANGUAGE sql STABLE AS $$ SELECT current_setting('app.factor')::int * current_setting('app.of_role')::int $$;
     CREATE TABLE sales (at timestamptz, tags text[], amount int CHECK (amount < 10 * current_setting('app.factor')::int));
     INSERT INTO sales VALUES ('2026-03-01T16:30:00Z', '{a,NULL}', 20), ('2026-03-01T12:30:00Z', '{NULL}', 2);
     CREATE MATERIALIZED VIEW days AS SELECT date_trunc('day', at)::date::text AS day, sum(amount) * factor() AS sum FROM sales GROUP BY 1;
     CREATE INDEX tagged ON sales ((tags[2] IS NULL))`,
    { database: 'shop' },
  )
  // Whatever would keep us from filling it.
  await server.query(
    `ALTER DATABASE shop SET array_nulls TO off; ALTER DATABASE shop SET statement_timeout TO '9s';
     ALTER DATABASE shop SET default_transaction_read_only TO on; ALTER DATABASE shop SET session_preload_libraries TO 'auto_explain'`,
  )
  kept = await days(server, 'shop')
  manifest = await kit.make(server, 'shop', { deployment: 'shop' })
})
afterAll(async () => {
  await kit?.close()
  await server?.stop()
  await blank?.stop()
})
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close()
  await kit.vault.set('postgres', server.password)
})

const days = (on: PostgresServer, database: string) =>
  on.query(
    `SELECT (SELECT json_agg(d ORDER BY day) FROM days d) AS days, (SELECT json_agg(s ORDER BY at) FROM sales s) AS sales`,
    { database },
  )
const settings = (on: PostgresServer, database: string) =>
  on.query(
    `SELECT setrole::regrole::text AS role, setconfig FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase WHERE datname = $1 ORDER BY 1`,
    { values: [database] },
  )

function restoring(on: PostgresServer, database: string): RestoreKit {
  const restore = createRestoreKit(on, kit, { database })
  restore.know(manifest)
  opened.push(restore)
  return restore
}

async function run(restore: RestoreKit, options: OperationFacts) {
  const console = await restore.console()
  const done = await console.run(options)
  await console.close()
  expect(done).toMatchObject({ state: 'succeeded', error: null })
  return done
}

it('beside, and has all of them in the end', async () => {
  expect(kept).toMatchObject([
    {
      days: [
        { day: '2026-03-01', sum: 30 },
        { day: '2026-03-02', sum: 300 },
      ],
      sales: [{ tags: [null] }, { tags: ['a', null] }],
    },
  ])
  const done = await run(restoring(server, 'shop'), {
    mode: 'side-by-side',
    backup: manifest.id,
    swap: false,
  })
  const beside = String(done.result?.restored)
  expect(await days(server, beside)).toEqual(kept)
  expect(await settings(server, beside)).toEqual(await settings(server, 'shop'))
})

it('elsewhere, and has all of them in the end', async () => {
  await kit.vault.set('postgres', blank.password)
  await run(restoring(blank, 'shop'), { mode: 'elsewhere', backup: manifest.id, from: 'shop' })
  expect(await days(blank, 'shop')).toEqual(kept)
  expect(await settings(blank, 'shop')).toEqual(await settings(server, 'shop'))
})
