/** Dumps that others made, on a real PostgreSQL: registered, tried, restored side by side as a role without rights, and never more than that. */
import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { createTemporaryDirectory } from '../../../demo/servers/temporary-directory.ts'
import { BackupError } from '../../../src/main/engine/backups/backup-error.ts'
import { runScript } from '../../../src/main/engine/backups/foreign/run-script.ts'
import { scanScript } from '../../../src/main/engine/backups/foreign/scan.ts'
import { sqlOf, wrappingOf } from '../../../src/main/engine/backups/foreign/sql-of.ts'
import type { Manifest } from '../../../src/main/engine/backups/manifest.ts'
import { createTools } from '../../../src/main/engine/backups/postgres/tools.ts'
import { type BackupKit, client, createBackupKit, untilItEnds } from '../backups/backup-kit.ts'
import { contentsOf } from '../backups/contents.ts'
import { everything } from '../backups/everything.ts'
import { createRestoreKit, type RestoreKit, runUntil } from './restore-kit.ts'

// Each restore is threads and programs that begin: on a machine with much else to do they take their time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const SHOP = 'Лавка'
let server: PostgresServer
let kit: BackupKit
let restore: RestoreKit
let contents: Record<string, string[]>
/** As `pg_dump` writes it, in several ways. */
let [plain, custom, inserting, creating] = ['', Buffer.alloc(0), Buffer.alloc(0), Buffer.alloc(0)] as [
  string,
  Buffer,
  Buffer,
  Buffer,
]
beforeAll(async () => {
  server = await startPostgres()
  kit = await createBackupKit({ password: server.password })
  mkdirSync(join(kit.home, 'given'))
  await server.query('CREATE ROLE "Хозяин"; CREATE ROLE "Другой"; CREATE ROLE reader')
  await server.query(
    `CREATE DATABASE "${SHOP}" OWNER "Хозяин" TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'`,
  )
  await server.query(`SET ROLE "Хозяин"; ${everything()}`, { database: SHOP })
  await server.query(
    `ALTER TABLE orders OWNER TO "Другой"; GRANT SELECT ON customers TO reader;
     CREATE FUNCTION "считает"(n int) RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT CASE WHEN n > 0 THEN 1 ELSE 2 END; SELECT count(*) FROM orders; END;
       CREATE FUNCTION words() RETURNS text LANGUAGE plpgsql AS $тело$ BEGIN RETURN 'a; \\! b $$ c'; END $тело$;
       COMMENT ON FUNCTION words() IS E'две\\nстроки; -- и\\\\точка';
       CREATE RULE noted AS ON DELETE TO empty DO ALSO (SELECT 1; SELECT 2)`,
    { database: SHOP },
  )
  plain = dump('--format=plain').toString('utf8')
  custom = dump('--format=custom')
  inserting = dump('--inserts', '--rows-per-insert=7')
  creating = dump('--create')
  contents = await contentsOf(server, SHOP)
  restore = createRestoreKit(server, kit, { database: SHOP })
})
afterAll(async () => {
  await restore.close()
  await kit.close()
  await server.stop()
})
afterEach(async () => {
  for (const name of await restore.databases())
    if (name !== SHOP) await server.query(`DROP DATABASE "${name}" WITH (FORCE)`)
  expect(await server.query(`SELECT rolname FROM pg_roles WHERE rolname LIKE 'vakhta%'`)).toEqual([])
})

function dump(...args: string[]): Buffer {
  return execFileSync(
    client('pg_dump'),
    [...args, `--dbname=host=127.0.0.1 port=${server.port} user=postgres dbname='${SHOP}'`],
    { env: { PGPASSWORD: server.password, LC_ALL: 'C' }, maxBuffer: 1 << 26 },
  )
}

