/** The role that makes tables which are not there any more: made for it with what their definitions need, and gone with the schemas that it works in. */

import { sqlName } from '../../postgres/quote.ts'
import type { Table } from '../../postgres/snapshot.ts'
import type { Need } from '../../postgres/table-definitions.ts'
import type { Querying } from '../databases.ts'
import { isForeignRoleThere, makingRole, roleOf } from '../foreign.ts'
import { makeSchema } from './exchange.ts'
import { builtSchemas, type TableNames } from './names.ts'

/** `$1`: the role; `$2`–`$4`: type, schema and name of what is needed. What all may use is not given. */
const NEEDED = `
  SELECT format('GRANT USAGE ON SCHEMA %I TO %I', n.nspname, $1::text) AS grant FROM pg_namespace n
   WHERE n.nspname = ANY ($3::text[]) AND NOT has_schema_privilege($1, n.oid, 'USAGE')
  UNION SELECT format('GRANT EXECUTE ON FUNCTION %s TO %I', p.oid::regprocedure, $1::text)
    FROM unnest($2::text[], $3::text[], $4::text[]) AS w (type, schema, name) JOIN pg_namespace n ON n.nspname = w.schema
    JOIN pg_proc p ON p.pronamespace = n.oid AND p.proname || '(' || oidvectortypes(p.proargtypes) || ')' = w.name
   WHERE w.type = 'FUNCTION' AND NOT has_function_privilege($1, p.oid, 'EXECUTE')
  UNION SELECT format('GRANT USAGE ON TYPE %s TO %I', t.oid::regtype, $1::text)
    FROM unnest($2::text[], $3::text[], $4::text[]) AS w (type, schema, name) JOIN pg_namespace n ON n.nspname = w.schema
    JOIN pg_type t ON t.typnamespace = n.oid AND t.typname = w.name
   WHERE w.type IN ('TYPE', 'DOMAIN') AND NOT has_type_privilege($1, t.oid, 'USAGE')
  UNION SELECT format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), $1::text) WHERE NOT has_database_privilege($1, current_database(), 'CONNECT')`

/** In a transaction that makes what it works in, too. @param tables all that are chosen: its schemas are named after theirs */
export async function makeBuilder(
  client: Querying,
  names: TableNames,
  tables: readonly Table[],
  needs: readonly Need[],
): Promise<void> {
  const role = roleOf(names)
  for (const statement of makingRole(names)) await client.query(statement)
  for (const schema of builtSchemas(names, tables).values()) {
    await makeSchema(client, schema, names.marker)
    await client.query(`GRANT CREATE, USAGE ON SCHEMA ${sqlName(schema)} TO ${sqlName(role)}`)
  }
  const { rows } = await client.query<{ grant: string }>(NEEDED, [
    role,
    needs.map(({ type }) => type),
    needs.map(({ schema }) => schema),
    needs.map(({ name }) => name),
  ])
  for (const { grant } of rows) await client.query(grant)
}

/** Nobody is it any more, and nobody can become it. */
export async function closeBuilder(client: Querying, names: TableNames): Promise<void> {
  await client.query(`ALTER ROLE ${sqlName(roleOf(names))} NOLOGIN PASSWORD NULL`)
  await client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1', [
    roleOf(names),
  ])
}

/** In a transaction. What it made and was not given its place goes with it. */
export async function dropBuilder(client: Querying, names: TableNames): Promise<void> {
  if (!(await isForeignRoleThere(client, names))) return
  const role = sqlName(roleOf(names))
  await closeBuilder(client, names)
  await client.query(`DROP OWNED BY ${role}`)
  // Without knowing which it were for: a console that died may have kept nothing of that.
  const { rows } = await client.query<{ schema: string }>(
    `SELECT nspname AS schema FROM pg_namespace WHERE starts_with(nspname, $1) AND obj_description(oid, 'pg_namespace') = $2`,
    [`${names.staged}_`, names.marker],
  )
  for (const { schema } of rows) await client.query(`DROP SCHEMA ${sqlName(schema)}`)
  await client.query(`DROP ROLE ${role}`)
}
