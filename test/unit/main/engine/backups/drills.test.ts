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
    ...{ languages: new Set(['sql', 'plpgsql']), settings: new Set(['search_path']), extended: [] },
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
    ['ACL', 'GRANT SET, ALTER SYSTEM ON PARAMETER work_mem TO app;'],
    ['ACL', 'GRANT CREATE ON  TABLESPACE pg_default TO app;'],
    ['ACL', 'ALTER TABLE public.t ADD COLUMN z text DEFAULT public.evil(), OWNER TO bob;'],
    ['ACL', 'ALTER TABLE t ALTER c TYPE text USING public.evil(c) /**/ OWNER TO bob;'],
    ['COMMENT', "ALTER SYSTEM SET archive_command TO 'true' /* */ -- OWNER TO bob\n;"],
    ['COMMENT', "COPY (SELECT 1) TO PROGRAM 'true';"],
    ['CAST', 'DO $$ BEGIN END $$;'],
    ['CAST', 'CREATE CAST (bigint AS text) WITHOUT FUNCTION;'],
    [
      'SUBSCRIPTION',
      "CREATE SUBSCRIPTION s CONNECTION 'host=x application_name='' WITH (connect = false''' PUBLICATION p WITH (create_slot = false, slot_name = 'x');",
    ],
    ['OPERATOR FAMILY', 'CREATE OPERATOR FAMILY pg_catalog.mine USING btree;'],
    ...[
      'OPERATOR FAMILY "PG_CATALOG".integer_ops USING btree ADD\n    FUNCTION 1 (text, text) bttextcmp(text,text);',
      'OPERATOR FAMILY PG_CATALOG.integer_ops USING btree ADD\n    FUNCTION 1 (text, text) bttextcmp(text,text);',
      'OPERATOR FAMILY public.mine USING gist ADD\n    FUNCTION 1 (box, box) gist_box_same(box,box);',
      'OPERATOR FAMILY public.mine USING btree ADD\n    FUNCTION 1 (bigint, bigint) bttextcmp(text,text);',
      'OPERATOR FAMILY public.mine USING btree ADD\n    FUNCTION 1 bttextcmp(text,text);',
      'OPERATOR FAMILY public.mine USING btree ADD\n    FUNCTION 2 (bigint, bigint) btint8sortsupport(internal);',
      'OPERATOR FAMILY public.mine USING hash ADD\n    FUNCTION 1 (bigint, bigint) hashtext(text);',
      'OPERATOR FAMILY public.mine USING btree ADD\n    OPERATOR 1 /**/(bigint,bigint);',
      'OPERATOR FAMILY public.mine USING btree DROP\n    OPERATOR 1 (bigint,bigint);',
    ].map((form): [string, string] => ['OPERATOR CLASS', `ALTER ${form}`]),
  ])('is nothing of another form than it is known to have: %s %s', async (type, statement) => {
    expect(await planned(entry('x', type, statement))).toMatchObject({
      ...{ before: [], after: [], without: [`${type} public.x`] },
    })
  })

  it.each([
    'ALTER TABLE public.t ADD COLUMN z text DEFAULT public.evil(), OWNER TO bob',
    'ALTER TABLE public.t ALTER c TYPE text USING public.evil(c), OWNER TO bob',
    "ALTER FUNCTION public.f(a text DEFAULT ';') OWNER TO bob",
    'ALTER FUNCTION public.f() SET x TO 1 OWNER TO bob',
    'ALTER OPERATOR public.-- (bigint) OWNER TO bob',
    'ALTER DATABASE postgres OWNER TO bob',
    'ALTER TABLE public.t OWNER TO CURRENT_USER',
    'ALTER TABLE public.t OWNER TO session_user',
  ])('gives nothing an owner but in the form for that: %s', async (statement) => {
    expect((await planned(entry('t', 'TABLE', 'CREATE TABLE public.t ();', `${statement};`))).after).toEqual(
      [],
    )
  })

  it.each([
    ['TABLE', 'ALTER TABLE "S -- x"."T, y" OWNER TO "Кладовщик"'],
    ['SCHEMA', 'ALTER SCHEMA "S x" OWNER TO app'],
    [
      'FUNCTION',
      'ALTER FUNCTION public.f(a timestamp with time zone, "B c" "S x"."T y"[], VARIADIC v text[]) OWNER TO app',
    ],
    ['AGGREGATE', 'ALTER AGGREGATE public.cnt(*) OWNER TO app'],
    ['OPERATOR', 'ALTER OPERATOR public.!== (NONE, bigint) OWNER TO app'],
    ['OPERATOR', 'ALTER OPERATOR CLASS public.back USING btree OWNER TO app'],
    ['FOREIGN TABLE', 'ALTER FOREIGN TABLE public.ft OWNER TO app'],
    ['TEXT SEARCH CONFIGURATION', 'ALTER TEXT SEARCH CONFIGURATION public.tsc OWNER TO app'],
    ['VIEW', 'ALTER TABLE public.v OWNER TO app'],
  ])('gives each thing its owner: %s %s', async (type, statement) => {
    const made = 'CREATE FUNCTION public.f() RETURNS int\n    LANGUAGE sql\n    AS $$x$$;'
    expect((await planned(entry('x', type, made, `${statement};`))).after).toEqual([statement])
  })

  it.each([
    ['CAST', 'CREATE CAST (bigint AS boolean) WITH FUNCTION public.truth(bigint) AS IMPLICIT'],
    ['CAST', 'CREATE CAST ("S x"."T (y)" AS character varying) WITH INOUT'],
    ['OPERATOR FAMILY', 'CREATE OPERATOR FAMILY public.back USING btree'],
    [
      'OPERATOR FAMILY',
      'ALTER OPERATOR FAMILY public.back USING btree ADD\n    OPERATOR 1 >(bigint,integer) ,\n    FUNCTION 1 (bigint, integer) btint84cmp(bigint,integer)',
    ],
    [
      'OPERATOR CLASS',
      'CREATE OPERATOR CLASS public.h\n    DEFAULT FOR TYPE public."Ta, b" USING hash FAMILY public.h AS\n    OPERATOR 1 public.===(public."Ta, b",public."Ta, b") ,\n    FUNCTION 1 (public."Ta, b", public."Ta, b") public.h(public."Ta, b") ,\n    FUNCTION 2 (public."Ta, b", public."Ta, b") public.h(public."Ta, b",bigint)',
    ],
  ])('has the superuser make what takes one: %s %s', async (type, statement) => {
    expect(await planned(entry('x', type, `${statement};`))).toMatchObject({
      ...{ before: [{ by: 'superuser', statements: [statement] }], without: [] },
    })
  })

  const EXTENDED = [{ schema: 'My', name: 'places' }]
  it('refers to no table of an extension, and says which table is one of those', async () => {
    const refers = (to: string) =>
      `ALTER TABLE ONLY public.t\n    ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES ${to}(id);`
    const keys = [
      entry('t f', 'FK CONSTRAINT', refers('"My".places')),
      entry('t g', 'FK CONSTRAINT', refers('public.places')),
    ]
    const plan = drillPlan(await entriesOf(keys.join('\n')), { ...TERMS, extended: EXTENDED })
    expect(plan).toMatchObject({ without: ['FK CONSTRAINT public.t f'], impossible: null })
    const heir = entry(
      't',
      'TABLE',
      'CREATE TABLE public.t (\n    a integer\n)\nINHERITS (public.x, "My".places);',
    )
    expect(drillPlan(await entriesOf(heir), { ...TERMS, extended: EXTENDED }).impossible).toEqual({
      ...{ table: 'public.t', needs: 'TABLE My.places' },
    })
  })

  it('tries no cast where what comes before it was written in another encoding', async () => {
    const plan = await planned(
      entry('c', 'TYPE', "CREATE TYPE public.c AS ENUM ('\uFFFD');"),
      entry('CAST (bigint AS boolean)', 'CAST', 'CREATE CAST (bigint AS boolean) WITH INOUT;'),
      entry('t', 'TABLE', 'CREATE TABLE public.t ();'),
    )
    expect(plan).toMatchObject({ before: [], without: ['CAST public.CAST (bigint AS boolean)'] })
    expect([...plan.not]).toEqual([2])
  })

  it('reads rights in one way only, however many there are', async () => {
    const began = performance.now()
    const { without } = await planned(entry('x', 'ACL', `GRANT ${'A'.repeat(10_000)} TO app;`))
    expect(without).toHaveLength(1)
    expect(performance.now() - began).toBeLessThan(20_000)
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
    [
      `CREATE FUNCTION public.f() RETURNS int\n    LANGUAGE sql\n    SET "app.tenant" TO 'x'\n    AS $$x$$;`,
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
