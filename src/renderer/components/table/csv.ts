/** A table as CSV (RFC 4180), safe to open in a spreadsheet. */

/** Numbers stay numbers, times become ISO 8601 in UTC, what is not known is an empty cell. */
export type CsvCell = string | number | boolean | Date | null | undefined

export interface CsvTable {
  /** The units of figures stand here, in brackets: `Duration (ms)`. */
  readonly headings: readonly string[]
  readonly rows: readonly (readonly CsvCell[])[]
}

const LINE_END = '\r\n'

/**
 * Text that begins like a formula gets an apostrophe in front: what stands in a table comes from servers, and a spreadsheet
 * would run it (OWASP, "CSV Injection").
 */
export function toCsv({ headings, rows }: CsvTable): string {
  return [headings, ...rows].map((row) => row.map(field).join(',') + LINE_END).join('')
}

function field(cell: CsvCell): string {
  if (cell === null || cell === undefined) return ''
  if (cell instanceof Date) return cell.toISOString()
  if (typeof cell === 'number') return Number.isFinite(cell) ? String(cell) : ''
  if (typeof cell === 'boolean') return String(cell)
  const safe = startsFormula(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** Spreadsheets skip blanks in front of a formula, and take the full-width signs for the plain ones. */
function startsFormula(text: string): boolean {
  return /^[\s\p{Cc}]*[=+\-@＝＋－＠]/u.test(text) && !/^[+-]?\d+(\.\d+)?$/.test(text)
}
