import { describe, expect, it } from 'vitest'
import { tableNamesGiven } from '../../../../src/main/cli/table-names.ts'

describe('tables on the command line', () => {
  it.each([
    ['orders', [{ schema: 'public', name: 'orders' }]],
    [
      'orders, sales.items',
      [
        { schema: 'public', name: 'orders' },
        { schema: 'sales', name: 'items' },
      ],
    ],
    ['"Склад ""А""."."a,b"', [{ schema: 'Склад "А".', name: 'a,b' }]],
  ])('%s', (text, tables) => {
    expect(tableNamesGiven(text)).toEqual(tables)
  })

  it.each([',', 'a.b.c', 'a,,b', '"a'])('%s is refused', (text) => {
    expect(() => tableNamesGiven(text)).toThrow('--table expects')
  })
})