/** Whoever owns the database owns what is restored, whomever the dump names, and has the rights that its owner had there (decision 43). */
function asRestored({
  owners = [],
  rights = [],
  ...rest
}: Record<string, string[]>): Record<string, string[]> {
  const owner = '"Хозяин"'
  const then = new Map<string, string>()
  for (const line of owners) {
    const told = JSON.parse(line)
    // Whoever that is, is a member of it.
    if (told.owner !== 'pg_database_owner') then.set(told.of, told.owner)
  }
  const now = (on: string, role: string) => (role === then.get(on) ? owner : role)
  const events = { on: 'table public.events', to: owner }
  return {
    ...rest,
    owners: owners.map((line) => {
      const told = JSON.parse(line)
      return JSON.stringify({ ...told, owner: now(told.of, told.owner) })
    }),
    rights: [
      ...rights.map((line) => {
        const told = JSON.parse(line)
        return JSON.stringify({ ...told, to: now(told.on, told.to), by: now(told.on, told.by) })
      }),
      // What an owner took from itself was not taken from the role that made it.
      ...['UPDATE', 'DELETE'].map((privilege) =>
        JSON.stringify({ ...events, privilege_type: privilege, is_grantable: false, by: owner }),
      ),
    ].sort(),
  }
}

/** Puts a file on the console's machine, as somebody would give it. */
function given(content: string | Buffer, name = `${randomUUID()}.sql`): string {
  const path = join(kit.home, 'given', name)
  writeFileSync(path, content)
  return path
}

async function register(file: string): Promise<Manifest> {
  const manifest = await kit.runJob(
    {
      ...{ kind: 'register', id: `shop-${randomUUID()}`, deployment: 'shop', console: 'night shift' },
      ...{ file, database: SHOP, recipients: await kit.keys.recipients() },
      store: { kind: 'local', directory: kit.directory },
    },
    untilItEnds,
  )
  restore.know(manifest)
  return manifest
}

/** What reading a file fails with before it is registered. */
async function refusal(content: string | Buffer) {
  async function* bytes() {
    yield Buffer.from(content as string)
  }
  try {
    const reading = { tools: createTools({ env: process.env }), signal: untilItEnds.signal }
    const wrapping = await wrappingOf(bytes, 'dump.sql')
    return await scanScript(sqlOf(reading, wrapping, bytes(), 'dump.sql'))
  } catch (error) {
    return error instanceof BackupError ? error.failure : error
  }
}

async function drill(manifest: Manifest) {
  return kit.runJob(
    {
      ...{ kind: 'drill', manifest, store: { kind: 'local', directory: kit.directory } },
      identity: await kit.keys.drillIdentity(),
    },
    untilItEnds,
  )
}

/** A dump of others with these statements in it, its lines as they are counted. */
const around = (...statements: string[]): string =>
  [
    '--',
    '-- PostgreSQL database dump',
    '--',
    '',
    ...statements,
    '--',
    '-- PostgreSQL database dump complete',
    '--',
    '',
  ].join('\n')
const FIRST_LINE = 5

const options = (manifest: Manifest, more = {}) => ({
  ...{ mode: 'side-by-side', backup: manifest.id, another: true },
  ...more,
})

describe('a dump of everything', () => {
  const FORMS: readonly (readonly [string, () => Buffer | string])[] = [
    ['as plain SQL', () => plain],
    ['with gzip', () => gzipSync(plain)],
    ['in the custom format', () => custom],
    ['as statements that insert', () => inserting],
    ['with its database', () => creating],
    ['with the line ends and the mark of Windows', () => `\uFEFF${plain.replaceAll('\n', '\r\n')}`],
  ]

  it.each(FORMS.slice(0, 5))('%s is registered, tried, and restored row by row', async (_, form) => {
    const file = given(form())
    const manifest = await register(file)
    expect(manifest).toMatchObject({ partial: true, server: { name: expect.stringMatching(/^15\./) } })
    expect(manifest.foreign).toMatchObject({ file, owners: expect.arrayContaining(['Другой', 'Хозяин']) })
    await kit.verify(manifest)
    expect(await drill(manifest)).toMatchObject({ compared: { tables: manifest.parts[0]?.tables.length } })

    await server.query('DELETE FROM orders WHERE id > 10; DROP TABLE types', { database: SHOP })
    const damaged = await contentsOf(server, SHOP)
    const console = await restore.console()
    const done = await console.run(options(manifest))
    expect(done).toMatchObject({ state: 'succeeded', undo: 'available', error: null })
    expect(await contentsOf(server, SHOP)).toEqual(asRestored(contents))
    expect(await console.act(done.id, 'undo')).toMatchObject({ state: 'undone', target: 'unchanged' })
    expect(await contentsOf(server, SHOP)).toEqual(damaged)
    // For the next.
    expect(await console.run(options(manifest))).toMatchObject({ state: 'succeeded' })
    await console.close()
  })

  it(`${FORMS[5]?.[0]} is registered and tried`, async () => {
    const manifest = await register(given(FORMS[5]?.[1]() ?? ''))
    expect(manifest.parts[0]?.tables.length).toBeGreaterThan(5)
    expect(await drill(manifest)).toMatchObject({ compared: { tables: manifest.parts[0]?.tables.length } })
  })
})

