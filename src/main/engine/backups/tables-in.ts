/** The tables that are in a backup, as its manifest counted them: looked through and given page by page. Pure. */
import { databasePart } from './database-part.ts'
import type { Manifest } from './manifest.ts'
import { type ListedTable, tablesOf } from './tables-of.ts'

export interface TablesQuery {
  /** `null`: the only one that is in it. */
  readonly database: string | null
  /** Those alone that have this in `schema.name`; `null`: all. */
  readonly containing: string | null
  /** How many of them were given before. */
  readonly after: number
  readonly limit: number
}

export interface TablesPage {
  readonly tables: readonly ListedTable[]
  /** Of all that are looked for. */
  readonly total: number
  /** `after` of the next page; `null`: there is none. */
  readonly next: number | null
}

/** By schema and name, partitions behind what they are of. @throws BackupError where the database is not in it, or is one of several and was not chosen */
export function tablesIn(
  manifest: Pick<Manifest, 'id' | 'parts'>,
  { database, containing, after, limit }: TablesQuery,
): TablesPage {
  const { part } = databasePart(manifest, database ?? undefined)
  const sought = containing?.toLowerCase() ?? ''
  const found = tablesOf(part).filter(({ schema, name }) =>
    `${schema}.${name}`.toLowerCase().includes(sought),
  )
  const next = after + limit
  return {
    ...{ tables: found.slice(after, next), total: found.length },
    next: next < found.length ? next : null,
  }
}
