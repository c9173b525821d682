/** What a restore decides without a server: names, statements, and why it is not begun. */
import { describe, expect, it } from 'vitest'
import { archiveOf } from '../../../../../../src/main/engine/backups/postgres/archive.ts'
import {
  holdsWhileFilled,
  parameterIn,
} from '../../../../../../src/main/engine/backups/postgres/while-filled.ts'
import { namesOf } from '../../../../../../src/main/engine/backups/restore/names.ts'
import {
  type Found,
  judge,
  type Wanted,
} from '../../../../../../src/main/engine/backups/restore/preflight.ts'
import {
  fillingStatements,
  settingStatements,
} from '../../../../../../src/main/engine/backups/restore/settings.ts'
import { entriesOf } from '../entries-of.ts'

const ID = '1a2b3c4d-0000-4000-8000-000000000000'

describe('names', () => {
  it('tell the database and the operation', () => {
    expect(namesOf('shop', ID)).toEqual({
      ...{ database: 'shop', beside: 'shop__restore_1a2b3c4d', before: 'shop__before_1a2b3c4d' },
      marker: `Vakhta: restore ${ID}`,
    })
  })

  it.each([['x'.repeat(63)], ['ё'.repeat(31)], ['🐘'.repeat(15)]])(
    'of %s fit, and no character is cut',
    (name) => {
      for (const one of [namesOf(name, ID).beside, namesOf(name, ID).before]) {
        expect(Buffer.byteLength(one)).toBeLessThanOrEqual(63)
        expect(one).toMatch(/__(?:restore|before)_1a2b3c4d$/)
        expect(name.startsWith(one.replace(/__.*/, ''))).toBe(true)
        expect(one.isWellFormed()).toBe(true)
      }
    },
  )
})

describe('statements that give a database its settings', () => {
  const NOTHING = { settings: [], grants: null, owner: 'app', connectionLimit: -1 }

  it('let everybody in where nobody ever said who may', () => {
    expect(settingStatements('a"b', NOTHING)).toEqual([
      'GRANT ALL ON DATABASE "a""b" TO "app"',
      'GRANT CONNECT, TEMPORARY ON DATABASE "a""b" TO PUBLIC',
      'ALTER DATABASE "a""b" CONNECTION LIMIT -1',
    ])
  })

  it('grant what is granted, to the owner, too', () => {
    const grants = [
      { grantee: null, privilege: 'CONNECT', grantable: false },
      { grantee: 'Ёж "1"', privilege: 'CREATE', grantable: true },
    ]
    expect(settingStatements('shop', { ...NOTHING, grants }).slice(0, 3)).toEqual([
      'REVOKE ALL ON DATABASE "shop" FROM "app"',
      'GRANT CONNECT ON DATABASE "shop" TO PUBLIC',
      'GRANT CREATE ON DATABASE "shop" TO "Ёж ""1""" WITH GRANT OPTION',
    ])
  })

  it.each([
    ['work_mem=7MB', `SET "work_mem" TO '7MB'`],
    ['app.note=a=b, "c"', `SET "app.note" TO 'a=b, "c"'`],
    ["app.note=it's", `SET "app.note" TO 'it''s'`],
    ['search_path="$user", public, "Склад ""А"""', `SET "search_path" TO '$user', 'public', 'Склад "А"'`],
    ['search_path=""', `SET "search_path" TO ''`],
    ['search_path=', `SET "search_path" TO ''`],
  ])('write %s as it is', (value, statement) => {
    const settings = [
      { role: null, values: [value] },
      { role: 'app', values: [value] },
    ]
    expect(settingStatements('shop', { ...NOTHING, settings }).slice(2, 4)).toEqual([
      `ALTER DATABASE "shop" ${statement}`,
      `ALTER ROLE "app" IN DATABASE "shop" ${statement}`,
    ])
  })
})

describe('what holds while a database is filled', () => {
  it.each([
    ...[
      'TimeZone',
      'work_mem',
      'search_path',
      'app.factor',
      'app.statement_timeout',
      'default_statistics_target',
    ],
  ])('is %s', (parameter) => {
    expect(holdsWhileFilled(parameter)).toBe(true)
  })

  it.each([
    ...[
      'default_transaction_read_only',
      'default_transaction_isolation',
      'statement_timeout',
      'idle_session_timeout',
    ],
    ...['role', 'session_preload_libraries', 'default_tablespace', 'temp_file_limit', 'ARRAY_NULLS'],
  ])('is not %s, which would be in the way', (parameter) => {
    expect(holdsWhileFilled(parameter)).toBe(false)
  })

  it('is set for the database and for roles in it, and nobody is granted anything', () => {
    const values = ['TimeZone=Asia/Tokyo', 'default_transaction_read_only=on']
    const settings = [
      { role: null, values },
      { role: 'app', values },
    ]
    expect(fillingStatements('shop', { settings })).toEqual([
      `ALTER DATABASE "shop" SET "TimeZone" TO 'Asia/Tokyo'`,
      `ALTER ROLE "app" IN DATABASE "shop" SET "TimeZone" TO 'Asia/Tokyo'`,
    ])
  })

  it.each([
    [` SET "TimeZone" TO 'Asia/Tokyo'`, 'TimeZone'],
    [` SET work_mem TO '7MB'`, 'work_mem'],
    [` SET "app.note" TO ' SET role TO '`, 'app.note'],
    [' CONNECTION LIMIT 30', null],
    [' TO reader', null],
  ])('is read from what a dump says:%s', (after, parameter) => {
    expect(parameterIn(after)).toBe(parameter)
  })
})

