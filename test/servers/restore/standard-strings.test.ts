/**
 * `standard_conforming_strings` off, as old applications have it set for a database or a role: what is written then is read differently, and a backslash before a
 * quote takes the end of a text along. Neither changes what a restore makes, nor makes it say more than it means to.
 */
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import type { Manifest } from '../../../src/main/engine/backups/manifest.ts'
import { type BackupKit, createBackupKit, untilItEnds } from '../backups/backup-kit.ts'
import { createRestoreKit, type RestoreKit } from './restore-kit.ts'

// Each restore is threads and programs that begin: on a machine with much else to do they take their time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

/** The cast has a drill say what is before it over a session of its own. */
const CONTENTS = `
  CREATE TABLE coded (code text PRIMARY KEY DEFAULT E'1\\\\d''', CONSTRAINT digits CHECK (code ~ E'^\\\\d+$'));
  INSERT INTO coded VALUES ('12'), ('7'); COMMENT ON CONSTRAINT digits ON coded IS E'\\\\''; CREATE ROLE injected; --';
  CREATE FUNCTION length_of(coded) RETURNS bigint LANGUAGE sql AS 'SELECT length($1.code)::bigint';
  CREATE CAST (coded AS bigint) WITH FUNCTION length_of(coded)`
const COMMENT = String.raw`\'; CREATE ROLE injected; --`

let server: PostgresServer
let kit: BackupKit
/** Dumped where it is off, and where it is on. */
let old: Manifest
let said: Manifest
const opened: RestoreKit[] = []
beforeAll(async () => {
  server = await startPostgres()
  kit = await createBackupKit({ password: server.password })
  const of = { deployment: 'shop', recipients: [], globals: false }
  await server.query('CREATE DATABASE said')
  await server.query('CREATE TABLE visits AS SELECT 1 AS id', { database: 'said' })
  await server.query(`COMMENT ON DATABASE said IS '${COMMENT.replaceAll("'", "''")}'`)
  said = await kit.make(server, 'said', of)
  await server.query('CREATE DATABASE shop')
  await server.query('ALTER DATABASE shop SET standard_conforming_strings = off')
  await server.query(CONTENTS, { database: 'shop' })
  old = await kit.make(server, 'shop', of)
  await server.query('ALTER ROLE postgres SET standard_conforming_strings = off')
})
afterAll(async () => {
  await kit?.close()
  await server?.stop()
})
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close()
  expect(await server.query(`SELECT rolname FROM pg_roles WHERE rolname = 'injected'`)).toEqual([])
})

function restoring(): RestoreKit {
  const restore = createRestoreKit(server, kit, { database: 'shop', readsOnce: true })
  for (const one of [old, said]) restore.know(one)
  opened.push(restore)
  return restore
}

const defined = () =>
  server.query(
    `SELECT pg_get_constraintdef(c.oid) AS "check", obj_description(c.oid, 'pg_constraint') AS comment, pg_get_expr(d.adbin, d.adrelid) AS "default"
       FROM pg_constraint c JOIN pg_attrdef d ON d.adrelid = c.conrelid WHERE conname = 'digits'`,
    { database: 'shop' },
  )

it('says of a database what was said of it, where the role has it off, and nothing more', async () => {
  const console = await restoring().console()
  const done = await console.run({ mode: 'elsewhere', backup: said.id, from: 'shop', as: 'again' })
  expect(done).toMatchObject({ state: 'succeeded', error: null })
  expect(
    await server.query(
      `SELECT shobj_description(oid, 'pg_database') AS comment FROM pg_database WHERE datname = 'again'`,
    ),
  ).toEqual([{ comment: COMMENT }])
  expect(await console.act(done.id, 'undo')).toMatchObject({ state: 'undone' })
  await console.close()
})

it('makes a table that is gone as it was, out of a dump that was written with it off', async () => {
  const then = await defined()
  expect(then).toHaveLength(1)
  await server.query('DROP TABLE coded CASCADE', { database: 'shop' })
  const console = await restoring().console()
  const tables = [{ schema: 'public', name: 'coded' }]
  const done = await console.run({ mode: 'tables', backup: old.id, tables })
  expect(done).toMatchObject({ state: 'succeeded', error: null })
  expect(await defined()).toEqual(then)
  await console.close()
})

it('proves such a dump in a drill', async () => {
  const drilled = await kit.runJob(
    {
      ...{ kind: 'drill', manifest: old, store: { kind: 'local', directory: kit.directory } },
      identity: await kit.keys.drillIdentity(),
    },
    untilItEnds,
  )
  expect(drilled).toMatchObject({ compared: { tables: 1, rows: 2 }, without: [] })
})