describe('what a dump may not', () => {
  it('is said to psql: it is refused by its line, and not done', async () => {
    const marker = join(kit.home, 'marker')
    for (const command of [
      `\\! touch ${marker}`,
      `\\copy t from program 'touch ${marker}'`,
      `\\i ${marker}`,
      `\\o | touch ${marker}`,
    ])
      expect(await refusal(around('SELECT 1;', command))).toEqual({
        code: 'dump-command',
        params: { line: FIRST_LINE + 1, command: command.split(' ')[0] },
      })
    const before = await kit.store.list()
    await expect(register(given(around(`\\! touch ${marker}`)))).rejects.toMatchObject({
      failure: { code: 'dump-command' },
    })
    expect(await kit.store.list()).toEqual(before)
    expect(await kit.store.clear()).toEqual({ cleared: [], stuck: [] })
    expect(await refusal(around('CREATE TABLE a ();', '\\connect postgres'))).toMatchObject({
      code: 'dump-command',
    })
    expect(await refusal(around(`SELECT 1 \\g | touch ${marker}`, ';'))).toMatchObject({
      code: 'dump-command',
    })
    expect(existsSync(marker)).toBe(false)
  })

  it.each([
    ['a program', (marker: string) => `COPY a FROM PROGRAM 'touch ${marker}'`],
    ['a program that is told rows', (marker: string) => `COPY a TO PROGRAM 'touch ${marker}'`],
    ['a file of the server', () => `COPY a FROM '/etc/passwd'`],
    ['a file that it writes', (marker: string) => `COPY a TO '${marker}'`],
    ['a file that it reads', () => `SELECT pg_read_file('/etc/passwd')`],
    ['a large object out of a file', () => `SELECT lo_import('/etc/passwd')`],
    ['a language without bounds', () => `CREATE FUNCTION f() RETURNS int LANGUAGE c AS 'libc', 'system'`],
    ['itself to be a superuser', () => 'ALTER ROLE CURRENT_USER SUPERUSER'],
    ['to be somebody else', () => 'SET SESSION AUTHORIZATION postgres'],
    ['to be who owns the database', () => 'SET ROLE "Хозяин"'],
    ['a role', () => 'CREATE ROLE evil'],
    [
      'to have a role',
      () => 'DO $$ BEGIN EXECUTE \'GRANT "Хозяин" TO \' || quote_ident(current_user); END $$',
    ],
    ['a database', () => `DO $$ BEGIN EXECUTE 'ALTER DATABASE "Лавка" SET work_mem = 1'; END $$`],
    ['an event trigger', () => 'CREATE EVENT TRIGGER e ON ddl_command_start EXECUTE FUNCTION f()'],
    ['another server', () => `CREATE SUBSCRIPTION s CONNECTION 'host=127.0.0.1' PUBLICATION p`],
  ])('%s is refused by PostgreSQL, by its line', async (_, statement) => {
    const marker = join(server.directory, `marker-${randomUUID()}`)
    await server.query(`CREATE ROLE powerless LOGIN PASSWORD '${server.password}'`)
    await server.query('CREATE DATABASE apart OWNER powerless')
    const session = new Client({
      ...{ host: '127.0.0.1', port: server.port, database: 'apart' },
      ...{ user: 'powerless', password: server.password },
    })
    await session.connect()
    try {
      const script = Readable.from([
        Buffer.from(around('CREATE TABLE a (b text);', `${statement(marker)};`)),
      ]) as AsyncIterable<Buffer>
      const running = runScript(session, script, {
        file: 'dump.sql',
        signal: untilItEnds.signal,
        onRefused() {},
      })
      await expect(running).rejects.toMatchObject({
        failure: { code: 'dump-refused', params: { line: FIRST_LINE + 1 } },
      })
    } finally {
      await session.end()
      await server.query('DROP DATABASE apart WITH (FORCE)')
      await server.query('DROP ROLE powerless')
    }
    expect(existsSync(marker)).toBe(false)
  })

  it('is run by no server, that for a drill among them', async () => {
    const marker = join(server.directory, `marker-${randomUUID()}`)
    const manifest = await register(
      given(around('CREATE TABLE a (b text);', `COPY a FROM PROGRAM 'touch ${marker}';`)),
    )
    const expected = { code: 'dump-refused', params: { line: FIRST_LINE + 1 } }
    const console = await restore.console()
    const failed = await console.run(options(manifest))
    expect(failed).toMatchObject({
      state: 'failed',
      target: 'unchanged',
      error: { code: expected.code, params: expected.params },
    })
    await console.close()
    const error = await drill(manifest).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ failure: expected })
    expect(existsSync(marker)).toBe(false)
    expect(await restore.databases()).toEqual([SHOP])
  })

  it('is without power afterwards, whoever made it', async () => {
    const manifest = await register(
      given(
        around(
          'CREATE FUNCTION who() RETURNS text LANGUAGE sql SECURITY DEFINER AS $$ SELECT current_user::text $$;',
          'ALTER FUNCTION who() OWNER TO postgres;',
          'GRANT EXECUTE ON FUNCTION who() TO nobody_here;',
        ),
      ),
    )
    const console = await restore.console()
    const done = await console.run(options(manifest, { swap: false }))
    expect(done).toMatchObject({ state: 'succeeded' })
    expect(await server.query('SELECT who()', { database: String(done.result?.restored) })).toEqual([
      { who: 'Хозяин' },
    ])
    await console.act(done.id, 'undo')
    await console.close()
  })

  it('gets no hold of who enters its database, by names of PostgreSQL that stand before the real ones', async () => {
    const place = createTemporaryDirectory('hold')
    chmodSync(place.path, 0o777)
    const marker = join(place.path, 'marker')
    await server.query('CREATE ROLE bystander')
    const manifest = await register(
      given(
        around(
          'CREATE SCHEMA evil;',
          `CREATE FUNCTION evil.mark() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN
             BEGIN EXECUTE 'ALTER ROLE bystander SUPERUSER'; EXCEPTION WHEN OTHERS THEN NULL; END;
             BEGIN EXECUTE 'COPY (SELECT 1) TO PROGRAM ''touch ${marker}'''; EXCEPTION WHEN OTHERS THEN NULL; END;
             RETURN true; END $$;`,
          `CREATE FUNCTION evil.current_setting(text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN
             PERFORM evil.mark(); RETURN pg_catalog.current_setting($1); END $$;`,
          `CREATE FUNCTION evil.same(integer, integer) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN
             RETURN evil.mark() AND $1 OPERATOR(pg_catalog.=) $2; END $$;`,
          'CREATE OPERATOR evil.= (LEFTARG = integer, RIGHTARG = integer, FUNCTION = evil.same);',
          'CREATE VIEW evil.pg_class AS SELECT c.*, evil.mark() AS held FROM pg_catalog.pg_class c;',
          'CREATE TABLE public.kept AS SELECT 1 AS one;',
          `DO $$ BEGIN
             EXECUTE format('ALTER DATABASE %I SET search_path = evil, pg_catalog', current_database());
             EXECUTE format('GRANT ALL ON DATABASE %I TO PUBLIC', current_database());
             IF EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'bystander') THEN
               EXECUTE format('GRANT ALL ON DATABASE %I TO bystander', current_database()); END IF; END $$;`,
        ),
      ),
    )
    try {
      await drill(manifest)
      const console = await restore.console()
      const done = await console.run(options(manifest, { swap: false }))
      expect(done).toMatchObject({ state: 'succeeded' })
      const restored = String(done.result?.restored)
      expect(
        await server.query(
          `SELECT rolsuper AS super, has_database_privilege('bystander', '${restored}', 'CREATE') AS granted,
                  (SELECT count(*)::int FROM pg_db_role_setting) AS settings
             FROM pg_roles WHERE rolname = 'bystander'`,
        ),
      ).toEqual([{ super: false, granted: false, settings: 0 }])
      expect(existsSync(marker)).toBe(false)
      await console.act(done.id, 'undo')
      await console.close()
    } finally {
      await server.query('DROP ROLE bystander')
      await place.remove()
    }
  })

  it('happens only where somebody said so, and in a database of nobody powerful', async () => {
    const manifest = await register(given(plain))
    const console = await restore.console()
    const { preview: unsaid } = await console.preview({ mode: 'side-by-side', backup: manifest.id })
    expect(unsaid.refusals.map(({ code }) => code)).toEqual(['restore-foreign-unconfirmed'])
    const { preview } = await console.preview(options(manifest))
    expect(preview.refusals).toEqual([])
    expect(preview.warnings.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['restore-foreign-runs', 'restore-foreign-hands-over']),
    )
    const { preview: tables } = await console.preview({
      ...{
        mode: 'tables',
        backup: manifest.id,
        another: true,
        tables: [{ schema: 'public', name: 'orders' }],
      },
    })
    expect(tables.refusals).toMatchObject([{ code: 'foreign-only-beside' }])
    const { preview: elsewhere } = await console.preview({
      ...{ mode: 'elsewhere', from: 'shop', backup: manifest.id, another: true, as: 'else' },
    })
    expect(elsewhere.refusals).toMatchObject([{ code: 'foreign-only-beside' }])
    await server.query(`ALTER DATABASE "${SHOP}" OWNER TO postgres`)
    const { preview: owned } = await console.preview(options(manifest))
    await server.query(`ALTER DATABASE "${SHOP}" OWNER TO "Хозяин"`)
    expect(owned.refusals).toMatchObject([{ code: 'restore-foreign-owner', params: { owner: 'postgres' } }])
    await console.close()
  })
})

