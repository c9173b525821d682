/** Rows of tables after a restore, beside what was counted. */
import { expect, it } from 'vitest'
import { differingRows, toCount } from '../../../../../src/main/engine/backups/postgres/compare-rows.ts'

const table = (name: string, rows: number, schema = 'public') => ({ schema, name, rows })

it('counts what is there, apart what policies hide, and names what differs or is gone', () => {
  const then = [table('a', 1), table('b', 2), table('a', 3, 'other'), table('gone', 4), table('empty', 0)]
  const there = (name: string, hidden: boolean, schema = 'public') => ({ schema, name, hidden })
  const { open, hidden } = toCount(then, [
    ...[there('a', true, 'other'), there('new', true), there('a', false), there('b', false)],
  ])
  expect(open).toEqual([table('a', 1), table('b', 2)])
  expect(hidden).toEqual([table('a', 3, 'other')])
  expect(differingRows(then, [table('a', 3, 'other'), table('b', 5), table('a', 1)])).toEqual([
    { ...table('b', 2), found: 5 },
    { ...table('gone', 4), found: 0 },
    // Without rows, but it was there.
    { ...table('empty', 0), found: 0 },
  ])
})

it('keeps nobody waiting where there are very many tables', () => {
  const all = Array.from({ length: 50_000 }, (_, index) => table(`t${index}`, index))
  const begun = performance.now()
  const { open, hidden } = toCount(
    all,
    all.map((one) => ({ ...one, hidden: one.rows % 2 === 1 })).toReversed(),
  )
  expect(differingRows(all, [...hidden, ...open].toReversed())).toEqual([])
  // Compared each with each, it is a minute.
  expect(performance.now() - begun).toBeLessThan(5_000)
})
