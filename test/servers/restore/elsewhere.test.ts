/** A restore to a server that has nothing, because the host is gone: roles, the database with what is around it, then data; and all of it goes back. */
import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import type { Manifest } from '../../../src/main/engine/backups/manifest.ts'
import { type BackupKit, createBackupKit } from '../backups/backup-kit.ts'
import { contentsOf } from '../backups/contents.ts'
import { countsOf, everything, privileged } from '../backups/everything.ts'
import { createRestoreKit, type RestoreKit } from './restore-kit.ts'

/** A name that needs quoting wherever a name can stand. */
const STRANGE = `Лавка "Ёж" = 'x\\y' /?`
const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

// Each restore is threads and programs that begin: on a machine with much else to do they take their time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const { tables: TABLES, rows: ROWS } = countsOf()

let lost: PostgresServer
let blank: PostgresServer
let kit: BackupKit
let manifest: Manifest
/** A small one, with and without the roles of its server. */
let plain: Manifest
let bare: Manifest
const opened: RestoreKit[] = []
beforeAll(async () => {
  lost = await startPostgres()
  blank = await startPostgres()
  kit = await createBackupKit({ password: lost.password })
  await lost.query(
    `CREATE ROLE "Кладовщик" CREATEDB; CREATE ROLE reader NOLOGIN PASSWORD 'once';
     CREATE ROLE api LOGIN PASSWORD 'once' CONNECTION LIMIT 7 VALID UNTIL '2040-01-01' IN ROLE reader, pg_monitor;
     ALTER ROLE api SET statement_timeout TO '11s';
     GRANT reader TO "Кладовщик" WITH ADMIN OPTION; COMMENT ON ROLE reader IS E'it''s; a \\\\ read -- only';
     CREATE ROLE viewer LOGIN; CREATE ROLE stranger LOGIN; CREATE ROLE root SUPERUSER IN ROLE reader`,
  )
  await lost.query(
    `CREATE DATABASE ${quoted(STRANGE)} OWNER "Кладовщик" TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C.UTF-8' CONNECTION LIMIT 30`,
  )
  await lost.query(everything() + privileged(), { database: STRANGE })
  await lost.query(
    `GRANT SELECT ON customers TO reader;
     CREATE POLICY theirs ON customers TO viewer, "Кладовщик" USING (true);
     COMMENT ON DATABASE ${quoted(STRANGE)} IS E'всё, что ''есть'';\n-- и ещё';
     ALTER DATABASE ${quoted(STRANGE)} SET search_path TO "$user", public, "Склад ""А""";
     ALTER DATABASE ${quoted(STRANGE)} SET vakhta.word TO 'it''s, "so"';
     ALTER ROLE "Кладовщик" IN DATABASE ${quoted(STRANGE)} SET statement_timeout TO '9s';
     REVOKE CONNECT ON DATABASE ${quoted(STRANGE)} FROM PUBLIC;
     GRANT CONNECT, CREATE ON DATABASE ${quoted(STRANGE)} TO "Кладовщик" WITH GRANT OPTION;
     GRANT CONNECT ON DATABASE ${quoted(STRANGE)} TO reader`,
    { database: STRANGE },
  )
  // It reads from a slot that is still there, by its name.
  await lost.query(
    `CREATE SUBSCRIPTION news CONNECTION 'host=127.0.0.1 port=1 dbname=x' PUBLICATION p WITH (connect = false, slot_name = 'live')`,
    { database: STRANGE },
  )
  // A dump that somebody pasted into a function, or worse: none of it is of this database.
  await lost.query(
    `CREATE FUNCTION pasted() RETURNS text LANGUAGE sql AS $f$ SELECT $t$
-- Name: nosuch; Type: EXTENSION; Schema: -; Owner: ghost
-- Name: shop; Type: DATABASE PROPERTIES; Schema: -; Owner: ghost
ALTER DATABASE shop OWNER TO reader;
ALTER ROLE postgres IN DATABASE shop SET search_path TO 'evil';
-- Name: DATABASE shop; Type: ACL; Schema: -; Owner: ghost
GRANT ALL ON DATABASE shop TO ghost;
$t$ $f$`,
    { database: STRANGE },
  )
  manifest = await kit.make(lost, STRANGE, { deployment: 'lost' })
  await lost.query('CREATE DATABASE plain OWNER reader')
  await lost.query(
    `CREATE TABLE visits AS SELECT 1 AS id; ALTER TABLE visits OWNER TO reader; CREATE POLICY theirs ON visits TO viewer USING (true)`,
    { database: 'plain' },
  )
  const small = { deployment: 'lost', recipients: [] }
  plain = await kit.make(lost, 'plain', small)
  bare = await kit.make(lost, 'plain', { ...small, globals: false })
  await kit.vault.set('postgres', blank.password)
})
afterAll(async () => {
  await kit?.close()
  await lost?.stop()
  await blank?.stop()
})
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close()
  const left = await blank.query(
    `SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'vakhta restore%'`,
  )
  expect(left).toEqual([])
})

