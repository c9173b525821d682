/** Where the way back of a restore leads, by what is on record of it: for whoever gives it up. What became of that only the server knows. */
import { isOver } from '#shared/model/operation.ts'
import { type RestoreKeep, RestoreOptions, RestoreSwapped } from '#shared/model/restore.ts'
import { OperationFailed } from '../../operations/kind.ts'
import { safetyOf } from './in-place/safety.ts'
import { transactionsOf } from './in-place/steps.ts'
import type { Transactions } from './in-place/transaction.ts'
import type { RestoreDependencies } from './kind.ts'
import { namesIn } from './operating.ts'
import { swapped } from './swap-steps.ts'
import { tableNamesOf } from './tables/names.ts'
import { Exchanged, SWAP } from './tables/steps.ts'

export type WayBack = {
  readonly operation: string
  /** What others are kept off while it is given up. */
  readonly database: string
  /** It was given up already. */
  readonly isKept: boolean
} & Leads

type Leads =
  | { readonly to: 'database'; readonly before: string; readonly oid: number; readonly at: number }
  | {
      readonly to: 'schema'
      readonly before: string
      /** `null`: that it was put aside was told by nobody. */
      readonly oid: number | null
      readonly at: number
    }
  | {
      readonly to: 'backup'
      /** The safety backup, which stays, but counts like any other from then on. */
      readonly before: string
      readonly at: number
      readonly transactions: Transactions
      /** That it is what was replaced is on record. */
      readonly isSure: boolean
    }
  /** Nothing was put aside: what was made would go. */
  | { readonly to: 'nothing' }

/** @throws OperationFailed where that operation did nothing that could be taken back, was taken back, or is not over */
export async function wayBackOf(
  { operationOf }: Pick<RestoreDependencies, 'operationOf'>,
  { operation: id }: RestoreKeep,
  deployment: string,
): Promise<WayBack> {
  const operation = await operationOf(id)
  const options = RestoreOptions.safeParse(operation?.options).data
  if (
    operation?.kind !== 'restore' ||
    operation.deployment !== deployment ||
    !isOver(operation.state) ||
    options === undefined ||
    options.mode === 'keep'
  )
    throw new OperationFailed('restore-nothing-swapped', { id })
  const { undo, target, result } = operation
  // Whatever a restore changes can be taken back, until that is given up.
  const isKept = undo === 'none' && target !== 'unchanged'
  if (!isKept && undo !== 'available' && undo !== 'failed')
    throw new OperationFailed('restore-nothing-swapped', { id })
  const told = RestoreSwapped.safeParse(result).data
  const traces = { ...operation, options }
  const names = namesIn(traces)
  const about = { operation: id, database: names.database, isKept }

  const swap = swapped(traces)
  if (swap !== null)
    return { ...about, to: 'database', before: names.before, oid: swap.original, at: swap.at }
  const exchange = Exchanged.safeParse(operation.facts(SWAP)).data
  if (exchange !== undefined) {
    const { before } = tableNamesOf(names.database, id)
    return { ...about, to: 'schema', before, oid: told?.beforeOid ?? null, at: exchange.at }
  }
  const transactions = transactionsOf(operation)
  if (transactions === null) return { ...about, to: 'nothing' }
  // A way back that was begun may have got to its end.
  const isSure = told !== undefined && told.swappedAt !== null && transactions.back === null
  return { ...about, to: 'backup', before: safetyOf(operation), at: transactions.at, transactions, isSure }
}
