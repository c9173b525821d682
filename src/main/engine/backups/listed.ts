/** What `pg_restore --list` says is in a dump. Pure. */
import { BackupError } from './backup-error.ts'
import type { Part } from './manifest.ts'

const TABLE_DATA = /^(\d+); \d+ \d+ TABLE DATA /

/** The numbers of those entries that have rows of a table. */
export function entriesOfRows(listed: string): string[] {
  return listed.split('\n').flatMap((line) => TABLE_DATA.exec(line)?.[1] ?? [])
}

/** @throws BackupError `contents-missing` */
export function refuseMissing(listed: string, { file, tables }: Pick<Part, 'file' | 'tables'>): void {
  const missing = tables.length - entriesOfRows(listed).length
  if (missing > 0) throw new BackupError('contents-missing', { file, missing, tables: tables.length })
}