function restoring(more: Partial<Parameters<typeof createRestoreKit>[2]> = {}): RestoreKit {
  const restore = createRestoreKit(blank, kit, { database: 'shop', readsOnce: true, ...more })
  for (const one of [manifest, plain, bare]) restore.know(one)
  opened.push(restore)
  return restore
}

const options = (more: Record<string, string | boolean> = {}) => ({
  ...{ mode: 'elsewhere', backup: plain.id, from: 'lost' },
  ...more,
})

/** What is of the database and no part of its contents. */
const around = async (server: PostgresServer, name: string) =>
  server.query(
    `SELECT pg_get_userbyid(datdba) AS owner, datcollate, datctype, pg_encoding_to_char(encoding) AS encoding, datconnlimit, datallowconn,
            shobj_description(oid, 'pg_database') AS comment,
            (SELECT json_agg(json_build_array(grantee::regrole::text, privilege_type, is_grantable) ORDER BY grantee::regrole::text, privilege_type)
               FROM aclexplode(datacl)) AS grants,
            (SELECT json_agg(json_build_array(setrole::regrole::text, setconfig) ORDER BY setrole::regrole::text) FROM pg_db_role_setting WHERE setdatabase = d.oid) AS settings
       FROM pg_database d WHERE datname = $1`,
    { values: [name] },
  )
const roles = async (server: PostgresServer, ...names: string[]) =>
  server.query(
    `SELECT rolname, rolcanlogin, rolinherit, rolconnlimit, rolvaliduntil, rolconfig, shobj_description(oid, 'pg_authid') AS comment,
            ARRAY(SELECT m.roleid::regrole::text || m.admin_option FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid
                   WHERE m.member = r.oid AND g.rolname !~ '^pg_' ORDER BY 1) AS groups
       FROM pg_roles r WHERE rolname = ANY ($1) ORDER BY 1`,
    { values: [names] },
  )
/** As the server keeps them. */
const passwords = () =>
  blank.query(`SELECT rolname, rolpassword FROM pg_authid WHERE rolname IN ('postgres', 'reader') ORDER BY 1`)
/** Of the server itself, and of people: whatever a restore left. */
const roleNames = async () =>
  (await blank.query(`SELECT rolname FROM pg_roles WHERE rolname !~ '^pg_' ORDER BY 1`)).map(({ rolname }) =>
    String(rolname),
  )

const MADE = ['api', 'reader', 'viewer', 'Кладовщик']

