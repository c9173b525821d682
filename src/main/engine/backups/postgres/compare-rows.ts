/** Rows of tables beside what was counted of them, also where there are very many: each is looked up by a key, and nobody else waits for the thread. Pure. */
import type { Counted, Table } from './snapshot.ts'

/** A table that there is. */
export interface There extends Table {
  /** Policies leave rows out for who counts. */
  readonly hidden: boolean
}

/** Those that are there to be counted, in the order that they are named in. */
export function toCount<T extends Table>(
  tables: readonly T[],
  there: readonly There[],
): { readonly open: T[]; readonly hidden: T[] } {
  const isHidden = new Map(there.map((one) => [keyOf(one), one.hidden]))
  return {
    open: tables.filter((table) => isHidden.get(keyOf(table)) === false),
    hidden: tables.filter((table) => isHidden.get(keyOf(table)) === true),
  }
}

/** What has other rows than it had; one that is not there has none. */
export function differingRows(
  then: readonly Counted[],
  found: readonly Counted[],
): (Counted & { readonly found: number })[] {
  const rows = new Map(found.map((one) => [keyOf(one), one.rows]))
  return then.flatMap((table) => {
    const now = rows.get(keyOf(table))
    return now === table.rows ? [] : [{ ...table, found: now ?? 0 }]
  })
}

export function keyOf({ schema, name }: Table): string {
  return JSON.stringify([schema, name])
}
