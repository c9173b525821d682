/** All that can be chosen of a database in a backup: its tables, and the partitioned ones, which stand for tables (decision 49). Pure. */
import type { Part } from './manifest.ts'
import type { Counted, Table } from './postgres/snapshot.ts'

export interface ListedTable extends Counted {
  /** How many tables with rows of their own a partitioned one stands for, whose rows its are; `null`: it is no such. */
  readonly partitions: number | null
  /** What it is a partition of, the nearest first. */
  readonly partOf: readonly Table[]
}

/** By schema and name, but partitions directly behind what they are of. */
export function tablesOf({ tables, partitioned = [] }: Pick<Part, 'tables' | 'partitioned'>): ListedTable[] {
  const rows = new Map(tables.map((table) => [keyOf(table), table.rows]))
  const parts = new Map(partitioned.map((whole) => [keyOf(whole), whole.partitions]))
  const within = new Set(partitioned.flatMap(({ partitions }) => partitions.map(keyOf)))
  // A manifest that somebody else wrote may have one in several, or within itself.
  const listedOnce = new Set<string>()

  function withParts({ schema, name }: Table, partOf: readonly Table[]): ListedTable[] {
    const key = keyOf({ schema, name })
    const own = parts.get(key)
    listedOnce.add(key)
    if (own === undefined) return [{ schema, name, rows: rows.get(key) ?? 0, partitions: null, partOf }]
    const listed = inOrder(own).flatMap((one) =>
      listedOnce.has(keyOf(one)) ? [] : withParts(one, [{ schema, name }, ...partOf]),
    )
    const leaves = listed.filter(({ partitions }) => partitions === null)
    const sum = leaves.reduce((all, leaf) => all + leaf.rows, 0)
    return [{ schema, name, rows: sum, partitions: leaves.length, partOf }, ...listed]
  }

  const outermost = [...tables, ...partitioned].filter((table) => !within.has(keyOf(table)))
  return inOrder(outermost).flatMap((table) => withParts(table, []))
}

function inOrder<T extends Table>(tables: readonly T[]): T[] {
  return tables.toSorted((a, b) => compare(a.schema, b.schema) || compare(a.name, b.name))
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function keyOf({ schema, name }: Table): string {
  return JSON.stringify([schema, name])
}
