/** What of a database is dumped: all of it, or chosen schemas and tables; then the backup is a partial one. */
import { BackupSelection } from '#shared/model/backup-selection.ts'
import { sqlName } from './quote.ts'

export const Selection = BackupSelection
export type Selection = BackupSelection

export const EVERYTHING: Selection = { schemas: [], tables: [] }

export function isPartial({ schemas, tables }: Selection): boolean {
  return schemas.length > 0 || tables.length > 0
}

export function isSelected({ schemas, tables }: Selection, schema: string, name: string): boolean {
  if (schemas.length === 0 && tables.length === 0) return true
  return schemas.includes(schema) || tables.some((one) => one.schema === schema && one.name === name)
}

/**
 * The options of `pg_dump` for it: its patterns, with each name in quotes so that it stands for itself. One that there is
 * not is an error. With tables chosen, `pg_dump` takes whole schemas no longer: their tables are chosen with a pattern.
 */
export function selectionOptions({ schemas, tables }: Selection): string[] {
  if (schemas.length === 0 && tables.length === 0) return []
  if (tables.length === 0)
    return ['--strict-names', ...schemas.map((schema) => `--schema=${sqlName(schema)}`)]
  return [
    '--strict-names',
    ...schemas.map((schema) => `--table=${sqlName(schema)}.*`),
    ...tables.map(({ schema, name }) => `--table=${sqlName(schema)}.${sqlName(name)}`),
  ]
}
