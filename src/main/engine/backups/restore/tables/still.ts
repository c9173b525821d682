/**
 * Whether tables are still what they were looked at as. Before rows are exchanged, with the tables locked: somebody may have put another thing in their place meanwhile. And after
 * what their owners let run: it may rename what is theirs, and what we say with our own rights must not meet something else then.
 */
import { isDeepStrictEqual } from 'node:util'
import { OperationFailed } from '../../../operations/kind.ts'
import type { Table } from '../../postgres/snapshot.ts'
import type { Querying } from '../databases.ts'
import { refusedFor } from '../operating.ts'
import { keysThatCall } from './calling.ts'
import { isOf } from './is-of.ts'
import { judgeKeys, judgeLive } from './judge-live.ts'
import { type Live, type LiveTable, lookAtTables, ownInbound } from './live.ts'
import { inWords } from './names.ts'

/** @throws OperationFailed with why rows would not be put into these; they are locked */
export async function refuseOthers(client: Querying, live: Live): Promise<void> {
  const keys = ownInbound(live)
  const [refusal] = [...live.tables.flatMap(judgeLive), ...judgeKeys(keys, await keysThatCall(client, keys))]
  if (refusal !== undefined) throw refusedFor(refusal)
}

/** @returns what throws `restore-tables-changed` where one of these, of those that refer to them, or of these others is no longer what it is now; of one that may be given defaults these do not count */
export async function bystanders(
  client: Querying,
  live: Live,
  others: readonly Table[],
): Promise<(said?: Table) => Promise<void>> {
  const all = [...live.tables, ...ownInbound(live).map(({ from }) => from), ...others]
  const look = async () => (await lookAtTables(client, all)).tables.map(identity)
  const before = await look()
  return async (said) => {
    const now = await look()
    const same = (one: Identity) => (said !== undefined && isOf(said)(one) ? withoutDefaults(one) : one)
    // One that is gone or was renamed has no place in it.
    const changed = before.find((one) => !now.some((other) => isDeepStrictEqual(same(one), same(other))))
    if (changed !== undefined)
      throw new OperationFailed('restore-tables-changed', { table: inWords(changed) })
  }
}

type Identity = ReturnType<typeof identity>

/** What of a table matters to what is said of it afterwards. */
function identity(table: LiveTable) {
  const { oid, schema, name, kind, owner, inherits, rules, hidden, columns, sequences } = table
  return { oid, schema, name, kind, owner, inherits, rules, hidden, columns, sequences }
}

function withoutDefaults({ columns, sequences: _, ...rest }: Identity) {
  return { ...rest, columns: columns.map(({ name, type, generated }) => ({ name, type, generated })) }
}
