/** What of a backup is compared, in numbers. Pure. */
import type { Compared } from '#shared/model/compared.ts'
import type { OperationFacts } from '#shared/model/operation.ts'
import type { Part } from './manifest.ts'
import { sumOf } from './postgres/objects.ts'

/** As a manifest has it. */
export function comparedOf({ tables, counted }: Pick<Part, 'tables' | 'counted'>): Compared {
  return {
    tables: tables.length,
    rows: tables.reduce((sum, table) => sum + table.rows, 0),
    sequences: counted?.sequences.length ?? null,
    largeObjects: counted?.largeObjects ?? null,
    objects: counted?.objects === undefined ? null : sumOf(counted.objects),
  }
}

/** As facts of an operation, and as a line of its log: without what was not counted. */
export function comparedFacts(compared: Compared): OperationFacts & Record<string, number> {
  return Object.fromEntries(
    Object.entries(compared).flatMap(([what, count]) => (count === null ? [] : [[what, count]])),
  )
}
