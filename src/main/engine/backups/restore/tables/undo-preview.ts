/** What taking a restore of tables back would do, and what stays of one that is left as it is. */
import type { Reason } from '#shared/model/reason.ts'
import type { RestoreTables } from '#shared/model/restore.ts'
import type { Clock } from '../../../clock.ts'
import type { Foreseen, Traces } from '../../../operations/kind.ts'
import { NOTHING_FORESEEN } from '../../../operations/way-back.ts'
import type { Table } from '../../postgres/snapshot.ts'
import { isBegun, isDone, secondsSince, type Traced } from '../undo-preview.ts'
import { countWritten, lossOf } from '../written.ts'
import { type HeldColumn, lookAtHeld } from './held-columns.ts'
import { inDatabase } from './in-database.ts'
import { isOf } from './is-of.ts'
import { judgeHeld } from './judge-columns.ts'
import { judgeDeletes } from './judge-live.ts'
import { type LiveTable, lookAtSchema, lookAtTables } from './live.ts'
import { locked, WAITS_MS } from './locking.ts'
import { sorted } from './made.ts'
import { listOf } from './missing-words.ts'
import { heldNames, tableNamesIn } from './names.ts'
import { CONNECTIONS, Exchanged, SWAP } from './steps.ts'

export async function previewUndoTables(
  { clock }: { readonly clock: Clock },
  traced: Traced<RestoreTables>,
  back: readonly string[],
): Promise<Foreseen> {
  const { options } = traced
  const { database, staged, before, marker } = tableNamesIn(traced)
  const all = listOf(options.tables)
  const staging = (isBegun: boolean, warnings: Reason[] = []): Foreseen => {
    const code = isBegun ? 'undo-tables-drops-staged' : 'undo-tables-nothing'
    const params = { staged, database, tables: all }
    return { ...NOTHING_FORESEEN, changes: [{ code, params }], warnings }
  }
  const exchanged = back.includes(SWAP) ? Exchanged.safeParse(traced.facts(SWAP)).data : undefined
  if (exchanged === undefined) return staging(back.length > 0)
  const { made, present, chosen } = sorted(traced, options.tables)
  const seconds = secondsSince(exchanged.at, clock)
  const { schema, live, held } = await inDatabase(traced, database, async (client) => {
    const seen = await lookAtSchema(client, before)
    // What is being exchanged just now is locked.
    const isIts = seen?.comment === marker
    const there = isIts ? await lookAtTables(client, present) : null
    return { schema: seen, live: there, held: isIts ? await lookAtHeld(client, before) : [] }
  })
  const foreign: Reason = { code: 'restore-tables-foreign', params: { schema: before } }
  // It is one transaction, which makes that schema: without it nothing was exchanged.
  if (live === null && !isDone(traced, SWAP)) return staging(true, schema === null ? [] : [foreign])
  const names = live === null ? '' : listOf(locked(live))
  const refusals: Reason[] =
    schema === null
      ? [{ code: 'restore-before-gone', params: { before } }]
      : schema.comment === marker
        ? unfit(live?.tables ?? [], present, held, before)
        : [foreign]
  return {
    ...NOTHING_FORESEEN,
    changes: [
      ...(present.length === 0
        ? []
        : [{ code: 'undo-tables-puts-back', params: { tables: listOf(present), before, seconds } }]),
      ...(made === null ? [] : [{ code: 'undo-tables-drops', params: { tables: listOf(made.tables) } }]),
      ...(names === ''
        ? []
        : [{ code: 'restore-tables-locks', params: { tables: names, seconds: WAITS_MS / 1_000 } }]),
    ],
    irreversible: [
      lossOf({ database: all, seconds }, exchanged.written, await countWritten(traced, database, chosen)),
    ],
    refusals,
    databases: [{ name: database, bytes: null }],
    connections: { needed: CONNECTIONS, free: null },
    services: names === '' ? [] : traced.profile.services.map(({ name }) => name),
  }
}

/** Why rows that were put aside cannot take the place of those that are there any more. */
function unfit(
  live: readonly LiveTable[],
  present: readonly Table[],
  held: readonly HeldColumn[],
  before: string,
): Reason[] {
  const names = heldNames(present)
  return live.flatMap((table) => {
    const name = names[present.findIndex(isOf(table))]
    const columns = held.filter((column) => column.table === name)
    return table.kind === 'p' ? [] : [...judgeDeletes(table), ...judgeHeld(table, columns, before)]
  })
}

export function leavesTables(traces: Traces<RestoreTables>): Reason[] {
  const { database, staged, before } = tableNamesIn(traces)
  const params = { database, staged, before, tables: listOf(traces.options.tables) }
  const stateOf = (id: string) => traces.steps.find((step) => step.id === id)?.state
  const swap = stateOf(SWAP)
  if (swap === 'succeeded') return [{ code: 'leaves-tables-swapped', params }]
  if (isBegun(swap)) return [{ code: 'leaves-tables-swap-in-doubt', params }]
  return isBegun(stateOf('restore-tables-stage')) ? [{ code: 'leaves-tables-staged', params }] : []
}
