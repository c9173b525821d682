import { expect, it } from 'vitest'
import { BackupError } from '../../../../../src/main/engine/backups/backup-error.ts'
import { drillFailure } from '../../../../../src/main/engine/backups/kinds/words.ts'
import { schemasLeftOut } from '../../../../../src/main/engine/backups/postgres/archive.ts'
import { localeOf, localesToTry } from '../../../../../src/main/engine/backups/postgres/drill-database.ts'
import { drillRoleStatements } from '../../../../../src/main/engine/backups/postgres/drill-roles.ts'
import { dumpEntriesOf } from '../../../../../src/main/engine/backups/postgres/dump-entries.ts'
import { extensionsThen } from '../../../../../src/main/engine/backups/postgres/extensions-then.ts'
import { globalRolesOf } from '../../../../../src/main/engine/backups/postgres/global-roles.ts'

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
    'CREATE ROLE "anna" CREATEROLE',
    'CREATE ROLE "кассы"',
    'GRANT "кассы" TO "anna" WITH ADMIN OPTION',
  ])
})

it('knows the schemas that a dump of chosen tables is without', () => {
  const entry = (name: string, type: string, schema: string) =>
    `-- Name: ${name}; Type: ${type}; Schema: ${schema}; Owner: anna`
  const sql = [
    entry('bills', 'TABLE', 'sales'),
    entry('made', 'SCHEMA', '-'),
    entry('orders', 'TABLE', 'made'),
    entry('x', 'TABLE', 'pg_catalog'),
    entry('shop', 'DATABASE', '-'),
  ].join('\n')
  expect(schemasLeftOut(sql)).toEqual(['sales'])
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
