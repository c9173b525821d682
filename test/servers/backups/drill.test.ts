/** A drill restores a backup into a server of its own and compares; nothing of that server is left. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateX25519Identity } from 'age-encryption'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { descendantsOf } from '../../../demo/servers/process-tree.ts'
import { comparedOf } from '../../../src/main/engine/backups/compared.ts'
import type { Manifest } from '../../../src/main/engine/backups/manifest.ts'
import { makeDrillDatabase } from '../../../src/main/engine/backups/postgres/drill-database.ts'
import { Cancelled } from '../../../src/main/engine/backups/worker/told.ts'
import { addUp } from '../../../src/shared/model/compared.ts'
import { until } from '../../support/until.ts'
import { type BackupKit, createBackupKit, untilItEnds } from './backup-kit.ts'
import { countsOf, everything } from './everything.ts'

// Each is threads and programs that begin: on a machine with much else to do they take their time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const { tables: TABLES, rows: ROWS } = countsOf()

let server: PostgresServer
let kit: BackupKit
let manifest: Manifest
beforeAll(async () => {
  server = await startPostgres()
  kit = await createBackupKit({ password: server.password })
  process.env.TMPDIR = kit.home
  // As temporary directories are: where we are root, the drill's server is somebody else's.
  chmodSync(kit.home, 0o1777)
  await server.query('CREATE ROLE "Кладовщик"')
  await server.query('CREATE DATABASE shop')
  await server.query(everything(), { database: 'shop' })
  await server.query(
    `ALTER TABLE orders OWNER TO "Кладовщик"; GRANT SELECT ON customers TO "Кладовщик";
     CREATE POLICY theirs ON customers TO "Кладовщик" USING (true)`,
    { database: 'shop' },
  )
  manifest = await kit.make(server, 'shop')
})
afterAll(async () => {
  await kit.close()
  await server.stop()
})
afterEach(async () => {
  await until(() => drills().length === 0, { what: "the end of the drill's server", timeoutMs: 20_000 })
})

const drills = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('vakhta-drill-'))
const drill = async (of: Manifest, identity?: string, limits = untilItEnds) =>
  kit.runJob(
    {
      kind: 'drill',
      manifest: of,
      store: { kind: 'local', directory: kit.directory },
      identity: identity ?? (await kit.keys.drillIdentity()),
    },
    limits,
  )
const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'it succeeded',
    (error: unknown) => (error as { failure?: unknown }).failure ?? error,
  )

it('proves a backup with everything that databases have, and tells how long that took', async () => {
  const drilled = await drill(manifest)
  const databases = manifest.parts.filter(({ content }) => content === 'database').map(comparedOf)
  // As many as were counted: nothing of these takes rights.
  expect(drilled.compared).toEqual(addUp(databases))
  expect(drilled).toMatchObject({
    compared: { tables: TABLES, rows: ROWS, sequences: 5, largeObjects: 4 },
    recoveryMs: expect.any(Number),
  })
  expect(drilled.recoveryMs).toBeGreaterThan(100)
})

it('finds a table that has other rows than were counted', async () => {
  const parts = manifest.parts.map((part) => ({
    ...part,
    tables: part.tables.map((table) => (table.name === 'orders' ? { ...table, rows: 201 } : table)),
  }))
  expect(await failure(drill({ ...manifest, parts }))).toMatchObject({
    code: 'counts-differ',
    params: { table: 'shop: public.orders', expected: 201, found: 200, more: 0 },
  })
})

it('restores into a database of the same locale and encoding', async () => {
  await server.query(`CREATE DATABASE names TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'`)
  await server.query(
    `CREATE TABLE people (name text CHECK (name ~ '^[[:alpha:]]+$')); INSERT INTO people VALUES ('Анна')`,
    { database: 'names' },
  )
  expect(await drill(await kit.make(server, 'names'))).toMatchObject({
    compared: { rows: 1 },
    localesMissing: [],
  })
  await server.query(`CREATE DATABASE bytes TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'`)
  await server.query(`CREATE TABLE notes (note text); INSERT INTO notes VALUES (E'\\xFF\\xFE')`, {
    database: 'bytes',
  })
  expect(await drill(await kit.make(server, 'bytes'))).toMatchObject({ compared: { rows: 1 } })
})

it('takes the nearest locale where the own one is not there, and says which that is', async () => {
  const client = await server.connect()
  const create = { ENCODING: "'UTF8'", LC_COLLATE: "'xx_XX.UTF-8'", LC_CTYPE: "'xx_XX.UTF-8'" }
  try {
    expect(await makeDrillDatabase(client, 'nearest', create, 150_000)).toBe('xx_XX.UTF-8')
  } finally {
    await client.end()
  }
  const [made] = await server.query(`SELECT datctype FROM pg_database WHERE datname = 'nearest'`)
  expect(made).toEqual({ datctype: 'C.UTF-8' })
})

it('is not held up by what the roles of the server are set to, its superuser among them', async () => {
  // A session from before, which may write.
  const client = await server.connect()
  await client.query('ALTER ROLE postgres SET default_transaction_read_only = on')
  try {
    expect(await drill(await kit.make(server, 'shop'))).toMatchObject({ compared: { tables: TABLES } })
  } finally {
    await client.query('ALTER ROLE postgres RESET default_transaction_read_only')
    await client.end()
  }
})

it('says nothing of the globals that only stands within what a role set for itself', async () => {
  const touched = join(kit.home, 'touched-by-a-role')
  await server.query('CREATE ROLE sly LOGIN')
  await server.query(
    `SET SESSION AUTHORIZATION sly; ALTER ROLE sly SET search_path = E'x
CREATE ROLE y; COPY (SELECT 1) TO PROGRAM $$touch ${touched}$$;
z'; RESET SESSION AUTHORIZATION`,
  )
  try {
    expect(await drill(await kit.make(server, 'shop'))).toMatchObject({ compared: { tables: TABLES } })
    expect(existsSync(touched)).toBe(false)
  } finally {
    await server.query('DROP ROLE sly')
  }
})

it('runs nothing of a backup with rights: a check of a table writes no file here', async () => {
  const touched = join(kit.home, 'touched-by-a-check')
  await server.query('CREATE DATABASE tricky')
  await server.query(
    `CREATE FUNCTION sly(i int) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN
       IF current_database() LIKE 'drill%' THEN
         BEGIN EXECUTE 'COPY (SELECT 1) TO PROGRAM ''touch ${touched}'''; EXCEPTION WHEN insufficient_privilege THEN NULL; END;
         BEGIN EXECUTE 'ALTER ROLE CURRENT_USER SUPERUSER'; EXCEPTION WHEN insufficient_privilege THEN NULL; END;
         IF (SELECT rolsuper OR rolcreaterole OR rolcreatedb FROM pg_catalog.pg_roles WHERE rolname = session_user) THEN RAISE 'a drill has rights'; END IF;
         IF current_setting('max_logical_replication_workers') <> '0' THEN RAISE 'a drill may follow a server'; END IF;
       END IF; RETURN true; END $$;
     CREATE TABLE t (a int CHECK (sly(a))); INSERT INTO t VALUES (1)`,
    { database: 'tricky' },
  )
  expect(await drill(await kit.make(server, 'tricky'))).toMatchObject({
    compared: { tables: 1, rows: 1 },
    without: [],
  })
  expect(existsSync(touched)).toBe(false)
})

it('proves a database with what only a superuser may make, and says what of it was not tried', async () => {
  const touched = join(kit.home, 'touched-by-a-superuser')
  await server.query('CREATE DATABASE grown')
  await server.query(
    `CREATE TABLE t (id bigint PRIMARY KEY, note text); INSERT INTO t SELECT g, 'x' FROM generate_series(1, 9) g;
     ALTER TABLE t ENABLE ROW LEVEL SECURITY; ALTER TABLE t FORCE ROW LEVEL SECURITY; CREATE POLICY none ON t USING (false);
     ALTER TABLE t OWNER TO "Кладовщик";
     CREATE MATERIALIZED VIEW counted AS SELECT count(*) FROM t;
     CREATE TYPE shade AS ENUM ('light', 'dark');
     CREATE FUNCTION truth(bigint) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1 <> 0';
     CREATE CAST (bigint AS boolean) WITH FUNCTION truth(bigint) AS IMPLICIT;
     CREATE VIEW truths AS SELECT (id)::boolean AS is FROM t;
     CREATE OPERATOR FAMILY back USING btree;
     CREATE OPERATOR CLASS back FOR TYPE bigint USING btree FAMILY back AS
       OPERATOR 1 >, OPERATOR 2 >=, OPERATOR 3 =, OPERATOR 4 <=, OPERATOR 5 <, FUNCTION 1 btint8cmp(int8, int8);
     CREATE INDEX backwards ON t (id back);
     CREATE FUNCTION plain(int, int) RETURNS int LANGUAGE internal AS 'int4pl';
     CREATE VIEW with_plain AS SELECT plain(1, 2);
     CREATE FUNCTION quiet(int) RETURNS int LANGUAGE sql LEAKPROOF AS 'SELECT $1';
     CREATE EXTENSION pg_trgm;
     CREATE FUNCTION in_path(int) RETURNS int LANGUAGE sql SET search_path TO public AS 'SELECT $1';
     CREATE FUNCTION of_tenant(int) RETURNS int LANGUAGE sql SET app.tenant TO 'x' AS 'SELECT $1';
     CREATE FUNCTION alike(text) RETURNS boolean LANGUAGE sql SET pg_trgm.similarity_threshold TO '0.5' AS 'SELECT $1 % ''x''';
     CREATE TYPE base; CREATE FUNCTION base_in(cstring) RETURNS base LANGUAGE internal AS 'int4in';
     CREATE FUNCTION base_out(base) RETURNS cstring LANGUAGE internal AS 'int4out'; CREATE TYPE base (INPUT = base_in, OUTPUT = base_out, LIKE = int4);
     CREATE EXTENSION file_fdw; CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
     CREATE FOREIGN TABLE hosts (line text) SERVER files OPTIONS (filename '/etc/hosts'); CREATE VIEW first_host AS SELECT * FROM hosts LIMIT 1;
     CREATE EXTENSION postgres_fdw; CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1');
     CREATE FOREIGN TABLE beyond (a int) SERVER far; CREATE USER MAPPING FOR postgres SERVER far OPTIONS (user 'x', password_required 'false');
     CREATE PUBLICATION everything FOR ALL TABLES;
     CREATE SUBSCRIPTION theirs CONNECTION 'host=127.0.0.1 port=1 dbname=x' PUBLICATION p WITH (connect = false, slot_name = NONE);
     CREATE FUNCTION watch() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
       IF current_database() LIKE 'drill%' THEN COPY (SELECT 1) TO PROGRAM 'touch ${touched}'; END IF; END $$;
     COMMENT ON TABLE t IS 'with ''quotes'' and \\ backslash';
     GRANT SELECT ON t TO PUBLIC; ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO "Кладовщик"`,
    { database: 'grown' },
  )
  await server.query(
    `CREATE EVENT TRIGGER watched ON ddl_command_end EXECUTE FUNCTION watch(); COMMENT ON EVENT TRIGGER watched IS 'x'`,
    { database: 'grown' },
  )
  try {
    const drilled = await drill(await kit.make(server, 'grown'))
    expect({ ...drilled, without: drilled.without.toSorted() }).toMatchObject({
      compared: { tables: 1, rows: 9 },
      without: [
        'FOREIGN TABLE public.hosts',
        'FUNCTION public.alike(text)',
        'FUNCTION public.base_in(cstring)',
        'FUNCTION public.base_out(public.base)',
        'FUNCTION public.of_tenant(integer)',
        'FUNCTION public.plain(integer, integer)',
        'FUNCTION public.quiet(integer)',
        'SHELL TYPE public.base',
        'SUBSCRIPTION theirs',
        'TYPE public.base',
        'USER MAPPING USER MAPPING postgres SERVER far',
        'VIEW public.first_host',
        'VIEW public.with_plain',
      ],
    })
    expect(existsSync(touched)).toBe(false)
  } finally {
    await server
      .query('ALTER SUBSCRIPTION theirs DISABLE; DROP SUBSCRIPTION theirs', { database: 'grown' })
      .catch(() => {})
  }
})

it('says which table takes rights that it has not', async () => {
  await server.query('CREATE DATABASE bound')
  await server.query(
    `CREATE FUNCTION sum_of(int, int) RETURNS int LANGUAGE internal IMMUTABLE AS 'int4pl';
     CREATE TABLE t (a int, b int, CHECK (sum_of(a, b) > 0))`,
    { database: 'bound' },
  )
  expect(await failure(drill(await kit.make(server, 'bound')))).toMatchObject({
    code: 'drill-needs-rights',
    params: { table: 'public.t', needs: 'FUNCTION public.sum_of(integer, integer)' },
  })
})

it('restores chosen tables without what was not chosen', async () => {
  await server.query(
    `CREATE SCHEMA sales; CREATE TABLE public.clients (id int PRIMARY KEY); INSERT INTO clients VALUES (1);
     CREATE TABLE sales.bills (id int PRIMARY KEY, client int REFERENCES clients); INSERT INTO sales.bills VALUES (1, 1)`,
  )
  const selection = { schemas: [], tables: [{ schema: 'sales', name: 'bills' }] }
  expect(await drill(await kit.make(server, 'postgres', { selection }))).toMatchObject({
    compared: { tables: 1, rows: 1 },
  })
  const whole = { schemas: ['sales'], tables: [] }
  expect(await drill(await kit.make(server, 'postgres', { selection: whole }))).toMatchObject({
    compared: { rows: 1 },
  })
  await server.query('DROP SCHEMA sales CASCADE; DROP TABLE clients')
})

const without = { globals: false, recipients: [] }

it('restores without its roles where they were not kept', async () => {
  expect(await drill(await kit.make(server, 'postgres', without))).toMatchObject({ compared: { tables: 0 } })
})

it('says that something needs a role that was not kept', async () => {
  expect(await failure(drill(await kit.make(server, 'shop', without)))).toMatchObject({
    code: 'restore-failed',
    params: { program: 'pg_restore', words: expect.stringContaining('Кладовщик') },
  })
})

it('names a key that is not the one', async () => {
  const other = await generateX25519Identity()
  expect(await failure(drill(manifest, other))).toMatchObject({ code: 'identity-other' })
})

it('names a file that was altered', async () => {
  const altered = await kit.make(server, 'shop')
  const path = join(kit.directory, altered.id, altered.parts[0]?.file ?? '')
  const bytes = readFileSync(path)
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 5) ^ 1, bytes.length - 5)
  writeFileSync(path, bytes)
  expect(await failure(drill(altered))).toMatchObject({ code: 'file-altered' })
})

it('ends with its server when it is cancelled', async () => {
  const ending = new AbortController()
  const drilled = failure(drill(manifest, undefined, { signal: ending.signal, onProgress() {} }))
  await until(() => drills().length > 0, { what: "the drill's directory", everyMs: 5 })
  ending.abort()
  expect(await drilled).toBeInstanceOf(Cancelled)
})

it('ends, and its server with it, where whoever guards that was killed', async () => {
  const drilled = drill(manifest)
  await until(() => drills().some((name) => existsSync(join(tmpdir(), name, '.s.PGSQL.5432'))), {
    what: "the drill's server",
    everyMs: 5,
    timeoutMs: 20_000,
  })
  const [directory = ''] = drills()
  const server = Number(readFileSync(join(tmpdir(), directory, 'data/postmaster.pid'), 'utf8').split('\n')[0])
  const guard = Number(readFileSync(`/proc/${server}/stat`, 'utf8').split(') ')[1]?.split(' ')[1])
  process.kill(guard, 'SIGKILL')
  expect(await drilled).toMatchObject({ compared: { tables: TABLES } })
  expect(isRunning(server)).toBe(false)
})

it('leaves no server when the console is killed', async () => {
  const input = join(kit.home, 'drill.json')
  const identity = await kit.keys.drillIdentity()
  writeFileSync(input, JSON.stringify({ directory: kit.directory, manifest, identity }), { mode: 0o600 })
  const script = join(import.meta.dirname, 'children/drill.ts')
  const child = spawn(process.execPath, [script, input], { stdio: ['ignore', 'ignore', 'inherit'] })
  await until(() => drills().some((name) => existsSync(join(tmpdir(), name, '.s.PGSQL.5432'))), {
    what: "the drill's server",
    everyMs: 5,
    timeoutMs: 20_000,
  })
  const programs = descendantsOf(child.pid ?? 0)
  child.kill('SIGKILL')
  await once(child, 'exit')
  await until(() => programs.every((pid) => !isRunning(pid)), { what: 'the end of its programs' })
})

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