describe('what a dump needs', () => {
  it('is read from what introduces its entries, and from grants', async () => {
    const sql = [
      '-- Name: pg_trgm; Type: EXTENSION; Schema: -; Owner: -',
      'CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;',
      '-- Name: orders; Type: TABLE; Schema: public; Owner: Кладовщик',
      '-- Name: a; b; Type: FUNCTION; Schema: public; Owner: pg_database_owner',
      'CREATE FUNCTION public."a; b"() RETURNS text LANGUAGE sql AS $$',
      '-- Name: nosuch; Type: EXTENSION; Schema: -; Owner: ghost',
      '-- Name: TABLE orders; Type: ACL; Schema: public; Owner: ghost',
      'GRANT SELECT ON TABLE public.orders TO "in a body";',
      '$$;',
      '-- Name: TABLE orders; Type: ACL; Schema: public; Owner: app',
      'GRANT SELECT ON TABLE public.orders TO "Ёж ""1""";',
      'GRANT ALL ON TABLE public.orders TO reader WITH GRANT OPTION;',
      'GRANT ALL ON TABLE public.orders TO PUBLIC;',
      '-- Name: s; Type: SUBSCRIPTION; Schema: -; Owner: app',
    ].join('\n')
    expect(archiveOf(await entriesOf(sql))).toEqual({
      extensions: ['pg_trgm'],
      roles: ['Кладовщик', 'app', 'Ёж "1"', 'reader'],
      subscriptions: ['s'],
    })
  })
})

describe('it is refused', () => {
  const FOUND: Found = {
    server: {
      ...{
        version: 150014,
        versionName: '15.14',
        user: 'operator',
        superuser: false,
        createsDatabases: true,
      },
      ...{ signals: true, recovering: false, free: 40, maintenance: 'nobodys' },
    },
    database: {
      ...{
        oid: 16384,
        name: 'shop',
        owner: 'app',
        tablespace: 'pg_default',
        encoding: 'UTF8',
        comment: null,
      },
      facts: {
        ...{ datcollate: 'C', datctype: 'C', datconnlimit: -1, datallowconn: true, datistemplate: false },
      },
    },
    held: {
      ...{
        slots: [],
        subscriptions: [],
        prepared: [],
        labels: [],
        bytes: 1,
        ownerIsOurs: true,
        tablespaceIsOpen: true,
      },
      sessions: [{ application: 'api', count: 3, endable: true }],
    },
    missing: { extensions: [], untrusted: [], roles: [], others: [] },
    unsettable: [],
  }
  const WANTED: Wanted = {
    ...{ database: 'shop', from: { version: 150010, name: '15.10' }, partial: false, swaps: true },
    isUntrusted: false,
  }
  const held = (more: Partial<NonNullable<Found['held']>>): Found => ({
    ...FOUND,
    held: { ...(FOUND.held as NonNullable<Found['held']>), ...more },
  })

  it('for nothing where all is well', () => {
    expect(judge(FOUND, WANTED)).toEqual([])
  })

  it.each<[string, Found, Partial<Wanted>]>([
    ['restore-signed-by-another', FOUND, { isUntrusted: true }],
    ['restore-standby', { ...FOUND, server: { ...FOUND.server, recovering: true } }, {}],
    ['restore-no-database', { ...FOUND, database: null, held: null }, {}],
    ['restore-maintenance', FOUND, { database: 'postgres' }],
    ['restore-maintenance', FOUND, { database: 'nobodys' }],
    ['restore-newer', FOUND, { from: { version: 160001, name: '16.1' } }],
    ['restore-partial', FOUND, { partial: true }],
    ['restore-no-createdb', { ...FOUND, server: { ...FOUND.server, createsDatabases: false } }, {}],
    ['restore-not-owner', held({ ownerIsOurs: false }), {}],
    ['restore-tablespace', held({ tablespaceIsOpen: false }), {}],
    ['restore-extensions-missing', { ...FOUND, missing: { ...FOUND.missing, extensions: ['postgis'] } }, {}],
    ['restore-extensions-superuser', { ...FOUND, missing: { ...FOUND.missing, untrusted: ['dblink'] } }, {}],
    ['restore-roles-missing', { ...FOUND, missing: { ...FOUND.missing, roles: ['passing'] } }, {}],
    ['restore-not-member', { ...FOUND, missing: { ...FOUND.missing, others: ['stranger'] } }, {}],
    ['restore-slots', held({ slots: ['feed'] }), {}],
    ['restore-subscriptions', held({ subscriptions: ['theirs'] }), {}],
    ['restore-prepared', held({ prepared: ['later'] }), {}],
    ['restore-cannot-end', held({ sessions: [{ application: 'psql', count: 1, endable: false }] }), {}],
  ])('with %s', (code, found, more) => {
    expect(judge(found, { ...WANTED, ...more }).map((one) => one.code)).toEqual([code])
  })

  it('for nothing that only a swap would meet, where nothing is swapped', () => {
    const found = held({ slots: ['feed'], subscriptions: ['theirs'], prepared: ['later'] })
    expect(judge(found, { ...WANTED, swaps: false, partial: true })).toEqual([])
  })
})
