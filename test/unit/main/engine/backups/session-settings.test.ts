/** Settings of a database for sessions alone: which of a dump's are taken, and how they are said at a login. */
import { describe, expect, it } from 'vitest'
import { databaseEntriesOf } from '../../../../../src/main/engine/backups/postgres/database-entries.ts'
import {
  loginOptions,
  sayableAtLogin,
  settingsIn,
} from '../../../../../src/main/engine/backups/postgres/session-settings.ts'
import { entriesOf } from './entries-of.ts'

const LINUX = 'PostgreSQL 15.14 on x86_64-pc-linux-gnu'
const MACOS = 'PostgreSQL 15.14 on aarch64-apple-darwin23.6.0'

async function settingsOf(settings: readonly string[], encoding = 'UTF8') {
  const sql = [
    '-- Name: shop; Type: DATABASE; Schema: -; Owner: anna',
    `CREATE DATABASE shop WITH TEMPLATE = template0 ENCODING = '${encoding}' LOCALE = 'C';`,
    '-- Name: shop; Type: DATABASE PROPERTIES; Schema: -; Owner: anna',
    ...settings.map((setting) => `${setting};`),
  ]
  return settingsIn(databaseEntriesOf(await entriesOf(sql.join('\n'))))
}

describe('of what a dump says of its database', () => {
  it.each([
    [`SET "TimeZone" TO 'Asia/Tokyo'`, { name: 'TimeZone', value: 'Asia/Tokyo' }],
    [`SET "app.region" TO 'eu'`, { name: 'app.region', value: 'eu' }],
    [`SET "app.none" TO ''`, { name: 'app.none', value: '' }],
    [
      String.raw`SET "app.words" TO E'it''s a \\ "b"; SET role TO ''x'`,
      { name: 'app.words', value: String.raw`it's a \ "b"; SET role TO 'x` },
    ],
    [`SET "app.lines" TO 'a\n-- b\nЯ'`, { name: 'app.lines', value: 'a\n-- b\nЯ' }],
  ])('%s is taken', async (said, setting) => {
    expect(await settingsOf([`ALTER DATABASE shop ${said}`])).toEqual([setting])
  })

  it.each([
    // Of a role in it.
    `ALTER ROLE anna IN DATABASE shop SET "app.region" TO 'eu'`,
    'ALTER DATABASE shop CONNECTION LIMIT 3',
    // In the way of who fills it.
    ...[
      ['session_preload_libraries', `'auto_explain'`],
      ['default_transaction_read_only', `'on'`],
      ['role', `'anna'`],
      ['statement_timeout', `'9s'`],
      // Said by who fills it, or of ours alone.
      ['search_path', `'evil'`],
      ['search_path', `'evil', 'public'`],
      ['Standard_Conforming_Strings', `'off'`],
      ['row_security', `'on'`],
      ['exit_on_error', `'on'`],
      ['application_name', `'anna'`],
      ['tcp_keepalives_idle', `'1'`],
      // Another one at a login.
      ['"app.a=b"', `'x'`],
      ['"app.a-b"', `'x'`],
      ['"app.a -c role"', `'x'`],
    ].map(([name, value]) => `ALTER DATABASE shop SET ${name} TO ${value}`),
  ])('%s is not', async (said) => {
    expect(await settingsOf([said])).toEqual([])
  })

  it('a value is taken only as it was written: letters of other encodings than UTF-8 are not known', async () => {
    const said = [`ALTER DATABASE shop SET "app.a" TO 'é'`, `ALTER DATABASE shop SET "app.b" TO 'e'`]
    expect(await settingsOf(said, 'LATIN1')).toEqual([{ name: 'app.b', value: 'e' }])
    expect(await settingsOf([`ALTER DATABASE shop SET "app.a" TO '\uFFFD'`])).toEqual([])
  })
})

describe('at a login', () => {
  it('what would end a word does not', () => {
    const settings = [
      { name: 'app.a', value: String.raw`x -c role=y \z` },
      { name: 'app.b', value: '\t\n' },
      { name: 'app.c', value: '' },
    ]
    expect(loginOptions(settings)).toBe(
      `${String.raw`-c app.a=x\ -c\ role=y\ \\z -c app.b=`}\\\t\\\n -c app.c=`,
    )
  })

  it('no more is said than a server listens to', () => {
    const long = { name: 'app.long', value: ' '.repeat(3_000) }
    const settings = [long, { ...long, name: 'app.longer' }, { name: 'app.short', value: 'x' }]
    expect(sayableAtLogin(settings, LINUX).map(({ name }) => name)).toEqual(['app.long', 'app.short'])
  })

  it('letters of which macOS takes a byte for a space are not said to it', () => {
    const settings = [
      { name: 'app.a', value: 'Россия' },
      { name: 'app.b', value: 'eu' },
    ]
    expect(sayableAtLogin(settings, LINUX)).toEqual(settings)
    expect(sayableAtLogin(settings, MACOS)).toEqual(settings.slice(1))
  })
})
