/** What a restore to another server reads out of a backup, and what it decides of roles and rights, without a server. */
import { DatabaseError } from 'pg'
import { describe, expect, it } from 'vitest'
import {
  createFrom,
  databaseEntriesOf,
} from '../../../../../../src/main/engine/backups/postgres/database-entries.ts'
import { globalRolesOf } from '../../../../../../src/main/engine/backups/postgres/global-roles.ts'
import { rolesNamedIn } from '../../../../../../src/main/engine/backups/postgres/roles-named.ts'
import { statementsOf } from '../../../../../../src/main/engine/backups/postgres/statements.ts'
import type { Querying } from '../../../../../../src/main/engine/backups/restore/databases.ts'
import { eachOnItsOwn } from '../../../../../../src/main/engine/backups/restore/each.ts'
import {
  furnishingStatements,
  makingStatements,
  planRoles,
} from '../../../../../../src/main/engine/backups/restore/elsewhere/plan.ts'
import {
  type FoundElsewhere,
  judgeElsewhere,
} from '../../../../../../src/main/engine/backups/restore/elsewhere/preflight.ts'
import { named } from '../../../../../../src/main/engine/backups/restore/elsewhere/steps.ts'
import type { Source } from '../../../../../../src/main/engine/backups/restore/source.ts'
import { entriesOf } from '../entries-of.ts'

describe('statements', () => {
  it.each([
    ['a;b;', ['a', 'b']],
    [`x 'a;''b' "c;""d";`, [`x 'a;''b' "c;""d"`]],
    ['-- a;\nb;', ['b']],
    [`c '-- no\n\\no' - 1;`, [`c '-- no\n\\no' - 1`]],
    ['\\connect "a;b"\n\\restrict x\nd;\n\n', ['d']],
    ['unfinished', []],
  ])('of %j', (sql, statements) => {
    expect(statementsOf(sql)).toEqual(statements)
  })
})

const DUMP = String.raw`--
-- Name: shop; Type: DATABASE; Schema: -; Owner: app
--

CREATE DATABASE shop WITH TEMPLATE = template0 ENCODING = 'UTF8' LOCALE_PROVIDER = libc LOCALE = 'ru_RU.UTF-8' TABLESPACE = fast;


ALTER DATABASE shop OWNER TO "Ёж ""1""";

\connect shop

SET statement_timeout = 0;

--
-- Name: DATABASE shop; Type: COMMENT; Schema: -; Owner: app
--

COMMENT ON DATABASE shop IS 'it''s; all
of it';

--
-- Name: shop; Type: DATABASE PROPERTIES; Schema: -; Owner: app
--

ALTER DATABASE shop CONNECTION LIMIT = 30;
ALTER DATABASE shop SET search_path TO '$user', 'public';
ALTER DATABASE shop SET TABLESPACE fast;
ALTER ROLE api IN DATABASE shop SET work_mem TO '7MB';

--
-- Name: f(); Type: FUNCTION; Schema: public; Owner: app
--

CREATE FUNCTION public.f() RETURNS void LANGUAGE sql AS $$
GRANT ALL ON DATABASE shop TO thief;

-- Name: shop; Type: DATABASE PROPERTIES; Schema: -; Owner: app
ALTER DATABASE shop OWNER TO intruder;
ALTER ROLE postgres IN DATABASE shop SET search_path TO 'evil';
-- Name: DATABASE shop; Type: ACL; Schema: -; Owner: app
GRANT ALL ON DATABASE shop TO intruder;
CREATE POLICY q ON public.t TO intruder USING (true);
$$;

--
-- Name: t p; Type: POLICY; Schema: public; Owner: app
--

CREATE POLICY p ON public.t AS RESTRICTIVE FOR SELECT TO "Ёж ""2""", viewer USING (true);
CREATE POLICY "x TO y" ON t TO PUBLIC USING (true);

--
-- Name: USER MAPPING guest SERVER far; Type: USER MAPPING; Schema: -; Owner: app
--

CREATE USER MAPPING FOR guest SERVER far;

--
-- Name: DATABASE shop; Type: ACL; Schema: -; Owner: app
--

REVOKE CONNECT,TEMPORARY ON DATABASE shop FROM PUBLIC;
GRANT CREATE,CONNECT ON DATABASE shop TO reader WITH GRANT OPTION;
`

