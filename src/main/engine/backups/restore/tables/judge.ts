/** Whether rows of a backup fit into the tables as they are now, and why they would not be put there. Pure. */
import type { Reason } from '#shared/model/reason.ts'
import { type ColumnThen, type TableThen, wasGenerated, wasOfType } from '../../postgres/columns-then.ts'
import type { Counted, Table } from '../../postgres/snapshot.ts'
import { isOf } from './is-of.ts'
import { judgeKeys, judgeLive } from './judge-live.ts'
import { judgeMissing } from './judge-missing.ts'
import { type Column, type ForeignKey, type Live, type LiveTable, ownInbound } from './live.ts'
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

/** The columns that a table had rows in at the time of the backup, and has now. */
export function commonColumns({ columns: now }: LiveTable, then: readonly ColumnThen[]): Column[] {
  return now.filter(
    ({ name, generated }) => !generated && then.some((one) => one.name === name && !wasGenerated(one)),
  )
}

/** Those that are new since, and get what they have by default. */
export function newColumns({ columns: now }: LiveTable, then: readonly ColumnThen[]): Column[] {
  return now.filter(
    ({ name, generated }) => !generated && !then.some((one) => one.name === name && !wasGenerated(one)),
  )
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

function judgeColumns(now: LiveTable, then: readonly ColumnThen[]): Reason[] {
  const table = inWords(now)
  const gone = then.filter(
    (one) =>
      !wasGenerated(one) && !now.columns.some(({ name, generated }) => name === one.name && !generated),
  )
  const demanded = newColumns(now, then).filter(({ notNull, filled }) => notNull && !filled)
  const changed = commonColumns(now, then).flatMap(({ name, type }) => {
    const was = then.find((one) => one.name === name)
    return was === undefined || wasOfType(was, type) ? [] : [`${name}: ${was.definition} → ${type}`]
  })
  const named = (all: readonly { readonly name: string }[]) => all.map(({ name }) => name).join(', ')
  return [
    ...(gone.length > 0
      ? [{ code: 'restore-tables-columns-gone', params: { table, columns: named(gone) } }]
      : []),
    ...(demanded.length > 0
      ? [{ code: 'restore-tables-columns-demanded', params: { table, columns: named(demanded) } }]
      : []),
    ...(changed.length > 0
      ? [{ code: 'restore-tables-columns-changed', params: { table, columns: changed.join('; ') } }]
      : []),
  ]
}
