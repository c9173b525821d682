/**
 * Rows that only wait in a table of ours are told to nobody who reads what changes in the database (logical replication): a subscriber to all tables has no such table, stops at it for
 * good, and the server keeps its log for it. What PostgreSQL writes as it makes an unlogged table one that lasts counts as a rewrite, which readers are not given.
 */
import type { Client } from 'pg'

/** Names of the slots that read this database, for a query. */
export const READERS = `ARRAY(SELECT slot_name::text FROM pg_catalog.pg_replication_slots WHERE slot_type = 'logical' AND database = pg_catalog.current_database() ORDER BY 1)`

/**
 * For a query: whether anybody reads this database, or may. From 16 on a standby has readers of its own, of which nothing is told here.
 * Who begins to later waits for transactions that are open already.
 */
export const IS_READ = `(pg_catalog.cardinality(${READERS}) OPERATOR(pg_catalog.>) 0 OR pg_catalog.current_setting('wal_level') OPERATOR(pg_catalog.=) 'logical'
  AND pg_catalog.current_setting('server_version_num')::pg_catalog.int4 OPERATOR(pg_catalog.>=) 160000 AND EXISTS (SELECT FROM pg_catalog.pg_stat_replication))`

/** The same over several transactions, in the course of which somebody may begin to. */
export const MAY_BE_READ = `pg_catalog.current_setting('wal_level') OPERATOR(pg_catalog.=) 'logical'`

export async function isTold(
  client: Pick<Client, 'query'>,
  asked: typeof IS_READ | typeof MAY_BE_READ,
): Promise<boolean> {
  const { rows } = await client.query<{ is: boolean }>(`SELECT ${asked} AS is`)
  return rows[0]?.is === true
}

/** @param version as `server_version_num`: before these, readers stop at large values of a rewrite */
export function tellsOfRewrites(version: number): boolean {
  return version < 120_009 || (version >= 130_000 && version < 130_005)
}
