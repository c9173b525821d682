/** The rows that a restore of tables put aside: looked at, and dropped where they are kept no longer. */
import type { Client } from 'pg'
import { OperationFailed, type Subject } from '../../../operations/kind.ts'
import { lookAtDatabases } from '../databases.ts'
import { inMaintenance } from '../operating.ts'
import { dropHeld } from './exchange.ts'
import { inDatabase } from './in-database.ts'
import { tableNamesOf } from './names.ts'

export interface PutAside {
  /** The operation that did. */
  readonly operation: string
  readonly database: string
  readonly before: string
  /** `null`: it is not on record. */
  readonly oid: number | null
}

type Reaching = Pick<Subject<unknown>, 'reach' | 'profile' | 'signal'>

/** @returns what it is called by now, and its size; `null`: it is gone, or its database with it */
export async function lookAtAside(
  subject: Reaching,
  aside: PutAside,
): Promise<{ name: string; bytes: number } | null> {
  const names = [aside.database]
  const [database] = await inMaintenance(subject, (client) => lookAtDatabases(client, { names }))
  if (database === undefined) return null
  return inDatabase(subject, aside.database, (client) => look(client, aside))
}

export function dropAside(subject: Reaching, aside: PutAside): Promise<void> {
  const { database, before } = aside
  return inDatabase(subject, database, async (client) => {
    const there = await look(client, aside)
    if (there === null) return
    // Whatever has another name by now, somebody wanted to keep.
    if (there.name !== before) throw new OperationFailed('restore-before-gone', { before })
    await client.query('BEGIN')
    await dropHeld(client, before)
    await client.query('COMMIT')
  })
}

/** As the way back does, by name and marker: where the whole database was restored since, it is another. By its oid, where it was renamed or has another comment. */
async function look(client: Pick<Client, 'query'>, { operation, database, before, oid }: PutAside) {
  const { marker } = tableNamesOf(database, operation)
  const { rows } = await client.query<{ name: string; bytes: string }>(
    `SELECT n.nspname AS name, coalesce((SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c WHERE c.relnamespace = n.oid AND c.relkind = 'r'), 0) AS bytes
       FROM pg_namespace n CROSS JOIN LATERAL (SELECT n.nspname = $1 AND coalesce(obj_description(n.oid, 'pg_namespace') = $2, false) AS named) m
      WHERE m.named OR n.oid = $3::oid ORDER BY m.named DESC LIMIT 1`,
    [before, marker, oid],
  )
  const there = rows[0]
  return there === undefined ? null : { name: there.name, bytes: Number(there.bytes) }
}
