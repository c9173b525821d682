/** Chosen tables come back while others read what changes in the database, on a real PostgreSQL: of rows that only wait somewhere nobody is told, and subscribers go on. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../demo/servers/postgres.ts'
import { until } from '../../support/until.ts'
import { shopWith, table } from './tables-kit.ts'

// Each restore is threads and programs that begin: on a machine with much else to do they take their time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const TABLES = `
  CREATE TABLE notes (id int PRIMARY KEY, body text); ALTER TABLE notes ALTER body SET STORAGE EXTERNAL; CREATE TABLE marks (id int PRIMARY KEY);
  CREATE TABLE days (at date PRIMARY KEY) PARTITION BY RANGE (at); CREATE TABLE days_2026 PARTITION OF days FOR VALUES FROM ('2026-01-01') TO ('2027-01-01'); CREATE UNLOGGED TABLE passing (id int);`
const shop = shopWith(
  `${TABLES} INSERT INTO notes SELECT g, repeat(md5(g::text), 300) FROM generate_series(1, 20) g; INSERT INTO days VALUES ('2026-05-01'); INSERT INTO passing VALUES (1)`,
  { wal_level: 'logical' },
)
const { query, options } = shop

let subscriber: PostgresServer
beforeAll(async () => {
  subscriber = await startPostgres()
})
afterAll(() => subscriber.stop())
beforeEach(async () => {
  await query('CREATE PUBLICATION everything FOR ALL TABLES')
  await query(`SELECT pg_create_logical_replication_slot('other', 'test_decoding')`)
  await subscriber.query(TABLES)
  const { port, password } = shop.server
  await subscriber.query(
    `CREATE SUBSCRIPTION everything CONNECTION 'host=127.0.0.1 port=${port} user=postgres password=${password} dbname=shop' PUBLICATION everything`,
  )
  await reaches('that the subscriber has all rows', notes)
})
afterEach(async () => {
  await subscriber.query('DROP SUBSCRIPTION everything')
  await subscriber.query('DROP TABLE notes, marks, days, passing')
  await query(`SELECT pg_drop_replication_slot('other')`)
})

const notes = 'SELECT count(*)::int AS count, md5(string_agg(body, id::text ORDER BY id)) AS body FROM notes'
const days = 'SELECT * FROM days ORDER BY 1'

/** What is written by now is at the subscriber, too. */
async function reaches(what: string, sql: string): Promise<void> {
  const there = JSON.stringify(await query(sql))
  await until(async () => JSON.stringify(await subscriber.query(sql)) === there, { what, timeoutMs: 30_000 })
}
const goesOn = async () => {
  await query('INSERT INTO marks SELECT coalesce(max(id), 0) + 1 FROM marks')
  await reaches('that the subscriber goes on', 'SELECT max(id) AS id FROM marks')
}
/** What any other plug-in is told of. */
const told = async () => {
  const rows = await query(
    `SELECT DISTINCT substring(data FROM '^table ([^:]+):') AS name FROM pg_logical_slot_get_changes('other', NULL, NULL) WHERE data LIKE 'table %' ORDER BY 1`,
  )
  return rows.map(({ name }) => name)
}
const refreshed = () => subscriber.query('ALTER SUBSCRIPTION everything REFRESH PUBLICATION')

it('tells nobody of rows that are put aside, and subscribers have those that came back', async () => {
  await query(`DELETE FROM notes WHERE id > 5; DELETE FROM days; INSERT INTO days VALUES ('2026-06-01')`)
  await reaches('that the damage is everywhere', notes)
  await told()
  const asked = options(table('notes'), table('days'))
  const { preview } = await shop.console.preview(asked)
  expect(preview.refusals).toEqual([])
  expect(preview.warnings).toEqual(
    expect.arrayContaining([
      {
        code: 'restore-tables-read',
        params: {
          database: 'shop',
          slots: 'everything, other',
          tables: 'public.days, public.days_2026, public.notes',
        },
      },
      {
        code: 'restore-tables-published',
        params: { before: 'vakhta_before_…', publications: 'everything' },
      },
    ]),
  )
  const done = await shop.console.run(asked)
  expect(done).toMatchObject({ state: 'succeeded', error: null })
  const before = String(done.result?.before)
  expect(await query(`SELECT count(*)::int AS count FROM ${before}.notes`)).toEqual([{ count: 5 }])
  // With a crash of the server these go away as little as the tables.
  expect(
    await query(
      `SELECT DISTINCT relpersistence AS is FROM pg_class WHERE relnamespace = '${before}'::regnamespace`,
    ),
  ).toEqual([{ is: 'p' }])
  expect(await told()).toEqual(['public.days_2026', 'public.notes'])
  await reaches('that the rows are there', notes)
  await reaches('that those of partitions are there', days)
  await goesOn()
  // As the plan says.
  await expect(refreshed()).rejects.toThrow(`schema "${before}" does not exist`)

  expect(await shop.console.act(done.id, 'undo')).toMatchObject({ state: 'undone', error: null })
  expect(await told()).toEqual(['public.days_2026', 'public.marks', 'public.notes'])
  await reaches('that the rows from before are there', notes)
  await reaches('that those of partitions are there', days)
  await goesOn()
  await refreshed()
})

it('tells nobody of rows with which a table that is gone is made again', async () => {
  await query('DROP TABLE notes, passing')
  await told()
  const asked = options(table('notes'), table('passing'))
  const { preview } = await shop.console.preview(asked)
  expect(preview.refusals).toEqual([])
  expect(preview.warnings).toContainEqual({
    code: 'restore-tables-read-made',
    params: { database: 'shop', slots: 'everything, other', tables: 'public.notes, public.passing' },
  })
  expect(preview.warnings.map(({ code }) => code)).not.toContain('restore-tables-published')
  expect(await shop.console.run(asked)).toMatchObject({ state: 'succeeded', error: null })
  expect(
    await query(
      `SELECT relname, relpersistence FROM pg_class WHERE relname IN ('notes', 'passing') ORDER BY 1`,
    ),
  ).toEqual([
    { relname: 'notes', relpersistence: 'p' },
    { relname: 'passing', relpersistence: 'u' },
  ])
  expect(await told()).toEqual([])
  await query(`INSERT INTO notes VALUES (21, 'new')`)
  await reaches('what is written from then on', notes)
  await goesOn()
})