describe('what is no whole dump', () => {
  it('is refused, and nothing of it is kept', async () => {
    expect(await refusal('SELECT 1;')).toMatchObject({ code: 'dump-none' })
    expect(await refusal('root:x:0:0:root:/root:/bin/bash\n')).toMatchObject({ code: 'dump-none' })
    expect(await refusal(Buffer.from(plain, 'utf16le'))).toMatchObject({ code: 'dump-none' })
    expect(await refusal(plain.slice(0, plain.length / 2))).toMatchObject({ code: 'dump-cut' })
    expect(
      await refusal(plain.slice(0, plain.indexOf('-- PostgreSQL database dump complete'))),
    ).toMatchObject({
      code: 'dump-cut',
    })
    expect(await refusal(`${plain}\nSELECT 1;\n`)).toMatchObject({ code: 'dump-cut' })
    const packed = gzipSync(plain)
    expect(await refusal(packed.subarray(0, packed.length - 20))).toMatchObject({ code: 'dump-gzip' })
    expect(await refusal(custom.subarray(0, custom.length - 20))).toMatchObject({
      code: 'contents-unreadable',
    })
    expect(
      await refusal(plain.replace('PostgreSQL database dump', 'PostgreSQL database cluster dump')),
    ).toMatchObject({
      code: 'dump-cluster',
    })
    const error = await register('/nowhere/dump.sql').catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ failure: { code: 'dump-unreadable' } })
  })

  it('is found by its checksum, once it was registered, before anything is made', async () => {
    const manifest = await register(given(plain))
    const path = join(kit.directory, manifest.id, manifest.parts[0]?.file ?? '')
    const bytes = readFileSync(path)
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1
    writeFileSync(path, bytes)
    const console = await restore.console()
    const failed = await console.run(options(manifest))
    expect(failed).toMatchObject({ state: 'failed', target: 'unchanged', error: { code: 'file-altered' } })
    expect(failed.steps.map(({ id, state }) => `${id} ${state}`)).toContain('restore-create pending')
    await console.close()
  })

  it('stops in a row that is wrong, by its line', async () => {
    const manifest = await register(
      given(around('CREATE TABLE n (i int);', 'COPY public.n (i) FROM stdin;', '1', '2', 'x', '\\.')),
    )
    await expect(drill(manifest)).rejects.toMatchObject({
      failure: { code: 'dump-refused', params: { line: FIRST_LINE + 4 } },
    })
  })
})

