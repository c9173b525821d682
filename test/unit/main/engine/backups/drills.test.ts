import { describe, expect, it } from 'vitest'
import { BackupError } from '../../../../../src/main/engine/backups/backup-error.ts'
import { drillFailure } from '../../../../../src/main/engine/backups/kinds/words.ts'
import { listedWithout } from '../../../../../src/main/engine/backups/listed.ts'
import { schemasLeftOut } from '../../../../../src/main/engine/backups/postgres/archive.ts'
import { localeOf, localesToTry } from '../../../../../src/main/engine/backups/postgres/drill-database.ts'
import { drillPlan } from '../../../../../src/main/engine/backups/postgres/drill-plan.ts'
import { drillRoleStatements } from '../../../../../src/main/engine/backups/postgres/drill-roles.ts'
import { dumpEntriesOf } from '../../../../../src/main/engine/backups/postgres/dump-entries.ts'
import { extensionsThen } from '../../../../../src/main/engine/backups/postgres/extensions-then.ts'
import { globalRolesOf } from '../../../../../src/main/engine/backups/postgres/global-roles.ts'
import { entriesOf } from './entries-of.ts'

it('makes the roles of the globals out of what is known of them, and says nothing that stands within a value', () => {
  const sql = [
    'CREATE ROLE anna;',
    'ALTER ROLE anna WITH NOSUPERUSER INHERIT CREATEROLE LOGIN CONNECTION LIMIT 3;',
    'CREATE ROLE "кассы";',
    "ALTER ROLE anna SET search_path TO E'x\nCREATE ROLE y; COPY (SELECT 1) TO PROGRAM $$true$$;\nz';",
    "COMMENT ON ROLE anna IS 'a\nCREATE ROLE z;\n';",
    "CREATE TABLESPACE fast OWNER postgres LOCATION '/fast';",
    'GRANT "кассы" TO anna WITH ADMIN OPTION GRANTED BY "rds; admin";',
    'GRANT SELECT ON TABLE orders TO anna;',
  ].join('\n')
  expect(drillRoleStatements(globalRolesOf(sql))).toEqual([
    'CREATE ROLE "anna"',
    'CREATE ROLE "кассы"',
    'GRANT "кассы" TO "anna" WITH ADMIN OPTION',
  ])
})

it('knows the schemas that a dump of chosen tables is without', async () => {
  const entry = (name: string, type: string, schema: string) =>
    `-- Name: ${name}; Type: ${type}; Schema: ${schema}; Owner: anna`
  const sql = [
    entry('bills', 'TABLE', 'sales'),
    entry('made', 'SCHEMA', '-'),
    entry('orders', 'TABLE', 'made'),
    entry('x', 'TABLE', 'pg_catalog'),
    entry('shop', 'DATABASE', '-'),
  ].join('\n')
  expect(schemasLeftOut(await entriesOf(sql))).toEqual(['sales'])
})

it('knows where the extensions of a dump were, and takes nothing that a function says for one', async () => {
  const entry = (id: number, head: string, statement: string) =>
    `--\n-- TOC entry ${id} (class 1 OID 2)\n-- Name: ${head}\n--\n\n${statement}\n\n`
  const extension = (id: number, name: string, written: string, schema: string) =>
    entry(
      id,
      `${name}; Type: EXTENSION; Schema: -; Owner: `,
      `CREATE EXTENSION IF NOT EXISTS ${written} WITH SCHEMA ${schema};`,
    )
  const sly = extension(9, 'plpython3u', 'plpython3u', 'public')
  const sql = [
    extension(1, 'postgis', 'postgis', 'extensions'),
    extension(2, 'uuid-ossp', '"uuid-ossp"', '"Мои"'),
    entry(
      3,
      'more(); Type: FUNCTION; Schema: public; Owner: anna',
      `CREATE FUNCTION public.more() RETURNS int LANGUAGE plpgsql AS $$\n${sly}$$;`,
    ),
  ].join('')
  expect(extensionsThen(await dumpEntriesOf(sql))).toEqual([
    { name: 'postgis', schema: 'extensions' },
    { name: 'uuid-ossp', schema: 'Мои' },
  ])
})

it('tries the own locale, then the nearest', () => {
  const own = { ENCODING: "'UTF8'", LOCALE: "'ru_RU.UTF-8'" }
  expect(localesToTry(own)).toEqual([
    own,
    { ENCODING: "'UTF8'", LOCALE: "'C.UTF-8'" },
    { ENCODING: "'UTF8'", LOCALE: "'C'" },
  ])
  const koi = { ENCODING: "'KOI8R'", LC_COLLATE: "'ru_RU.KOI8-R'", LC_CTYPE: "'ru_RU.KOI8-R'" }
  expect(localesToTry(koi)).toEqual([koi, { ENCODING: "'KOI8R'", LOCALE: "'C'" }])
  expect([localeOf(own), localeOf(koi), localeOf({ ICU_LOCALE: "'en-US'", LOCALE: "'C'" })]).toEqual([
    'ru_RU.UTF-8',
    'ru_RU.KOI8-R',
    'en-US',
  ])
})

