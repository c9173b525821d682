/** Tables as CSV, and the names of saved files. */
import { describe, expect, it } from 'vitest'
import { fileNameOf } from '../../../../src/renderer/components/save-file.ts'
import { toCsv } from '../../../../src/renderer/components/table/csv.ts'

const cellOf = (cell: Parameters<typeof toCsv>[0]['rows'][number][number]) =>
  toCsv({ headings: ['a'], rows: [[cell]] }).slice('a\r\n'.length, -2)

describe('a table as CSV', () => {
  it('ends each line as RFC 4180 has it, and leaves out nothing', () => {
    expect(
      toCsv({
        headings: ['PID', 'User'],
        rows: [
          [42, 'shop'],
          [43, null],
        ],
      }),
    ).toBe('PID,User\r\n42,shop\r\n43,\r\n')
  })

  it.each([
    ['a,b', '"a,b"'],
    ['say "no"', '"say ""no"""'],
    ['SELECT 1\nFROM t', '"SELECT 1\nFROM t"'],
    ['один', 'один'],
    ['', ''],
    [null, ''],
    [undefined, ''],
    [1.5, '1.5'],
    [-3, '-3'],
    [Number.NaN, ''],
    [true, 'true'],
    [new Date(0), '1970-01-01T00:00:00.000Z'],
  ])('writes %j as %s', (cell, written) => expect(cellOf(cell)).toBe(written))

  it.each([
    ['=1+1', "'=1+1"],
    ['+cmd', "'+cmd"],
    ['-- a comment', "'-- a comment"],
    ['@SUM(A1)', "'@SUM(A1)"],
    [' \t=1', "' \t=1"],
    ['\r=1', '"\'\r=1"'],
    ['＝1', "'＝1"],
    ['=HYPERLINK("http://x","y")', '"\'=HYPERLINK(""http://x"",""y"")"'],
    ['a=b', 'a=b'],
    ['-5', '-5'],
    ['+5.25', '+5.25'],
    ['– unknown', '– unknown'],
  ])('disarms %j, which a spreadsheet might run', (text, written) => expect(cellOf(text)).toBe(written))
})

describe('the name of a saved file', () => {
  const at = new Date('2026-11-21T10:25:03.123Z')

  it.each([
    ['Connections · api-prod', 'Connections-api-prod-2026-11-21T10-25-03Z.csv'],
    ['../../etc/passwd', 'etc-passwd-2026-11-21T10-25-03Z.csv'],
    ['Соединения', 'Соединения-2026-11-21T10-25-03Z.csv'],
    ['***', 'vakhta-2026-11-21T10-25-03Z.csv'],
  ])('of %j is %s', (title, name) => expect(fileNameOf(title, at, 'csv')).toBe(name))
})
