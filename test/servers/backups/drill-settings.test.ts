/** What a drill computes (checks, indexes, views that keep rows) goes by the settings of the database, as in a restore; they hold in its own sessions, and none with rights do. */
import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import type { Manifest } from '../../../src/main/engine/backups/manifest.ts'
import { newerRestorer, writtenByNewer } from '../restore/newer-restorer.ts'
import { createRestoreKit } from '../restore/restore-kit.ts'
import { type BackupKit, createBackupKit, untilItEnds } from './backup-kit.ts'

// Each is threads and programs that begin: on a machine with much else to do they take their time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const WORDS = String.raw`it's  a "back\slash", -c log_statement=all = and	a
лодка\ `

let source: PostgresServer
let lab: PostgresServer
let kit: BackupKit
let manifest: Manifest
beforeAll(async () => {
  ;[source, lab] = await Promise.all([startPostgres(), startPostgres()])
  kit = await createBackupKit({ password: source.password })
  process.env.TMPDIR = kit.home
  // As temporary directories are: where we are root, the drill's server is somebody else's.
  chmodSync(kit.home, 0o1777)
  await source.query('CREATE DATABASE shop')
  await source.query(`ALTER DATABASE shop SET "app.words" TO E'${WORDS.replaceAll(/['\\]/g, '\\$&')}'`)
  await source.query(
    `ALTER DATABASE shop SET app.region TO 'eu'; ALTER DATABASE shop SET timezone TO 'Asia/Tokyo';
     ALTER ROLE postgres IN DATABASE shop SET app.of_role TO 'x'`,
  )
  // In a drill it raises what nobody set for it; elsewhere it is true.
  await source.query(
    `CREATE FUNCTION plain() RETURNS boolean LANGUAGE plpgsql AS $$ DECLARE said text := current_setting('log_statement') || coalesce(current_setting('auto_explain.log_format', true), '')
         || current_setting('temp_tablespaces') || current_setting('statement_timeout') || coalesce(current_setting('app.of_role', true), ''); BEGIN
       IF current_database() LIKE '%drill%' AND said <> 'none0' THEN RAISE EXCEPTION 'set in a drill: %', said; END IF;
       IF current_database() LIKE '%drill%' AND current_setting('search_path') LIKE '%elsewhere%' THEN RAISE EXCEPTION 'another path'; END IF;
       RETURN true; END $$;
     CREATE FUNCTION region(text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN $1 || current_setting('app.region'); END $$;
     CREATE SCHEMA elsewhere;
     CREATE TABLE sales (at timestamptz, region text CHECK (region = current_setting('app.region')), words text CHECK (words = current_setting('app.words')),
       doubled text GENERATED ALWAYS AS (region(region)) STORED, CHECK (plain()));
     CREATE TABLE more (LIKE sales INCLUDING ALL);
     CREATE INDEX ON sales (region(words)); CREATE INDEX ON more (region(words));
     CREATE MATERIALIZED VIEW days AS SELECT date_trunc('day', at) AS day, plain() FROM sales;
     CREATE UNIQUE INDEX ON days (day)`,
    { database: 'shop' },
  )
  // Two days in Tokyo, one in UTC.
  for (const table of ['sales', 'more'])
    await source.query(
      `INSERT INTO ${table} SELECT at, 'eu', current_setting('app.words') FROM unnest('{2026-03-01T12:30:00Z,2026-03-01T16:30:00Z}'::timestamptz[]) at`,
      { database: 'shop' },
    )
  await source.query('REFRESH MATERIALIZED VIEW days', { database: 'shop' })
  await source.query(
    `ALTER DATABASE shop SET exit_on_error TO on; ALTER DATABASE shop SET log_statement TO 'all'; ALTER DATABASE shop SET session_preload_libraries TO 'auto_explain';
     ALTER DATABASE shop SET temp_tablespaces TO 'nowhere'; ALTER DATABASE shop SET statement_timeout TO '9s';
     ALTER DATABASE shop SET search_path TO elsewhere, public`,
  )
  manifest = await kit.make(source, 'shop', { deployment: 'source' })
})
afterAll(async () => {
  await kit?.close()
  await source?.stop()
  await lab?.stop()
})

const PROVEN = { tables: 2, rows: 4 }

it('has what was meant set for it', async () => {
  const [read] = await source.query(
    `SELECT current_setting('app.words') AS words, current_setting('app.of_role') AS role, (SELECT count(*)::int FROM days) AS days`,
    { database: 'shop' },
  )
  expect(read).toEqual({ words: WORDS, role: 'x', days: 2 })
})

it.each([1, 3])('on this machine, with %d sessions that restore', async (jobs) => {
  const drilled = await kit.runJob(
    {
      ...{ kind: 'drill', manifest, store: { kind: 'local', directory: kit.directory } },
      ...{ identity: await kit.keys.drillIdentity(), staging: { directory: join(kit.home, 'stage'), jobs } },
    },
    untilItEnds,
  )
  expect(drilled).toMatchObject({ compared: PROVEN, without: [] })
})

async function drillThere(of: Manifest, operate: string): Promise<unknown> {
  await kit.vault.set('postgres', lab.password)
  const restore = createRestoreKit(lab, kit, { database: 'postgres', readsOnce: true, operate })
  try {
    const console = await restore.console()
    await console.backedUp.catalogue.add(of, kit.directory, 'this-console')
    const done = await console.run({ from: 'source', backup: of.id }, { kind: 'drill' })
    await console.close()
    return done
  } finally {
    await restore.close()
  }
}
const DONE = { state: 'succeeded', error: null, result: PROVEN }

it.each(['postgres', 'deputy'])('on a chosen server, where operations are done as %s', async (operate) => {
  if (operate === 'deputy')
    await lab.query(`CREATE ROLE deputy LOGIN CREATEDB CREATEROLE PASSWORD '${lab.password}'`)
  expect(await drillThere(manifest, operate)).toMatchObject(DONE)
  expect(await lab.query('SELECT FROM pg_db_role_setting')).toEqual([])
})

it('on a chosen server that a newer program cannot work on, over our own session', async () => {
  const putBack = newerRestorer(kit.home)
  try {
    expect(await drillThere(writtenByNewer(manifest), 'postgres')).toMatchObject(DONE)
  } finally {
    putBack()
  }
})
