/** Who holds connections, in which state, and how many the server lets in. */
import { z } from 'zod'
import type { DatabaseConnections, PoolerPool } from '#shared/model/database/connections.ts'
import type { Cost } from '#shared/model/observation.ts'
import { epochMs, grantMonitor, json, list } from './question.ts'

/** Applications that name each of their processes make groups of one. */
const LISTED = 200

export const CONNECTIONS_SQL = `
with seen as materialized (
  select nullif(application_name, '') as application, usename as user, datname as database, state,
    query = '<insufficient privilege>' as hidden,
    extract(epoch from clock_timestamp() - state_change)::float8 as seconds
  from pg_stat_activity
  where coalesce(backend_type, 'client backend') = 'client backend' and usename is not null
)
select
  ${epochMs('clock_timestamp()')} as at,
  (select count(*) from seen)::int as total,
  (select count(*) from seen where hidden)::int as hidden,
  quote_ident(current_user) as me,
  current_setting('max_connections')::int as max_connections,
  current_setting('superuser_reserved_connections')::int
    + coalesce(current_setting('reserved_connections', true), '0')::int as reserved,
  ${list(`
    select application, "user", database, state, count(*)::int as count, max(seconds) as "oldestSeconds"
    from seen group by application, "user", database, state
    order by count(*) desc, max(seconds) desc nulls last limit ${LISTED}`)} as groups`

export const ConnectionsRow = z.object({
  at: z.number(),
  total: z.number(),
  hidden: z.number(),
  me: z.string(),
  max_connections: z.number(),
  reserved: z.number(),
  groups: json(
    z.array(
      z.object({
        application: z.string().nullable(),
        user: z.string().nullable(),
        database: z.string().nullable(),
        state: z.string().nullable(),
        count: z.number(),
        oldestSeconds: z.number().nullable(),
      }),
    ),
  ),
})

export function connectionsOf(
  { me, max_connections, ...row }: z.infer<typeof ConnectionsRow>,
  pools: { applicationPool: Record<string, number | null> | null; pooler: PoolerPool[] | null },
  cost: Cost,
): DatabaseConnections {
  return { ...row, maxConnections: max_connections, grant: grantMonitor(row.hidden, me), ...pools, cost }
}
