/** Columns of chosen tables are altered while their rows are restored, or before that is taken back, on a real PostgreSQL: no value is cut, rounded or left out without a word. */
import { expect, it, vi } from 'vitest'
import { until } from '../../support/until.ts'
import { shopWith, table } from './tables-kit.ts'

// Each restore is threads and programs that begin: on a machine with much else to do they take their time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const LONG = 'longer than twenty characters'
const shop = shopWith(`
  CREATE DOMAIN word AS text; CREATE DOMAIN whole AS int CHECK (VALUE > 0);
  CREATE TABLE notes (id int PRIMARY KEY, note text NOT NULL, price numeric, word word, whole whole, wholes whole[], twice int GENERATED ALWAYS AS (id * 2) STORED, size int GENERATED ALWAYS AS (length(note)) STORED);
  CREATE TABLE marks (id int, rank int); INSERT INTO marks VALUES (1, 2);
  INSERT INTO notes VALUES (1, 'then, ${LONG}', 1.2345, 'x', 1, '{1,2}')`)
const { query, options } = shop
const contents = (from = 'notes') => query(`SELECT id, note, price, word, whole, wholes FROM ${from}`)
const chosen = () => options(table('notes'))

it('does not put rows back that would be cut, rounded or lost, and says so before', async () => {
  await query(`UPDATE notes SET note = 'now, ${LONG}', price = 9.8765`)
  const now = await contents()
  const done = await shop.console.run(chosen())
  expect(done).toMatchObject({ state: 'succeeded', error: null })
  const before = String(done.result?.before)
  const restored = async () => query('SELECT id, note FROM notes')
  const said = (code: string, columns: string) => ({ code, params: { table: 'public.notes', columns } })
  const unlike = (columns: string) => {
    const { code, params } = said('restore-tables-held-unlike', columns)
    return { code, params: { ...params, schema: before } }
  }
  const foreseen = async () => (await shop.console.previewUndo(done.id)).refusals
  expect(await foreseen()).toEqual([])

  await query(
    'ALTER TABLE notes ALTER note TYPE varchar(20) USING left(note, 20), ALTER price TYPE numeric(10, 2), ADD due date, DROP word, DROP whole, DROP size; ALTER TABLE notes ADD whole int GENERATED ALWAYS AS (id) STORED',
  )
  const altered = await restored()
  const columns =
    'note: text → character varying(20); price: numeric → numeric(10,2); word: public.word → —; whole: public.whole → GENERATED'
  expect(await foreseen()).toEqual([unlike(columns)])
  expect(await shop.console.act(done.id, 'undo')).toMatchObject({ undo: 'failed', error: unlike(columns) })
  expect(await restored()).toEqual(altered)
  expect(await contents(`${before}.notes`)).toEqual(now)

  await query(
    `ALTER TABLE notes DROP whole; ALTER TABLE notes ALTER note TYPE text, ALTER price TYPE numeric, ADD word word, ADD whole whole, ADD must int NOT NULL DEFAULT 1; ALTER TABLE notes ALTER must DROP DEFAULT`,
  )
  expect(await foreseen()).toEqual([said('restore-tables-columns-demanded', 'must')])
  expect(await shop.console.act(done.id, 'undo')).toMatchObject({
    error: said('restore-tables-columns-demanded', 'must'),
  })
  await query('ALTER TABLE notes DROP must')
  expect(await foreseen()).toEqual([])
  // What is computed may come, go and be another: there is nothing to lose.
  expect(await shop.console.act(done.id, 'undo')).toMatchObject({ state: 'undone', error: null })
  expect(await contents()).toEqual(now)
  expect(await query('SELECT twice, due FROM notes')).toEqual([{ twice: 2, due: null }])
})

it('takes rows back that an older console put aside, which did not note what was computed', async () => {
  await query('UPDATE notes SET price = 9; UPDATE marks SET rank = 3')
  const now = await contents()
  const done = await shop.console.run(options(table('notes'), table('marks')))
  expect(done).toMatchObject({ state: 'succeeded', error: null })
  const before = String(done.result?.before)
  const refusals = async () => (await shop.console.previewUndo(done.id)).refusals
  expect(await refusals()).toEqual([])
  await query('ALTER TABLE marks DROP rank; ALTER TABLE marks ADD rank int GENERATED ALWAYS AS (id) STORED')
  // It was noted that there was none: its values would be lost.
  expect(await refusals()).toMatchObject([
    { code: 'restore-tables-held-unlike', params: { columns: 'rank: integer → GENERATED' } },
  ])
  await query('ALTER TABLE marks DROP rank; ALTER TABLE marks ADD rank int')
  await query(
    `COMMENT ON TABLE ${before}.notes IS NULL; COMMENT ON COLUMN ${before}.notes.twice IS NULL; COMMENT ON COLUMN ${before}.notes.size IS NULL`,
  )
  expect(await refusals()).toEqual([])
  expect(await shop.console.act(done.id, 'undo')).toMatchObject({ state: 'undone', error: null })
  expect(await contents()).toEqual(now)
  expect(await query('SELECT twice FROM notes')).toEqual([{ twice: 2 }])
  expect(await query('SELECT * FROM marks')).toEqual([{ id: 1, rank: 3 }])
})

it('puts no rows into columns that were altered while these waited', async () => {
  await query('DELETE FROM notes')
  const holder = await shop.server.connect('shop')
  try {
    await holder.query('BEGIN; LOCK TABLE notes IN ACCESS SHARE MODE')
    const running = shop.console.run(chosen())
    await until(
      async () => {
        const waiting = `SELECT FROM pg_locks WHERE relation = 'notes'::regclass AND NOT granted`
        return (await holder.query(waiting)).rowCount === 1
      },
      { what: 'that the rows wait for the table', timeoutMs: 60_000, everyMs: 20 },
    )
    await holder.query('ALTER TABLE notes ALTER price TYPE numeric(10, 2); COMMIT')
    expect(await running).toMatchObject({
      ...{ state: 'failed', target: 'unchanged' },
      error: {
        code: 'restore-tables-columns-changed',
        params: { table: 'public.notes', columns: 'price: numeric → numeric(10,2)' },
      },
    })
    expect(await contents()).toEqual([])
  } finally {
    await holder.end()
  }
})