describe('what a dump says of its database', async () => {
  const all = await entriesOf(DUMP)
  const entries = databaseEntriesOf(all)

  it('is whose it is, what is set for it, and who may', () => {
    expect(entries).toMatchObject({
      ...{ owner: 'Ёж "1"', comment: `'it''s; all\nof it'` },
      roles: ['api', 'reader', 'Ёж "1"'],
    })
    expect(entries.statements.map(({ before, after }) => `${before}"x"${after}`)).toEqual([
      'ALTER DATABASE "x" CONNECTION LIMIT = 30',
      `ALTER DATABASE "x" SET search_path TO '$user', 'public'`,
      `ALTER ROLE api IN DATABASE "x" SET work_mem TO '7MB'`,
      'REVOKE CONNECT,TEMPORARY ON DATABASE "x" FROM PUBLIC',
      'GRANT CREATE,CONNECT ON DATABASE "x" TO reader WITH GRANT OPTION',
    ])
  })

  it.each([
    [140_000, `LC_COLLATE 'ru_RU.UTF-8' LC_CTYPE 'ru_RU.UTF-8'`],
    [170_000, `LC_COLLATE 'ru_RU.UTF-8' LC_CTYPE 'ru_RU.UTF-8' LOCALE_PROVIDER libc`],
  ])('makes one like it on version %i, wherever its files are to be', (version, locale) => {
    expect(createFrom(entries, 'a"b', version)).toBe(
      `CREATE DATABASE "a""b" TEMPLATE template0 OWNER "Ёж ""1""" ENCODING 'UTF8' ${locale}`,
    )
  })

  it('may be nothing', () => {
    expect(createFrom(databaseEntriesOf([]), 'shop', 150_000)).toBe(
      'CREATE DATABASE "shop" TEMPLATE template0',
    )
  })

  it('names roles in policies and mappings, too', () => {
    expect(all.flatMap(({ statements }) => statements).flatMap(rolesNamedIn)).toEqual([
      'Ёж "2"',
      'viewer',
      'guest',
    ])
  })
})

const GLOBALS = `CREATE ROLE api;
ALTER ROLE api WITH NOSUPERUSER INHERIT NOCREATEROLE CREATEDB LOGIN NOREPLICATION NOBYPASSRLS CONNECTION LIMIT 3 VALID UNTIL '2030-01-01 00:00:00+00';
COMMENT ON ROLE api IS E'a\\\\
;''b';
CREATE ROLE "Ёж ""1""";
ALTER ROLE "Ёж ""1""" WITH NOSUPERUSER NOINHERIT NOCREATEROLE NOCREATEDB NOLOGIN NOREPLICATION NOBYPASSRLS;
CREATE ROLE root;
ALTER ROLE root WITH SUPERUSER INHERIT CREATEROLE CREATEDB LOGIN REPLICATION BYPASSRLS;
CREATE ROLE stranger;
ALTER ROLE api SET work_mem TO '3MB';
GRANT "Ёж ""1""" TO api WITH ADMIN OPTION GRANTED BY root;
GRANT "Ёж ""1""" TO root GRANTED BY root;
GRANT pg_execute_server_program TO api GRANTED BY root;
GRANT stranger TO api WITH INHERIT TRUE GRANTED BY root;
`

describe('roles', () => {
  const roles = globalRolesOf(GLOBALS)

  it('have their comments, also with a backslash', () => {
    expect(roles[0]?.comment).toBe("E'a\\\\\n;''b'")
  })
  const plan = (there: string[], named = ['Ёж "1"', 'PAST']) => planRoles({ named, roles }, new Set(there))

  it('that are missing are made with those who have their rights as members, and nobody above all rights', () => {
    const { make, unknown, leftOut } = plan([])
    expect(make.map(({ name }) => name)).toEqual(['api', 'Ёж "1"'])
    expect(unknown).toEqual(['PAST'])
    expect(leftOut).toEqual(['api (CREATEDB)', 'api (pg_execute_server_program)', 'api (stranger)'])
  })

  it('get neither a password nor power over the server', () => {
    const { make } = plan([])
    expect(makingStatements(make, { marker: 'M', isSuperuser: true })).toEqual([
      `CREATE ROLE "api" LOGIN INHERIT CONNECTION LIMIT 3 VALID UNTIL '2030-01-01 00:00:00+00'`,
      `COMMENT ON ROLE "api" IS 'M'`,
      'CREATE ROLE "Ёж ""1""" NOLOGIN NOINHERIT',
      `COMMENT ON ROLE "Ёж ""1""" IS 'M'`,
    ])
    expect(makingStatements(make, { marker: 'M', isSuperuser: false })).toContain(
      'GRANT "api" TO CURRENT_USER',
    )
    expect(furnishingStatements(make)).toEqual([
      'GRANT "Ёж ""1""" TO "api" WITH ADMIN OPTION',
      `ALTER ROLE "api" SET work_mem TO '3MB'`,
    ])
  })

  it('that are there are left as they are, with who belongs to them', () => {
    expect(plan(['Ёж "1"', 'PAST']).make).toEqual([])
    expect(plan(['api', 'PAST']).make.map(({ name }) => name)).toEqual(['Ёж "1"'])
  })

  it('above all rights are made without these where something is theirs', () => {
    const { make, leftOut } = plan([], ['root'])
    expect(make.map(({ name }) => name)).toEqual(['root'])
    expect(leftOut).toEqual([
      ...['root (SUPERUSER)', 'root (CREATEROLE)', 'root (CREATEDB)', 'root (REPLICATION)'],
      ...['root (BYPASSRLS)', 'root (Ёж "1")'],
    ])
  })

  it('are all unknown where the backup is without them', () => {
    expect(planRoles({ named: ['a'], roles: null }, new Set()).unknown).toEqual(['a'])
  })
})

