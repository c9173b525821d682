/** A table as it stands on the screen, for CSV: where all of its rows are drawn and its figures are read with their units. */
import type { CsvTable } from './csv.ts'

/** What is hidden from those who hear the page, an arrow of the order, is left out. */
export function shownTable(table: HTMLTableElement | null): CsvTable {
  const lines = [...(table?.rows ?? [])].map((row) => [...row.cells].map(textOf))
  const heads = table?.tHead?.rows.length ?? 0
  return { headings: lines[heads - 1] ?? [], rows: lines.slice(heads) }
}

function textOf(cell: HTMLTableCellElement): string {
  const copy = cell.cloneNode(true) as HTMLTableCellElement
  for (const hidden of copy.querySelectorAll('[aria-hidden="true"]')) hidden.remove()
  return (copy.textContent ?? '').replaceAll(/\s+/g, ' ').trim()
}
