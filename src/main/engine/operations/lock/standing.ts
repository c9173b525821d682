/** Who stands in the way of an operation: from what the server says of locks and markers. The decision is pure. */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { PostgresSession } from '../../reach/reach.ts'
import type { Holder } from '../refused.ts'
import { MARKERS_SQL, type Marker, markersIn, type StandingMarker } from './marker.ts'

export const LOOK_TIMEOUT_MS = 5_000

/** The key of a scope's lock: the first 64 bits of a hash. The cluster need not be in it: locks are a cluster's own. */
export function keyOf(scope: string) {
  const digest = createHash('sha256').update(`vakhta:operation:${scope}`).digest()
  const halves = [digest.readUInt32BE(0), digest.readUInt32BE(4)] as const
  return { key: digest.readBigInt64BE(0).toString(), halves }
}

/** `$1`, `$2`: the halves of the key, `$3`: the maintenance database. */
const HOLDERS_SQL = `
  select l.pid, coalesce(a.usename::text, '—') as user, l.pid = pg_backend_pid() as mine
    from pg_locks l left join pg_stat_activity a on a.pid = l.pid
   where l.locktype = 'advisory' and l.granted and l.objsubid = 1
     and l.classid::bigint = $1::bigint and l.objid::bigint = $2::bigint
     and l.database = (select oid from pg_database where datname = $3::text)
   limit 1`

const HolderRow = z.object({ pid: z.number(), user: z.string(), mine: z.boolean() })

export interface Found {
  /** The session that has the lock; `null`: it is free. */
  readonly holder: z.infer<typeof HolderRow> | null
  /** Those of the scope. */
  readonly markers: readonly StandingMarker[]
}

/**
 * Looks, from any session of the server; takes nothing.
 * @param maintenance the database that locks are taken in
 */
export async function lookAtScope(
  session: PostgresSession,
  { scope, maintenance }: { readonly scope: string; readonly maintenance: string },
  signal: AbortSignal,
): Promise<Found> {
  const limits = { signal, timeoutMs: LOOK_TIMEOUT_MS }
  const held = await session.query(HOLDERS_SQL, [...keyOf(scope).halves, maintenance], limits)
  const marked = await session.query(MARKERS_SQL, [maintenance], limits)
  const [first] = held.rows
  return {
    holder: first === undefined ? null : HolderRow.parse(first),
    markers: markersIn(marked.rows).filter((marker) => marker.scope === scope),
  }
}

export interface Wanted {
  /** Its own marker is no obstacle. */
  readonly operation: string
  /** The operation whose marker somebody looked at, and decided to go on in spite of. */
  readonly takeOver: string | null
}

/** Who else is there; `null`: nobody. @param isOver whether a marker's operation is over, as far as this console knows */
export function obstacleOf(
  { holder, markers }: Found,
  { operation, takeOver }: Wanted,
  self: string,
  isOver: (marker: Marker) => boolean,
): Holder | null {
  const others = markers.filter((marker) => marker.operation !== operation)
  if (holder !== null && !holder.mine) {
    // Its own: a session that broke, which the server has not ended yet.
    const marker = others[0] ?? markers[0]
    if (marker !== undefined) return holderOf(marker, self, false)
    // It has just taken it, or its role may leave no marker.
    const { pid, user } = holder
    return { console: `PID ${pid}, ${user}`, operation: null, since: null, isLeft: false }
  }
  const left = others.find((marker) => marker.operation !== takeOver && !isOver(marker))
  return left === undefined ? null : holderOf(left, self, true)
}

function holderOf({ console: id, name, operation, since }: Marker, self: string, isLeft: boolean): Holder {
  return { console: id === self ? null : name, operation, since, isLeft }
}
