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