it('is taken up, or taken back, wherever the console died', async () => {
  const manifest = await register(
    given(around('CREATE TABLE n (i int);', 'COPY public.n (i) FROM stdin;', '1', '2', '\\.')),
  )
  const quick = createRestoreKit(server, kit, { database: SHOP, readsOnce: true })
  quick.know(manifest)
  const beside = options(manifest, { swap: false })
  let at = 5
  for (; ; at += 1) {
    const isTakenUp = at % 2 === 0
    const { entries, id } = await runUntil(quick, beside, { at, when: at % 3 === 0 ? 'before' : 'after' })
    if (entries < at) break
    const console = await quick.console()
    const found = await console.operations.get(id ?? '')
    if (isTakenUp && found.state === 'interrupted') {
      const done = await console.act(found.id, 'resume')
      expect({ at, ...done }).toMatchObject({ at, state: 'succeeded', error: null })
      const database = String(done.result?.restored)
      expect(await server.query('SELECT i FROM n ORDER BY 1', { database })).toEqual([{ i: 1 }, { i: 2 }])
    }
    const { state } = await console.operations.get(found.id)
    const back = await console.act(found.id, state === 'interrupted' ? 'cancel' : 'undo')
    expect({ at, ...back }).toMatchObject({ at, target: 'unchanged', error: null })
    expect(await quick.databases()).toEqual([SHOP])
    expect(await server.query(`SELECT rolname FROM pg_roles WHERE rolname LIKE 'vakhta%'`)).toEqual([])
    await console.close()
  }
  expect(at).toBeGreaterThan(14)
  await quick.close()
}, 400_000)

