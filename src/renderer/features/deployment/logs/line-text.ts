/** Lines as text and as a table, to be taken elsewhere. Pure. */
import type { LogLine } from '#shared/model/logs.ts'
import type { CsvTable } from '../../../components/table/csv.ts'

/** In one line what a line says, and below it what follows. */
export function lineText({ at, level, source, message, detail, fields }: LogLine): string {
  const head = [
    at === null ? null : new Date(at).toISOString(),
    level?.toUpperCase() ?? null,
    source,
    message,
  ]
  const pairs = fields.map(
    ({ name, value }) => `${name}=${/[\s"]/.test(value) ? JSON.stringify(value) : value}`,
  )
  return [[...head.filter((part) => part !== null && part !== ''), ...pairs].join(' '), detail]
    .filter((part) => part !== null)
    .join('\n')
}

export function linesTable(lines: readonly LogLine[]): CsvTable {
  return {
    headings: ['time', 'level', 'source', 'message', 'detail', 'fields'],
    rows: lines.map(({ at, level, source, message, detail, fields }) => [
      at === null ? null : new Date(at),
      level,
      source,
      message,
      detail,
      fields.length === 0
        ? null
        : JSON.stringify(Object.fromEntries(fields.map(({ name, value }) => [name, value]))),
    ]),
  }
}
