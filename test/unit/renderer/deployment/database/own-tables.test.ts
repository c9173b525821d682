import { expect, it } from 'vitest'
import { tablesToShow } from '../../../../../src/renderer/features/deployment/database/own-tables.ts'

const tables = [
  'pg_catalog.pg_proc',
  'public.orders',
  'pg_toast.pg_toast_1',
  'information_schema.parts',
  'pg_shop.x',
].map((table) => ({ table }))

it('leaves PostgreSQL’s own tables out, and says how many', () => {
  const { shown, system } = tablesToShow(tables, false)
  expect([shown.map(({ table }) => table), system]).toEqual([['public.orders', 'pg_shop.x'], 3])
})

it('shows all of them where that is asked for', () => {
  expect(tablesToShow(tables, true)).toEqual({ shown: tables, system: 3 })
})
