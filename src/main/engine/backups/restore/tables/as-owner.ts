/**
 * Says something of a table with the rights of its owner. What runs meanwhile where rows come in (checks, domains, defaults, computed columns, expressions of indexes), or values are
 * read, is the owner's, or was let in by it, and must not have the rights of who operates. PostgreSQL does that for its own maintenance alone; refreshing a materialized view is the one that runs a query of ours:
 * as whom the view belongs to, who can become nobody else there, leave nothing to be run later, and set nothing that lasts.
 */
import { escapeLiteral } from 'pg'
import { sqlName } from '../../postgres/quote.ts'
import type { Table } from '../../postgres/snapshot.ts'
import type { Querying } from '../databases.ts'
import { type LiveTable, SEARCH_NOTHING } from './live.ts'
import { inSql } from './names.ts'

/** @param statement one that belongs to the table; what it names is written in full */
export async function asOwner(
  client: Querying,
  { owner, mine }: Pick<LiveTable, 'owner' | 'mine'>,
  {
    schema,
    reads,
    way: name,
    statement,
  }: {
    /** One of ours. */
    readonly schema: string
    /** What is in it, and the owner sees of it; `null`: nothing. */
    readonly reads: Table | null
    /** A name that is free there. */
    readonly way: string
    readonly statement: string
  },
): Promise<void> {
  const way = inSql({ schema, name })
  const [of, to] = [sqlName(schema), sqlName(owner)]
  const given = [
    // Without the right to make anything there a view cannot become its own.
    `GRANT USAGE, CREATE ON SCHEMA ${of} TO ${to}`,
    ...(reads === null ? [] : [`GRANT SELECT ON ${inSql(reads)} TO ${to}`]),
    `GRANT EXECUTE ON FUNCTION ${way}() TO ${to}`,
    `ALTER MATERIALIZED VIEW ${way} OWNER TO ${to}`,
    // Nor may it put something of that name in its place.
    `REVOKE CREATE ON SCHEMA ${of} FROM ${to}`,
  ]
  const statements = [
    `CREATE FUNCTION ${way}() RETURNS int LANGUAGE sql VOLATILE AS ${escapeLiteral(`${statement}; SELECT 1`)}`,
    `CREATE MATERIALIZED VIEW ${way} AS SELECT ${way}() AS filled WITH NO DATA`,
    ...(mine ? [] : given),
    `REFRESH MATERIALIZED VIEW ${way}`,
    // First of all: names stand for what they stood for.
    SEARCH_NOTHING,
    `DROP MATERIALIZED VIEW ${way}`,
    `DROP FUNCTION ${way}()`,
  ]
  for (const one of statements) await client.query(one)
}
