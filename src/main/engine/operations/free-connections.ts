/** How many connections whoever operates can still open: what the server, the role and the databases have left. The decision is pure. */
import { z } from 'zod'
import type { PostgresSession } from '../reach/reach.ts'

const TIMEOUT_MS = 5_000
const MOST_DATABASES = 200

/** `$1`: the role that operates, `$2`: databases that are connected to. A role that sees nobody's sessions still counts them. */
const ROOM_SQL = `
with seen as materialized (
  select usename, datname from pg_stat_activity
  where coalesce(backend_type, 'client backend') = 'client backend' and usename is not null
)
select
  (select count(*) from seen)::int as used,
  current_setting('max_connections')::int as most,
  current_setting('superuser_reserved_connections')::int + coalesce(current_setting('reserved_connections', true), '0')::int as reserved,
  coalesce((select rolsuper from pg_roles where rolname = $1::text), false) as superuser,
  (select rolconnlimit - (select count(*) from seen where usename = $1::text)
    from pg_roles where rolname = $1::text and rolconnlimit >= 0)::int as of_role,
  (select min(datconnlimit - (select count(*) from seen s where s.datname = d.datname))
    from (select datname, datconnlimit from pg_database
          where datname = any ($2::text[]) and datconnlimit >= 0 limit ${MOST_DATABASES}) d)::int as of_databases`

export const ConnectionRoom = z.object({
  used: z.number(),
  most: z.number(),
  reserved: z.number(),
  superuser: z.boolean(),
  /** `null`: no limit. */
  of_role: z.number().nullable(),
  of_databases: z.number().nullable(),
})
export type ConnectionRoom = z.infer<typeof ConnectionRoom>

/** The least of what is left; limits and reserves do not hold for a superuser, the server's end does. */
export function freeConnections({
  used,
  most,
  reserved,
  superuser,
  of_role,
  of_databases,
}: ConnectionRoom): number {
  const left = superuser ? [most - used] : [most - reserved - used, of_role, of_databases]
  return Math.max(0, Math.min(...left.filter((one) => one !== null)))
}

/** Asks over a connection that there is. */
export async function askFreeConnections(
  session: PostgresSession,
  { user, databases }: { readonly user: string; readonly databases: readonly string[] },
  signal: AbortSignal,
): Promise<number> {
  const { rows } = await session.query(ROOM_SQL, [user, databases], { signal, timeoutMs: TIMEOUT_MS })
  return freeConnections(ConnectionRoom.parse(rows[0]))
}
