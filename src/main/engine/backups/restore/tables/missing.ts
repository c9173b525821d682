/** Chosen tables that are not there any more: what the server has of all that they need to be made as they were. */
import { z } from 'zod'
import type { Table } from '../../postgres/snapshot.ts'
import type { Need, TableDefinition, TableDefinitions } from '../../postgres/table-definitions.ts'
import type { Querying } from '../databases.ts'
import { type LiveTable, lookAtTables } from './live.ts'
import { callsOf } from './types-that-call.ts'

const Found = z.object({
  /** Of those that are named, the roles that are there, and those that we are members of. */
  roles: z.array(z.string()),
  ours: z.array(z.string()),
  superuser: z.boolean(),
  createsRoles: z.boolean(),
  /** Relations and types whose names are wanted. */
  taken: z.array(z.object({ schema: z.string(), name: z.string(), kind: z.string() })),
  /** Schemas of the tables that somebody who has to may make nothing in. */
  closed: z.array(z.object({ schema: z.string(), role: z.string() })),
  /** What owners lack to say what is said as them. */
  ownersLack: z.array(z.object({ owner: z.string(), grant: z.string() })),
  lacking: z.array(z.object({ type: z.string(), schema: z.string().nullable(), name: z.string() })),
})

export interface MissingFound extends z.infer<typeof Found> {
  readonly definitions: TableDefinitions
  /** Tables that referred to them and are there. */
  readonly referring: readonly LiveTable[]
  /** Constraints that these have by now. */
  readonly constraints: readonly (Table & { readonly constraint: string })[]
  /** Tables that they are partitions of, and that are there; those of which bounds are read and rows are sorted without calling anything. */
  readonly parents: readonly LiveTable[]
  readonly plain: readonly number[]
  /** Tables that they refer to, and that are there. */
  readonly referred: readonly LiveTable[]
}

/** `$1`–`$3`: type, schema and name of what is needed. */
const LACKING = `
  SELECT type, schema, name FROM unnest($1::text[], $2::text[], $3::text[]) AS w (type, schema, name)
   WHERE NOT CASE w.type
           WHEN 'SCHEMA' THEN EXISTS (SELECT FROM pg_namespace WHERE nspname = w.name)
           WHEN 'EXTENSION' THEN EXISTS (SELECT FROM pg_extension WHERE extname = w.name)
           WHEN 'FUNCTION' THEN EXISTS (SELECT FROM pg_proc p WHERE p.pronamespace = (SELECT oid FROM pg_namespace WHERE nspname = w.schema)
                                           AND p.proname || '(' || oidvectortypes(p.proargtypes) || ')' = w.name)
           WHEN 'COLLATION' THEN EXISTS (SELECT FROM pg_collation c JOIN pg_namespace n ON n.oid = c.collnamespace WHERE n.nspname = w.schema AND c.collname = w.name)
           WHEN 'TYPE' THEN EXISTS (SELECT FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE n.nspname = w.schema AND t.typname = w.name)
           WHEN 'DOMAIN' THEN EXISTS (SELECT FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE n.nspname = w.schema AND t.typname = w.name)
           ELSE EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = w.schema AND c.relname = w.name)
         END`

/** `$1`, `$2`: schemas and names that relations would get; `$3`, `$4`: those of the tables themselves, whose rows are a type. */
const TAKEN = `
  SELECT n.nspname AS schema, c.relname AS name, c.relkind AS kind FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN unnest($1::text[], $2::text[]) AS w (schema, name) ON w.schema = n.nspname AND w.name = c.relname
   UNION SELECT n.nspname, t.typname, 't' FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
    JOIN unnest($3::text[], $4::text[]) AS w (schema, name) ON w.schema = n.nspname AND w.name = t.typname`

/** `$1`: roles. */
const ROLES = `
  SELECT ARRAY(SELECT rolname::text FROM pg_roles WHERE rolname = ANY ($1)) AS roles,
         ARRAY(SELECT rolname::text FROM pg_roles WHERE rolname = ANY ($1) AND pg_has_role(current_user, oid, 'member')) AS ours,
         rolsuper AS superuser, rolsuper OR rolcreaterole AS "createsRoles" FROM pg_roles WHERE rolname = current_user`

/** `$1`, `$2`: schemas and owners. */
const CLOSED = `
  SELECT DISTINCT n.nspname AS schema, r.rolname AS role FROM unnest($1::text[], $2::text[]) AS w (schema, owner)
    JOIN pg_namespace n ON n.nspname = w.schema JOIN pg_roles r ON r.rolname IN (w.owner, current_user)
   WHERE NOT has_schema_privilege(r.oid, n.oid, 'CREATE') AND NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)`

