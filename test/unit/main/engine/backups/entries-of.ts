/** Entries of a dump, as `pg_restore --verbose` would number them; also those that only stand in the text of a function. */
import {
  type DumpEntry,
  dumpEntriesOf,
} from '../../../../../src/main/engine/backups/postgres/dump-entries.ts'

export function entriesOf(sql: string): Promise<DumpEntry[]> {
  let id = 0
  return dumpEntriesOf(
    sql.replaceAll(/^-- Name: /gm, () => `-- TOC entry ${++id} (class 1259 OID 16384)\n-- Name: `),
  )
}
