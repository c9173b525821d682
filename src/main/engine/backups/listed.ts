/** What `pg_restore --list` says is in a dump. Pure. */
import { BackupError } from './backup-error.ts'
import type { Part } from './manifest.ts'

const TABLE_DATA = /^(\d+); \d+ \d+ TABLE DATA /

/** The numbers of those entries that have rows of a table. */
export function entriesOfRows(listed: string): string[] {
  return listed.split('\n').flatMap((line) => TABLE_DATA.exec(line)?.[1] ?? [])
}

const OBJECTS = /^(\d+); \d+ \d+ BLOBS /

/** The numbers of those entries that have large objects. */
export function entriesOfObjects(listed: string): string[] {
  return listed.split('\n').flatMap((line) => OBJECTS.exec(line)?.[1] ?? [])
}

/** @throws BackupError `contents-missing` */
export function refuseMissing(listed: string, { file, tables }: Pick<Part, 'file' | 'tables'>): void {
  const missing = tables.length - entriesOfRows(listed).length
  if (missing > 0) throw new BackupError('contents-missing', { file, missing, tables: tables.length })
}

const LISTED = /^(\d+); \d+ \d+ /
const NEEDS = /^;\s+depends on:((?: \d+)+)$/

/** @returns the ids of its entries, in their order, without these and without the contents of these */
export function listedWithout(listed: string, not: ReadonlySet<number>): number[] {
  const entries: { id: number; isLeft: boolean; isContent: boolean }[] = []
  for (const line of listed.split('\n')) {
    const id = LISTED.exec(line)?.[1]
    if (id !== undefined) {
      const isContent = /^\d+; \d+ \d+ MATERIALIZED VIEW DATA /.test(line)
      entries.push({ id: Number(id), isLeft: not.has(Number(id)), isContent })
    }
    const last = entries.at(-1)
    const needs = NEEDS.exec(line)?.[1]
    if (last?.isContent === true && needs !== undefined)
      last.isLeft ||= needs
        .trim()
        .split(' ')
        .some((one) => not.has(Number(one)))
  }
  return entries.filter(({ isLeft }) => !isLeft).map(({ id }) => id)
}
