/** Whether rows of a backup fit into the tables as they are now, and why they would not be put there. Pure. */
import type { Reason } from '#shared/model/reason.ts'
import type { TableThen } from '../../postgres/columns-then.ts'
import type { Counted, Table } from '../../postgres/snapshot.ts'
import { isOf } from './is-of.ts'
import { judgeColumns } from './judge-columns.ts'
import { judgeKeys, judgeLive } from './judge-live.ts'
import { judgeMissing } from './judge-missing.ts'
import { type ForeignKey, type Live, ownInbound } from './live.ts'
import type { MissingFound } from './missing.ts'
import { inWords } from './names.ts'
import { judgePart, type PartOfWhole } from './partitions.ts'
import { type Reading, refusalsOfReading } from './reading.ts'

export interface TablesFound {
  /** All that is restored: those that were chosen, and their partitions. */
  readonly chosen: readonly Table[]
  /** Those of them that were chosen and are or were partitioned, with their partitions, as the backup has them. */
  readonly wholes: readonly PartOfWhole[]
  readonly live: Live
  /** Foreign keys to these that a function of somebody would be called for. */
  readonly calling: readonly ForeignKey[]
  readonly dumped: readonly TableThen[]
  /** What the backup has of rows. */
  readonly counted: readonly Counted[]
  readonly database: string
  readonly server: {
    readonly recovering: boolean
    readonly user: string
    readonly creates: boolean
  } & Reading
  /** Of those that are not there any more; `null`: all are. */
  readonly missing: MissingFound | null
}

export interface TablesWanted {
  readonly tables: readonly Table[]
  /** Another console signed it, and nobody said that it is trusted all the same. */
  readonly isUntrusted: boolean
}

/** Why it would not be begun; empty: it would. */
export function judgeTables(found: TablesFound, { tables, isUntrusted }: TablesWanted): Reason[] {
  const { live, server, database, calling, chosen } = found
  const { user } = server
  const twice = tables.find((table, index) => tables.findIndex(isOf(table)) < index)
  return [
    ...(isUntrusted ? [{ code: 'restore-tables-another', params: {} }] : []),
    ...(server.recovering ? [{ code: 'restore-standby', params: {} }] : []),
    ...(server.creates ? [] : [{ code: 'restore-tables-no-create', params: { user, database } }]),
    ...refusalsOfReading(server),
    ...(twice === undefined ? [] : [{ code: 'restore-tables-twice', params: { table: inWords(twice) } }]),
    ...chosen.flatMap((table) => judgeTable(found, table)),
    ...judgeKeys(ownInbound(live), calling),
  ]
}

function judgeTable(
  { live, dumped, counted, missing, wholes, chosen, server: { user } }: TablesFound,
  table: Table,
): Reason[] {
  const params = { table: inWords(table) }
  const now = live.tables.find(isOf(table))
  const part = judgePart(live, table, wholes)
  if (part.length > 0) return part
  if (now?.kind === 'p') return judgeLive(now)
  const was = missing?.definitions.tables.find(isOf(table))
  // What is partitioned has no rows of its own.
  if (was?.kind !== 'partitioned' && !counted.some(isOf(table)))
    return [{ code: 'restore-tables-not-in-it', params }]
  if (now === undefined) return missing === null ? [] : judgeMissing(missing, table, { user, chosen })
  if (now.kind !== 'r') return [{ code: 'restore-tables-no-table', params }]
  const columns = dumped.find(isOf(table))?.columns ?? null
  if (now.inherits || columns === null) return [{ code: 'restore-tables-inherits', params }]
  const lasting = judgeLive(now)
  return lasting.length > 0 ? lasting : judgeColumns(now, columns)
}