it.each([
  ['extension "postgis" is not available', {}, 'extension-not-here'],
  ['extension "postgis" is not available', { locale: 'ru_RU.UTF-8' }, 'extension-not-here'],
  ['new row violates check constraint', { locale: 'ru_RU.UTF-8' }, 'locale-not-here'],
  ['new row violates check constraint', {}, 'restore-failed'],
])('tells what only the server for the drill is without: %s %o', (words, more, code) => {
  const error = new BackupError('restore-failed', { file: 'a', program: 'pg_restore', words, ...more })
  expect((drillFailure(error) as BackupError).failure.code).toBe(code)
})

describe('what a drill runs of a dump, and as whom', () => {
  const TERMS = {
    ...{ schemas: ['public'], hasRoles: true },
    ...{ languages: new Set(['sql', 'plpgsql']), reserved: new Set(['session_replication_role']) },
  }
  const entry = (name: string, type: string, ...statements: string[]) =>
    [`-- Name: ${name}; Type: ${type}; Schema: public; Owner: app`, ...statements].join('\n')
  const planned = async (...entries: string[]) => drillPlan(await entriesOf(entries.join('\n')), TERMS)

  it('is what runs something as the role, what only names things at the end, and event triggers last', async () => {
    const plan = await planned(
      entry('TRIGGER', 'EVENT TRIGGER', 'CREATE EVENT TRIGGER w ON sql_drop EXECUTE FUNCTION public.w();'),
      entry('t', 'TABLE', 'CREATE TABLE public.t (a integer);', 'ALTER TABLE public.t OWNER TO app;'),
      entry('TABLE t', 'ACL', 'GRANT SELECT("a ON b") ON TABLE public.t TO app;'),
      entry('EVENT TRIGGER w', 'COMMENT', "COMMENT ON EVENT TRIGGER w IS 'x';"),
    )
    expect(plan.after).toEqual([
      'ALTER TABLE public.t OWNER TO app',
      'GRANT SELECT("a ON b") ON TABLE public.t TO app',
      'CREATE EVENT TRIGGER w ON sql_drop EXECUTE FUNCTION public.w()',
    ])
    expect([...plan.not]).toEqual([1, 3, 4])
  })

  it.each([
    ['ACL', 'GRANT pg_execute_server_program TO app;'],
    ['ACL', 'GRANT admins TO app;'],
    ['COMMENT', "COPY (SELECT 1) TO PROGRAM 'true';"],
    ['CAST', 'DO $$ BEGIN END $$;'],
    ['SUBSCRIPTION', "CREATE SUBSCRIPTION s CONNECTION 'host=x' PUBLICATION p WITH (connect = true);"],
  ])('is nothing of another form than it is known to have: %s %s', async (type, statement) => {
    expect(await planned(entry('x', type, statement))).toMatchObject({
      ...{ before: [], after: [], without: [`${type} public.x`] },
    })
  })

  it.each([
    [
      "CREATE FUNCTION public.f() RETURNS int\n    LANGUAGE plpgsql\n    SET search_path TO 'a'\n    AS $$x$$;",
      0,
    ],
    [
      "CREATE FUNCTION public.f() RETURNS int\n    LANGUAGE sql\n    SET session_replication_role TO 'x'\n    AS $$x$$;",
      1,
    ],
    ['CREATE FUNCTION public.f() RETURNS int\n    LANGUAGE plpython3u\n    AS $$\n    LANGUAGE sql\n$$;', 1],
    ['CREATE FUNCTION public.f() RETURNS int\n    LANGUAGE sql IMMUTABLE LEAKPROOF\n    AS $$x$$;', 1],
    [
      'CREATE FUNCTION public.f() RETURNS int\n    LANGUAGE plpgsql\n    AS $$\n    LANGUAGE c LEAKPROOF\n$$;',
      0,
    ],
  ])('is no function that takes a superuser: %s', async (statement, left) => {
    expect((await planned(entry('f()', 'FUNCTION', statement))).without).toHaveLength(left)
  })
})

it('lists what is restored without what is left out, and without the rows of a view that is', () => {
  const listed = `;
; Selected TOC Entries:
;
5; 1259 2 MATERIALIZED VIEW public seen app
;\tdepends on: 3 4
6; 1259 2 TABLE public t app
9; 0 2 TABLE DATA public t app
;\tdepends on: 6
8; 0 2 MATERIALIZED VIEW DATA public seen app
;\tdepends on: 5
`
  expect(listedWithout(listed, new Set([5]))).toEqual([6, 9])
})