/** `$1`–`$4`: owner, and type, schema and name of what it has to be able to use. */
const OWNERS_LACK = `
  WITH wanted AS (SELECT r.oid AS role, w.* FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS w (owner, type, schema, name) JOIN pg_roles r ON r.rolname = w.owner)
  SELECT w.owner, format('USAGE ON SCHEMA %I', n.nspname) AS grant FROM wanted w JOIN pg_namespace n ON n.nspname = w.name
   WHERE w.type = 'SCHEMA' AND NOT has_schema_privilege(w.role, n.oid, 'USAGE')
  UNION SELECT w.owner, format('CREATE ON SCHEMA %I', n.nspname) FROM wanted w JOIN pg_namespace n ON n.nspname = w.schema
   WHERE w.type = 'STATISTICS' AND NOT has_schema_privilege(w.role, n.oid, 'CREATE')
  UNION SELECT w.owner, format('EXECUTE ON FUNCTION %s', p.oid::regprocedure) FROM wanted w JOIN pg_namespace n ON n.nspname = w.schema
    JOIN pg_proc p ON p.pronamespace = n.oid AND p.proname || '(' || oidvectortypes(p.proargtypes) || ')' = w.name
   WHERE w.type = 'FUNCTION' AND NOT has_function_privilege(w.role, p.oid, 'EXECUTE')
  ORDER BY 1, 2`

const CONSTRAINTS = `
  SELECT n.nspname AS schema, c.relname AS name, k.conname AS constraint FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = ANY ($1::oid[])`

/** `$1`: oids. What divides the whole of a whole counts, too: rows have to fit into all of it. Bounds are values of the columns that it is divided by. */
const PLAIN = `
  WITH RECURSIVE divided AS (
      SELECT w.oid, p.* FROM unnest($1::oid[]) AS w (oid), pg_partition_ancestors(w.oid) AS a (relid) JOIN pg_partitioned_table p ON p.partrelid = a.relid),
    keys (name, oid) AS (
      SELECT d.oid, a.atttypid FROM divided d JOIN pg_attribute a ON a.attrelid = d.partrelid AND a.attnum = ANY (d.partattrs::int2[]) AND a.attnum > 0),
    ${callsOf('keys')}
  SELECT oid::int8 AS oid FROM divided GROUP BY oid HAVING bool_and(partexprs IS NULL) AND oid NOT IN (SELECT name FROM calls)`

/** Those of them by oid that are partitioned, and where neither bounds nor sorting rows calls anything. */
export async function plainOf(client: Querying, tables: readonly LiveTable[]): Promise<number[]> {
  const { rows } = await client.query<{ oid: string }>(PLAIN, [tables.map(({ oid }) => oid)])
  return rows.map(({ oid }) => Number(oid))
}

export async function lookForMissing(client: Querying, definitions: TableDefinitions): Promise<MissingFound> {
  const { tables, inbound } = definitions
  const needs = tables.flatMap((table) => table.needs)
  const roles = tables.flatMap((table) => [
    table.owner,
    ...table.roles,
    ...table.grants.map(({ role }) => role),
  ])
  const names = tables.flatMap((table) => [
    ...table.indexes.map((name) => ({ schema: table.schema, name })),
    ...table.sequences,
  ])
  const columns = (all: readonly Table[]) => [all.map(({ schema }) => schema), all.map(({ name }) => name)]
  const rowsOf = async (sql: string, values: unknown[]) => (await client.query(sql, values)).rows
  const lacking = await rowsOf(LACKING, [
    needs.map(({ type }) => type),
    ...columns(needs as readonly Table[]),
  ])
  const taken = await rowsOf(TAKEN, [...columns(names), ...columns(tables)])
  const [about] = await rowsOf(ROLES, [roles])
  const ownersNeed = tables.flatMap(({ owner, ownerNeeds }) => ownerNeeds.map((need) => ({ owner, ...need })))
  const ownersLack = await rowsOf(OWNERS_LACK, [
    ownersNeed.map(({ owner }) => owner),
    ownersNeed.map(({ type }) => type),
    ...columns(ownersNeed as readonly Table[]),
  ])
  const closed = await rowsOf(CLOSED, [columns(tables)[0], tables.map(({ owner }) => owner)])
  const live = async (all: readonly Table[]) => (await lookAtTables(client, all)).tables
  const referring = await live(unique(inbound.map(({ from }) => from)))
  const parents = await live(unique(tables.flatMap(({ partition }) => partition?.parent ?? [])))
  const referred = await live(unique(tables.flatMap(({ foreignKeys }) => foreignKeys.map(({ to }) => to))))
  const constraints = await rowsOf(CONSTRAINTS, [referring.map(({ oid }) => oid)])
  return {
    ...Found.parse({ ...about, taken, closed, lacking, ownersLack }),
    ...{ definitions, referring, parents, referred },
    plain: await plainOf(client, parents),
    constraints: z
      .array(z.object({ schema: z.string(), name: z.string(), constraint: z.string() }))
      .parse(constraints),
  }
}

function unique(tables: readonly Table[]): Table[] {
  return [...new Map(tables.map((table) => [JSON.stringify([table.schema, table.name]), table])).values()]
}

export function inWordsOf({ type, schema, name }: Need): string {
  return `${type} ${schema === null ? '' : `${schema}.`}${name}`
}

/** Those of its sequences that are there by themselves: they are used as they are. */
export function sequencesThere(
  { sequences }: Pick<TableDefinition, 'sequences'>,
  { taken }: Pick<MissingFound, 'taken'>,
): TableDefinition['sequences'] {
  return sequences.filter(
    ({ schema, name, create }) =>
      create.length > 0 &&
      taken.some((one) => one.schema === schema && one.name === name && one.kind === 'S'),
  )
}