it('leaves no role where its database could not be made', async () => {
  const manifest = await register(given(plain))
  await server.query('ALTER DATABASE template0 ALLOW_CONNECTIONS true')
  const inTheWay = await server.connect('template0')
  try {
    const console = await restore.console()
    const failed = await console.run(options(manifest))
    expect(failed).toMatchObject({ state: 'failed', undo: 'done', target: 'unchanged' })
    expect(failed.steps.find(({ state }) => state === 'undone')).toMatchObject({ id: 'restore-create' })
    await console.close()
  } finally {
    await inTheWay.end()
    await server.query('ALTER DATABASE template0 ALLOW_CONNECTIONS false')
  }
})

it.each([
  ['fails after that', 'SELECT 1 / 0;', { state: 'failed', undo: 'done', target: 'unchanged' }],
  ['ends well', 'SELECT 1;', { state: 'succeeded', undo: 'available' }],
])(
  'what it says of its own database keeps nobody from dropping it, where it %s',
  async (_, last, expected) => {
    const manifest = await register(
      given(
        around(
          `DO $$ BEGIN EXECUTE format('COMMENT ON DATABASE %I IS %L', current_database(), 'mine');
           EXECUTE format('ALTER DATABASE %I IS_TEMPLATE true', current_database()); END $$;`,
          last,
        ),
      ),
    )
    const console = await restore.console()
    const done = await console.run(options(manifest, { swap: false }))
    expect(done).toMatchObject(expected)
    expect(
      await server.query(
        `SELECT datname FROM pg_database WHERE datistemplate AND datname NOT LIKE 'template_'`,
      ),
    ).toEqual([])
    if (done.state === 'succeeded')
      expect(await console.act(done.id, 'undo')).toMatchObject({ state: 'undone', target: 'unchanged' })
    expect(await restore.databases()).toEqual([SHOP])
    await console.close()
  },
)
