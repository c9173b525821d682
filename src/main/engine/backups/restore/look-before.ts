/** What there is still of what a restore put aside, looked for at the server before any of it is let go. */
import type { Reason } from '#shared/model/reason.ts'
import type { Subject } from '../../operations/kind.ts'
import { lookAtDatabases, type Querying } from './databases.ts'
import { lookWhetherReplaced } from './in-place/transaction.ts'
import { inMaintenance } from './operating.ts'
import { lookAtAside } from './tables/keep.ts'
import type { WayBack } from './way-back.ts'

export type Before =
  /** It is let go. */
  | { readonly is: 'there'; readonly bytes: number | null }
  /** Dropped by hand, or with the database that it was in; or by one that was cut off right then. */
  | { readonly is: 'gone' }
  /** Nothing was put aside, for all that is known; it is in its place again; or somebody who wants to keep it gave it another name. */
  | { readonly is: 'nothing' }
  | { readonly is: 'refused'; readonly why: Reason }

export async function lookBefore(subject: Subject<unknown>, way: WayBack): Promise<Before> {
  switch (way.to) {
    case 'database':
      return inMaintenance(subject, (client) => lookAtSwapped(client, way))
    case 'schema': {
      const there = await lookAtAside(subject, way)
      if (there !== null)
        return there.name === way.before ? { is: 'there', bytes: there.bytes } : { is: 'nothing' }
      // It was made in the transaction that exchanged rows.
      return { is: way.oid === null ? 'nothing' : 'gone' }
    }
    case 'backup': {
      if (way.isSure) return { is: 'there', bytes: null }
      const found = await inMaintenance(subject, (client) => lookWhetherReplaced(client, way.transactions))
      if (found === 'under-way') {
        const session = `vakhta restore ${way.operation}`
        return { is: 'refused', why: { code: 'restore-in-place-runs', params: { session } } }
      }
      return found === 'done' ? { is: 'there', bytes: null } : { is: 'nothing' }
    }
    case 'nothing':
      return { is: 'nothing' }
  }
}

/** By its oid, which it keeps whatever it is called. */
async function lookAtSwapped(
  client: Querying,
  way: Extract<WayBack, { readonly to: 'database' }>,
): Promise<Before> {
  const [there] = await lookAtDatabases(client, { oids: [way.oid] })
  if (there === undefined) return { is: 'gone' }
  if (there.name !== way.before) return { is: 'nothing' }
  const { rows } = await client.query<{ bytes: string | null }>(
    `SELECT CASE WHEN has_database_privilege(oid, 'CONNECT') THEN pg_database_size(oid) END AS bytes FROM pg_database WHERE oid = $1`,
    [way.oid],
  )
  const bytes = rows[0]?.bytes
  return { is: 'there', bytes: bytes == null ? null : Number(bytes) }
}