describe('it is refused', () => {
  const [api] = globalRolesOf(GLOBALS)
  const FOUND: FoundElsewhere = {
    found: {
      server: {
        ...{ version: 150014, versionName: '15.14', user: 'operator', superuser: false },
        ...{ createsDatabases: true, signals: true, recovering: false, free: 40, maintenance: 'nobodys' },
      },
      ...{ database: null, held: null },
      missing: { extensions: [], untrusted: [], roles: ['api'], others: [] },
      unsettable: [],
    },
    plan: { make: api === undefined ? [] : [api], unknown: [], leftOut: [] },
    ...{ isTaken: false, createsRoles: true },
  }
  const manifest = { server: { version: 150010, name: '15.10' }, partial: false }
  const source = (changes: object = {}): Source =>
    ({ database: 'shop', backup: { manifest, signedBy: 'this-console', ...changes } }) as unknown as Source
  const OPTIONS = { mode: 'elsewhere' as const, backup: 'b', from: 'lost', another: false }
  const server = (more: object): FoundElsewhere => ({
    ...FOUND,
    found: { ...FOUND.found, server: { ...FOUND.found.server, ...more } },
  })
  const missing = (more: object): FoundElsewhere => ({
    ...FOUND,
    found: { ...FOUND.found, missing: { ...FOUND.found.missing, ...more } },
  })

  it('for nothing where all is well, a partial one neither', () => {
    expect(judgeElsewhere(FOUND, source(), OPTIONS)).toEqual([])
    expect(judgeElsewhere(FOUND, source({ manifest: { ...manifest, partial: true } }), OPTIONS)).toEqual([])
  })

  it.each<[string, FoundElsewhere, object, object]>([
    ['restore-signed-by-another', FOUND, { signedBy: 'another' }, {}],
    ['restore-standby', server({ recovering: true }), {}, {}],
    ['restore-maintenance', FOUND, {}, { as: 'template1' }],
    ['restore-newer', FOUND, { manifest: { ...manifest, server: { version: 160001, name: '16.1' } } }, {}],
    ['restore-no-createdb', server({ createsDatabases: false }), {}, {}],
    ['restore-no-createrole', { ...FOUND, createsRoles: false }, {}, {}],
    ['restore-extensions-missing', missing({ extensions: ['postgis'] }), {}, {}],
    ['restore-extensions-superuser', missing({ untrusted: ['dblink'] }), {}, {}],
    ['restore-not-member', missing({ others: ['stranger'] }), {}, {}],
    ['restore-exists', { ...FOUND, isTaken: true }, {}, {}],
    ['restore-roles-unknown', { ...FOUND, plan: { ...FOUND.plan, unknown: ['past'] } }, {}, {}],
  ])('with %s', (code, found, changes, options) => {
    const said = judgeElsewhere(found, source(changes), { ...OPTIONS, ...options })
    expect(said.map((one) => one.code)).toEqual([code])
  })
})

describe('statements that may be refused', () => {
  it('are told without what would have been set', async () => {
    const asked: string[] = []
    const client = {
      async query(statement: string) {
        asked.push(statement)
        if (statement.includes('key')) throw new DatabaseError('no right', 1, 'error')
      },
    } as unknown as Querying
    const refused = await eachOnItsOwn(client, [
      `ALTER ROLE a SET app.key TO 'it''s\nsecret'`,
      'GRANT b TO c',
    ])
    expect(refused).toEqual(['ALTER ROLE a SET app.key TO …'])
    expect(asked.at(-1)).toBe('GRANT b TO c')
    expect(asked).toContain('ROLLBACK TO each')
  })
})

it('what was kept before it was kept when that was is still known as given its name', () => {
  const facts = () => ({ oid: 16_400, roles: [], written: null })
  expect(named({ facts })).toEqual({ oid: 16_400, at: null, roles: [], written: null })
})
