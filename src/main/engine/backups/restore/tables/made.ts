/** What is on record of tables that a restore made: until it is kept, that says what is ours. */
import { z } from 'zod'
import type { StepContext } from '../../../operations/kind.ts'
import type { Table } from '../../postgres/snapshot.ts'
import { isOf } from './is-of.ts'

/** The step that keeps it. */
export const STAGE = 'restore-tables-stage'

const Named = z.object({ schema: z.string(), name: z.string() })

/** Kept before they get their place. */
export const Made = z.object({
  /** All that is restored: of what is partitioned the partitions, too. */
  chosen: z.array(Named).optional(),
  tables: z.array(Named.extend({ oid: z.number(), rows: z.number() })),
  sequences: z.array(Named.extend({ last: z.string(), isCalled: z.boolean() })),
})
export type Made = z.infer<typeof Made>

/** The foreign keys to them that were made again. */
export const Keys = z.array(Named.extend({ constraint: z.string() }))
export type Keys = z.infer<typeof Keys>

/** The tables that were made, where some were not there any more, and those that get other rows. */
export function sorted(
  { facts }: Pick<StepContext<unknown>, 'facts'>,
  asked: readonly Table[],
): { made: Made | null; present: Table[]; chosen: readonly Table[] } {
  const made = Made.safeParse(facts(STAGE)).data
  const tables = made?.chosen ?? asked
  const isMade = (table: Table) => made?.tables.some(isOf(table)) === true
  return {
    made: tables.some(isMade) ? (made ?? null) : null,
    present: tables.filter((table) => !isMade(table)),
    chosen: tables,
  }
}