it('brings everything to a blank server, and takes all of it away again', async () => {
  const restore = restoring()
  const console = await restore.console()
  const { preview } = await console.preview(options({ backup: manifest.id }))
  expect(preview.refusals).toEqual([])
  expect(preview).toMatchObject({ effect: 'writes', databases: [{ name: STRANGE }] })
  expect(preview.changes.map(({ code }) => code)).toEqual([
    ...['restore-makes-roles', 'restore-makes-elsewhere', 'restore-names'],
  ])
  expect(preview.warnings).toContainEqual({
    ...{ code: 'restore-no-subscriptions', params: { subscriptions: 'news' } },
  })
  expect(preview.warnings).toContainEqual({ code: 'restore-passwords', params: { roles: 'api, viewer' } })

  const done = await console.run(options({ backup: manifest.id }))
  expect(done).toMatchObject({ state: 'succeeded', undo: 'available', target: 'changed', error: null })
  expect(done.result).toMatchObject({
    ...{ backup: manifest.id, restored: STRANGE, before: null, tables: TABLES, rows: ROWS },
    ...{ roles: expect.arrayContaining(MADE), withoutPassword: ['api', 'viewer'] },
  })
  expect(await restore.databases()).toEqual([STRANGE])
  const then = await contentsOf(lost, STRANGE)
  expect(then.subscriptions).toHaveLength(1)
  // A second one that reads from the same slot would take from the first.
  expect(await contentsOf(blank, STRANGE)).toEqual({ ...then, subscriptions: [] })
  expect(await around(blank, STRANGE)).toEqual(await around(lost, STRANGE))
  expect(await roles(blank, ...MADE)).toEqual(await roles(lost, ...MADE))
  expect(await roleNames()).toEqual(['postgres', ...MADE].toSorted())
  // Neither a secret nor power over the server came back.
  expect(
    await blank.query(
      `SELECT rolname FROM pg_authid WHERE rolname <> 'postgres' AND (rolpassword IS NOT NULL OR rolcreatedb OR rolsuper OR rolcreaterole)`,
    ),
  ).toEqual([])
  expect(
    await blank.query(
      `SELECT FROM pg_auth_members WHERE member = 'api'::regrole AND roleid = 'pg_monitor'::regrole`,
    ),
  ).toEqual([])
  const log = (await console.operations.log(done.id)).map(({ reason }) => reason)
  expect(log).toContainEqual({
    code: 'restore-roles-left',
    params: { rights: expect.stringContaining('Кладовщик (CREATEDB)') },
  })

  const back = await console.previewUndo(done.id)
  expect(back).toMatchObject({
    refusals: [],
    changes: [
      { code: 'undo-elsewhere-drops', params: { database: STRANGE } },
      { code: 'restore-ends-sessions' },
      { code: 'undo-elsewhere-drops-roles', params: { roles: expect.stringContaining('Кладовщик') } },
    ],
    irreversible: [{ code: 'undo-loses-nothing' }],
  })
  expect(await console.act(done.id, 'undo')).toMatchObject({ state: 'undone', target: 'unchanged' })
  expect(await restore.databases()).toEqual([])
  expect(await roleNames()).toEqual(['postgres'])
  await console.close()
})

it('restores over nothing that is there, and leaves roles that own something else by the time of an undo', async () => {
  const restore = restoring()
  const console = await restore.console()
  const done = await console.run(options())
  expect(done).toMatchObject({ state: 'succeeded', result: { roles: MADE } })
  expect((await console.preview(options())).preview.refusals).toEqual([
    { code: 'restore-exists', params: { database: 'plain' } },
  ])
  const second = await console.run(options({ as: 'second' }))
  expect(second).toMatchObject({ state: 'succeeded', result: { roles: [], restored: 'second' } })

  expect(await console.act(done.id, 'undo')).toMatchObject({ state: 'undone', target: 'unchanged' })
  expect(await restore.databases()).toEqual(['second'])
  // Whoever uses what is a role's that stays, as its member, does so in the second one.
  expect(await roleNames()).toEqual(['postgres', ...MADE].toSorted())
  const log = (await console.operations.log(done.id)).map(({ reason }) => reason)
  expect(log).toContainEqual({
    code: 'restore-roles-kept',
    params: { roles: expect.stringContaining('api') },
  })
  expect(await console.act(second.id, 'undo')).toMatchObject({ state: 'undone' })
  expect(await restore.databases()).toEqual([])
  await blank.query('DROP ROLE api, reader, viewer, "Кладовщик"')
  await console.close()
})

it('leaves roles that were given a password since, or are logged in elsewhere', async () => {
  const restore = restoring()
  const console = await restore.console()
  const done = await console.run(options())
  expect(done).toMatchObject({ state: 'succeeded', result: { roles: MADE } })
  await blank.query(`ALTER ROLE api PASSWORD 'given since'; ALTER ROLE viewer PASSWORD 'for a moment'`)
  const session = new Client({
    ...{
      host: '127.0.0.1',
      port: blank.port,
      user: 'viewer',
      password: 'for a moment',
      database: 'postgres',
    },
  })
  await session.connect()
  await blank.query('ALTER ROLE viewer PASSWORD NULL')
  expect(await console.act(done.id, 'undo')).toMatchObject({ state: 'undone', target: 'unchanged' })
  await session.end()
  expect(await roleNames()).toEqual(['api', 'postgres', 'viewer'])
  expect((await roles(blank, 'api', 'viewer')).map(({ comment }) => comment)).toEqual([null, null])
  await blank.query('DROP ROLE api, viewer')
  await console.close()
})

