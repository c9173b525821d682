/**
 * Rows that only wait in a table of ours are told to nobody who reads what changes in the database (logical replication): a subscriber to all tables has no such table, stops at it for
 * good, and the server keeps its log for it. What PostgreSQL writes as it makes an unlogged table one that lasts counts as a rewrite, which readers are not given.
 */
import type { Client } from 'pg'

/** Names of the slots that read this database, for a query. */
export const READERS = `ARRAY(SELECT slot_name::text FROM pg_catalog.pg_replication_slots WHERE slot_type = 'logical' AND database = pg_catalog.current_database() ORDER BY 1)`

/** @returns whether anybody reads it. Who begins to later waits for transactions that are open already. */
export async function isRead(client: Pick<Client, 'query'>): Promise<boolean> {
  const { rows } = await client.query<{ readers: string[] }>(`SELECT ${READERS} AS readers`)
  return rows[0]?.readers.length !== 0
}

/** @param version as `server_version_num`: before these, readers stop at large values of a rewrite */
export function tellsOfRewrites(version: number): boolean {
  return version < 120_009 || (version >= 130_000 && version < 130_005)
}
