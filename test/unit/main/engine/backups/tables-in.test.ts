import { expect, it } from 'vitest'
import type { Part } from '../../../../../src/main/engine/backups/manifest.ts'
import { tablesIn } from '../../../../../src/main/engine/backups/tables-in.ts'

const ALL = { database: null, containing: null, after: 0, limit: 100 }

function partOf(database: string | null, tables: Part['tables']): Part {
  return {
    ...{
      file: 'a.age',
      content: database === null ? 'globals' : 'database',
      database,
      bytes: 1,
      plainBytes: 1,
    },
    ...{ sha256: '', tables, heldMs: 0, tookMs: 0, tool: { program: 'pg_dump', version: '15' } },
  }
}

const TABLES = [
  { schema: 'sales', name: 'items', rows: 3 },
  { schema: 'public', name: 'Orders', rows: 2 },
  { schema: 'public', name: 'заказы', rows: 1 },
]
const ONE = { id: 'b1', parts: [partOf('shop', TABLES), partOf(null, [])] }

it.each([
  ['all, by schema and name', {}, ['Orders', 'заказы', 'items'], 3, null],
  ['those with a part of the name, in any case', { containing: 'ORD' }, ['Orders'], 1, null],
  ['those of a schema', { containing: 'sales.' }, ['items'], 1, null],
  ['names of any alphabet', { containing: 'ЗАК' }, ['заказы'], 1, null],
  ['a page of them', { limit: 2 }, ['Orders', 'заказы'], 3, 2],
  ['the page after it', { after: 2, limit: 2 }, ['items'], 3, null],
  ['none beyond the last', { after: 9 }, [], 3, null],
])('gives %s', (_, query, names, total, next) => {
  const page = tablesIn(ONE, { ...ALL, ...query })
  expect(page.tables.map(({ name }) => name)).toEqual(names)
  expect(page).toMatchObject({ total, next })
})

const named = (name: string, schema = 'public') => ({ schema, name })

it('gives a partitioned table with what it stands for, and its partitions behind it', () => {
  const part = partOf('shop', [
    { ...named('apples'), rows: 5 },
    { ...named('early', 'archive'), rows: 1 },
    { ...named('events_2026_a'), rows: 20 },
    { ...named('events_2026_b'), rows: 300 },
    { ...named('zebras'), rows: 7 },
  ])
  const partitioned = [
    { ...named('events'), partitions: [named('events_2026'), named('early', 'archive')] },
    { ...named('events_2026'), partitions: [named('events_2026_b'), named('events_2026_a')] },
    { ...named('orphans'), partitions: [] },
  ]
  const backup = { id: 'b1', parts: [{ ...part, partitioned }] }
  const page = (containing: string | null) => tablesIn(backup, { ...ALL, containing }).tables
  const [events, nested] = [named('events'), named('events_2026')]
  expect(page(null)).toEqual([
    { ...named('apples'), rows: 5, partitions: null, partOf: [] },
    { ...events, rows: 321, partitions: 3, partOf: [] },
    { ...named('early', 'archive'), rows: 1, partitions: null, partOf: [events] },
    { ...nested, rows: 320, partitions: 2, partOf: [events] },
    { ...named('events_2026_a'), rows: 20, partitions: null, partOf: [nested, events] },
    { ...named('events_2026_b'), rows: 300, partitions: null, partOf: [nested, events] },
    { ...named('orphans'), rows: 0, partitions: 0, partOf: [] },
    { ...named('zebras'), rows: 7, partitions: null, partOf: [] },
  ])
  // What stands in for others says so, though they are not among what is looked for.
  expect(page('archive')).toEqual([
    { ...named('early', 'archive'), rows: 1, partitions: null, partOf: [events] },
  ])
})

it('lists once what a manifest that others wrote has in itself or in several', () => {
  const part = partOf('shop', [{ ...named('a'), rows: 2 }])
  const partitioned = [
    { ...named('one'), partitions: [named('a'), named('two')] },
    { ...named('two'), partitions: [named('a'), named('two'), named('one')] },
    { ...named('three'), partitions: [named('two'), named('a')] },
  ]
  const { tables } = tablesIn({ id: 'b1', parts: [{ ...part, partitioned }] }, ALL)
  expect(tables.map(({ name }) => name)).toEqual(['three', 'a', 'two', 'one'])
})

it('wants to know which database where there are several, and one that is in it', () => {
  const two = { id: 'b2', parts: [partOf('shop', TABLES), partOf('billing', [])] }
  expect(() => tablesIn(two, ALL)).toThrow(
    expect.objectContaining({
      failure: { code: 'database-not-chosen', params: { id: 'b2', databases: 'shop, billing' } },
    }),
  )
  expect(tablesIn(two, { ...ALL, database: 'billing' })).toEqual({ tables: [], total: 0, next: null })
  expect(() => tablesIn(ONE, { ...ALL, database: 'ledger' })).toThrow(
    expect.objectContaining({
      failure: { code: 'database-not-in-it', params: { id: 'b1', database: 'ledger' } },
    }),
  )
})
