/** Of what is partitioned all partitions are restored: those of the backup, and of those that there are none besides. Pure. */
import type { Reason } from '#shared/model/reason.ts'
import type { Table } from '../../postgres/snapshot.ts'
import type { TableDefinition } from '../../postgres/table-definitions.ts'
import { isOf } from './is-of.ts'
import type { Live } from './live.ts'
import { inWords } from './names.ts'

/** A table of the backup that was partitioned, with what it had, or one of these. */
export type PartOfWhole = Table & Pick<TableDefinition, 'kind' | 'partition'>

/** All that is restored, each after what it is a partition of. @param wholes of those of them that were or are partitioned, as the backup has them */
export function withPartitions(tables: readonly Table[], wholes: readonly PartOfWhole[]): Table[] {
  const all = [...wholes, ...tables].map(({ schema, name }) => ({ schema, name }))
  return all.filter((table, index) => all.findIndex(isOf(table)) === index)
}

/** Why not: what was partitioned is no more, or the other way round, or a partition is another's. */
export function judgePart(live: Live, table: Table, wholes: readonly PartOfWhole[]): Reason[] {
  const params = { table: inWords(table) }
  const now = live.tables.find(isOf(table))
  const then = wholes.find(isOf(table))
  const wasWhole = then?.kind === 'partitioned'
  if (now?.kind === 'p' && !wasWhole) return [{ code: 'restore-tables-partitioned', params }]
  if (now === undefined || then === undefined) return []
  if (wasWhole && now.kind !== 'p') return [{ code: 'restore-tables-whole-no-more', params }]
  const parent = then.partition?.parent
  // One that was chosen by itself need not be a partition any more.
  if (parent === undefined || !wholes.some(isOf(parent))) return []
  if (now.parent !== null && isOf(parent)(now.parent)) return []
  return [{ code: 'restore-tables-partition-elsewhere', params: { ...params, parent: inWords(parent) } }]
}

/** What those that are partitioned have by now besides: it stays as it is. */
export function newPartitions(live: Live, chosen: readonly Table[]): Table[] {
  return live.tables
    .filter(({ kind }) => kind === 'p')
    .flatMap(({ partitions }) => partitions)
    .filter((one, index, all) => !chosen.some(isOf(one)) && all.findIndex(isOf(one)) === index)
}