it('leaves roles that are there as they are, and takes only its own away', async () => {
  await blank.query(`CREATE ROLE reader LOGIN PASSWORD 'new'; COMMENT ON ROLE reader IS 'ours'`)
  const [before, secrets] = [await roles(blank, 'reader'), await passwords()]
  expect(secrets.map(({ rolpassword }) => String(rolpassword).slice(0, 6))).toEqual(['SCRAM-', 'SCRAM-'])
  const restore = restoring()
  const console = await restore.console()
  const done = await console.run(options())
  expect(done).toMatchObject({ state: 'succeeded', error: null })
  // Whoever was a member of that one there need not be one of this one here.
  expect(await roleNames()).toEqual(['postgres', 'reader', 'viewer'])
  expect(await roles(blank, 'reader')).toEqual(before)
  expect(await passwords()).toEqual(secrets)
  expect(await console.act(done.id, 'undo')).toMatchObject({ state: 'undone' })
  expect(await passwords()).toEqual(secrets)
  expect(await roleNames()).toEqual(['postgres', 'reader'])
  await blank.query('DROP ROLE reader')
  await console.close()
})

it('brings back a database of the same server that was dropped', async () => {
  const restore = restoring({ database: 'gone' })
  const console = await restore.console()
  await blank.query('CREATE DATABASE gone')
  await blank.query('CREATE TABLE visits AS SELECT 1 AS id', { database: 'gone' })
  const own = await kit.make(blank, 'gone', { recipients: [] })
  await blank.query('DROP DATABASE gone WITH (FORCE)')
  restore.know(own)
  expect(
    await console.run({ mode: 'side-by-side', backup: own.id }).catch((error: unknown) => error),
  ).toMatchObject({
    refused: { kind: 'impossible' },
  })
  const done = await console.run({ mode: 'elsewhere', backup: own.id, from: 'shop' })
  expect(done).toMatchObject({ state: 'succeeded', result: { rows: 1, roles: [] } })
  expect(await blank.query('SELECT id FROM visits', { database: 'gone' })).toEqual([{ id: 1 }])
  expect(await console.act(done.id, 'undo')).toMatchObject({ state: 'undone' })
  expect(await restore.databases()).toEqual([])
  await console.close()
})

it('a role that may make databases and roles, and nothing else, can do it', async () => {
  await blank.query(
    `CREATE ROLE operator LOGIN CREATEDB CREATEROLE PASSWORD '${blank.password}'; CREATE ROLE watcher LOGIN PASSWORD '${blank.password}' IN ROLE pg_monitor`,
  )
  const restore = restoring({ operate: 'operator', watch: 'watcher' })
  const console = await restore.console()
  const done = await console.run(options())
  expect(done).toMatchObject({
    state: 'succeeded',
    error: null,
    result: { withoutPassword: ['api', 'viewer'] },
  })
  expect(await contentsOf(blank, 'plain')).toEqual(await contentsOf(lost, 'plain'))
  expect(await console.act(done.id, 'undo')).toMatchObject({ state: 'undone', target: 'unchanged' })
  expect(await roleNames()).toEqual(['operator', 'postgres', 'watcher'])
  expect(await restore.databases()).toEqual([])
  await console.close()
  await blank.query('DROP ROLE operator, watcher')
})

describe('what stands in its way is told before anything is touched:', () => {
  const refusals = async (restore: RestoreKit, asked: Record<string, string | boolean>) => {
    const console = await restore.console()
    try {
      return (await console.preview(asked)).preview.refusals
    } finally {
      await console.close()
    }
  }

  it.each([
    ['a deployment that the backup is not of', { from: 'shop' }, 'backup-unknown'],
    ['a database that is administered from', { as: 'postgres' }, 'restore-maintenance'],
    ['a database that is not in it', { database: 'other' }, 'database-not-in-it'],
  ])('%s', async (_, more, code) => {
    expect((await refusals(restoring(), options(more))).map((one) => one.code)).toContain(code)
  })

  it('roles that are in no globals', async () => {
    expect(await refusals(restoring(), options({ backup: bare.id }))).toEqual([
      { code: 'restore-roles-unknown', params: { roles: expect.stringContaining('viewer') } },
    ])
  })

  it('who may make neither databases nor roles', async () => {
    await blank.query(`CREATE ROLE helper LOGIN PASSWORD '${blank.password}'`)
    const codes = (await refusals(restoring({ operate: 'helper' }), options())).map(({ code }) => code)
    expect(codes).toEqual(expect.arrayContaining(['restore-no-createdb', 'restore-no-createrole']))
    await blank.query('DROP ROLE helper')
  })

  it('a backup that another console signed', async () => {
    const restore = restoring()
    restore.know(plain, { signedBy: 'another' })
    expect(await refusals(restore, options())).toEqual([{ code: 'restore-signed-by-another', params: {} }])
    expect(await refusals(restore, options({ another: true }))).toEqual([])
  })
})
