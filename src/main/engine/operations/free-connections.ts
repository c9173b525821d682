/** How many connections whoever operates can still open: what the server, the role and the databases have left. The decision is pure. */
import { z } from 'zod'
import type { PostgresSession } from '../reach/reach.ts'

const TIMEOUT_MS = 5_000
const MOST_DATABASES = 200

/**
 * `$1`: the role that operates; null: whoever asks, over a session that is given back before. `$2`: databases that are connected to.
 * A role that sees nobody's sessions still counts them.
 */
const ROOM_SQL = `
with me as (select coalesce($1::text, session_user::text) as name), seen as materialized (
  select usename, datname from pg_stat_activity
  where coalesce(backend_type, 'client backend') = 'client backend' and usename is not null
    and ($1::text is not null or pid <> pg_backend_pid())
)
select
  (select count(*) from seen)::int as used,
  current_setting('max_connections')::int as most,
  current_setting('superuser_reserved_connections')::int + coalesce(current_setting('reserved_connections', true), '0')::int as reserved,
  coalesce((select rolsuper from pg_roles, me where rolname = name), false) as superuser,
  (select rolconnlimit - (select count(*) from seen where usename = name)
    from pg_roles, me where rolname = name and rolconnlimit >= 0)::int as of_role,
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

/** Asks as who operates, where there is no other way to it: the database that people look into may be the one that is gone. */
export async function freeForAsker(
  client: { query(sql: string, values: unknown[]): Promise<{ rows: unknown[] }> },
  databases: readonly string[],
): Promise<number> {
  const { rows } = await client.query(ROOM_SQL, [null, databases])
  return freeConnections(ConnectionRoom.parse(rows[0]))
}
