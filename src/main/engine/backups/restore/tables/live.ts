/** What the tables of a restore are like at the moment: columns, triggers, sequences, and the foreign keys to and from them. */
import type { Client } from 'pg'
import { z } from 'zod'
import type { Table } from '../../postgres/snapshot.ts'
import type { Querying } from '../databases.ts'
import { IS_TOLD_APART, publishingOf } from './publishing.ts'

const Named = z.object({ schema: z.string(), name: z.string() })

const Column = z.object({
  name: z.string(),
  type: z.string(),
  notNull: z.boolean(),
  /** A default, an identity or a default of its domain: it need not be given. */
  filled: z.boolean(),
  generated: z.boolean(),
})
export type Column = z.infer<typeof Column>

const Sequence = z.object({
  ...{ schema: z.string(), name: z.string(), column: z.string() },
  increment: z.coerce.bigint(),
})
export type Sequence = z.infer<typeof Sequence>

const Found = z.object({
  oid: z.coerce.number(),
  ...{ schema: z.string(), name: z.string(), kind: z.string() },
  owner: z.string(),
  owned: z.boolean(),
  /** It is ours. */
  mine: z.boolean(),
  /** We may give things to its owner. */
  givable: z.boolean(),
  /** What its owner lacks to put rows into it. */
  lacks: z.array(z.string()),
  /** Its policies hold for its owner, too. */
  forced: z.boolean(),
  hidden: z.boolean(),
  inherits: z.boolean(),
  rules: z.boolean(),
  /** It has a replica identity. */
  apart: z.boolean(),
  /** What it is a partition of. */
  parent: Named.nullable(),
  /** As the server last counted them; `null`: it has not. */
  rows: z.number().nullable(),
  bytes: z.coerce.number(),
  columns: z.array(Column),
  partitions: z.array(Named),
  triggers: z.array(z.object({ name: z.string(), enabled: z.enum(['O', 'R', 'A']) })),
  sequences: z.array(Sequence),
})
export interface LiveTable extends z.infer<typeof Found> {
  /** Publications for the sake of which nobody may delete rows of it. */
  readonly undeletable: readonly string[]
}

const ForeignKey = z.object({
  oid: z.coerce.number(),
  name: z.string(),
  definition: z.string(),
  comment: z.string().nullable(),
  valid: z.boolean(),
  /** That of the table that this one is a partition of. */
  parent: z.coerce.number(),
  from: Named.extend({ oid: z.coerce.number(), kind: z.string(), owned: z.boolean(), owner: z.string() }),
  to: Named.extend({ oid: z.coerce.number(), kind: z.string() }),
  /** Its columns, with those that they refer to and the operator that compares the two. */
  columns: z.array(z.object({ from: z.string(), to: z.string(), operator: z.string() })),
})
export type ForeignKey = z.infer<typeof ForeignKey>

export interface Live {
  /** Those that there are. */
  readonly tables: readonly LiveTable[]
  /** To these tables, also from each other and from themselves. */
  readonly inbound: readonly ForeignKey[]
  /** From these tables to others. */
  readonly outbound: readonly ForeignKey[]
}

/** Until 13 the triggers that a partition has from its whole are internal ones, which no others without a constraint are. */
const TABLES = `
  SELECT c.oid, n.nspname AS schema, c.relname AS name, c.relkind AS kind, pg_get_userbyid(c.relowner) AS owner,
         pg_has_role(current_user, c.relowner, 'member') AS owned, pg_get_userbyid(c.relowner) = current_user AS mine,
         pg_has_role(current_user, c.relowner, CASE WHEN current_setting('server_version_num')::int < 160000 THEN 'member' ELSE 'set' END) AS givable,
         array_remove(ARRAY[CASE WHEN NOT has_schema_privilege(c.relowner, n.oid, 'USAGE') THEN format('USAGE ON SCHEMA %I', n.nspname) END,
           CASE WHEN NOT has_table_privilege(c.relowner, c.oid, 'INSERT') THEN format('INSERT ON %I.%I', n.nspname, c.relname) END], NULL) AS lacks,
         c.relforcerowsecurity AS forced, row_security_active(c.oid) AS hidden,
         (SELECT json_build_object('schema', pn.nspname, 'name', p.relname) FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent
            JOIN pg_namespace pn ON pn.oid = p.relnamespace WHERE i.inhrelid = c.oid AND c.relispartition) AS parent,
         EXISTS (SELECT FROM pg_inherits i WHERE i.inhparent = c.oid OR (i.inhrelid = c.oid AND NOT c.relispartition)) AS inherits,
         EXISTS (SELECT FROM pg_rewrite r WHERE r.ev_class = c.oid AND r.ev_type <> '1') AS rules, ${IS_TOLD_APART} AS apart,
         CASE WHEN c.reltuples >= 0 AND c.relpages > 0 THEN c.reltuples::float8 END AS rows,
         CASE WHEN c.relkind = 'r' THEN pg_table_size(c.oid) ELSE 0 END AS bytes,
         coalesce((SELECT json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'notNull', a.attnotnull,
                     'filled', a.atthasdef OR a.attidentity <> '' OR t.typdefault IS NOT NULL, 'generated', a.attgenerated <> '') ORDER BY a.attnum)
                     FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped), '[]') AS columns,
         coalesce((SELECT json_agg(json_build_object('schema', pn.nspname, 'name', p.relname) ORDER BY pn.nspname, p.relname)
                     FROM pg_partition_tree(c.oid) tree JOIN pg_class p ON p.oid = tree.relid JOIN pg_namespace pn ON pn.oid = p.relnamespace
                    WHERE c.relkind = 'p' AND tree.isleaf), '[]') AS partitions,
         coalesce((SELECT json_agg(json_build_object('name', g.tgname, 'enabled', g.tgenabled) ORDER BY g.tgname)
                     FROM pg_trigger g WHERE g.tgrelid = c.oid AND (NOT g.tgisinternal OR g.tgconstraint = 0) AND g.tgenabled <> 'D'), '[]') AS triggers,
         coalesce((SELECT json_agg(json_build_object('schema', sn.nspname, 'name', s.relname, 'column', a.attname, 'increment', q.seqincrement::text) ORDER BY s.oid)
                     FROM (SELECT DISTINCT d.objid AS seq, d.refobjsubid AS attnum FROM pg_depend d
                            WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')
                           UNION SELECT d.refobjid, f.adnum FROM pg_attrdef f JOIN pg_depend d ON d.classid = 'pg_attrdef'::regclass AND d.objid = f.oid
                            WHERE f.adrelid = c.oid AND d.refclassid = 'pg_class'::regclass) o
                     JOIN pg_class s ON s.oid = o.seq AND s.relkind = 'S' JOIN pg_namespace sn ON sn.oid = s.relnamespace
                     JOIN pg_sequence q ON q.seqrelid = s.oid JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = o.attnum
                          AND a.atttypid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype)), '[]') AS sequences
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN unnest($1::text[], $2::text[]) WITH ORDINALITY AS wanted (schema, name, place) ON wanted.schema = n.nspname AND wanted.name = c.relname
   ORDER BY wanted.place`

const FOREIGN_KEYS = `
  SELECT k.oid, k.conname AS name, pg_get_constraintdef(k.oid) AS definition, obj_description(k.oid, 'pg_constraint') AS comment,
         k.convalidated AS valid, k.conparentid AS parent,
         json_build_object('oid', f.oid::int8, 'schema', fn.nspname, 'name', f.relname, 'kind', f.relkind, 'owner', pg_get_userbyid(f.relowner),
           'owned', pg_has_role(current_user, f.relowner, 'member')) AS "from",
         json_build_object('oid', t.oid::int8, 'schema', tn.nspname, 'name', t.relname, 'kind', t.relkind) AS "to",
         (SELECT json_agg(json_build_object('from', fa.attname, 'to', ta.attname, 'operator', format('OPERATOR(%I.%s)', pn.nspname, p.oprname)) ORDER BY u.place)
            FROM unnest(k.conkey, k.confkey, k.conpfeqop) WITH ORDINALITY AS u (conkey, confkey, operator, place)
            JOIN pg_attribute fa ON fa.attrelid = f.oid AND fa.attnum = u.conkey JOIN pg_attribute ta ON ta.attrelid = t.oid AND ta.attnum = u.confkey
            JOIN pg_operator p ON p.oid = u.operator JOIN pg_namespace pn ON pn.oid = p.oprnamespace) AS columns
    FROM pg_constraint k JOIN pg_class f ON f.oid = k.conrelid JOIN pg_namespace fn ON fn.oid = f.relnamespace
    JOIN pg_class t ON t.oid = k.confrelid JOIN pg_namespace tn ON tn.oid = t.relnamespace
   WHERE k.contype = 'f' AND (k.conrelid = ANY ($1::oid[]) OR k.confrelid = ANY ($1::oid[])) ORDER BY f.oid, k.conname`

/** In this session names stand for what PostgreSQL itself calls so (also where somebody made a type of such a name that is temporary), and types are written in full. */
export const SEARCH_NOTHING = 'SET search_path = pg_catalog, pg_temp'

export async function lookAtTables(client: Querying, tables: readonly Table[]): Promise<Live> {
  const { rows } = await client.query(TABLES, [
    tables.map(({ schema }) => schema),
    tables.map(({ name }) => name),
  ])
  const found = z.array(Found).parse(rows)
  const oids = found.map(({ oid }) => oid)
  const same = found.filter(({ kind, apart }) => kind === 'r' && !apart)
  const publishing = await publishingOf(
    client,
    same.map(({ oid }) => oid),
  )
  const { rows: keys } = await client.query(FOREIGN_KEYS, [oids])
  const all = z.array(ForeignKey).parse(keys)
  const isInbound = ({ to }: ForeignKey) => oids.includes(to.oid)
  return {
    tables: found.map((table) => ({ ...table, undeletable: publishing.get(table.oid) ?? [] })),
    inbound: all.filter(isInbound),
    outbound: all.filter((key) => !isInbound(key)),
  }
}

/** Those that are dropped and made again; those of partitions go and come with theirs. */
export function ownInbound({ inbound }: Pick<Live, 'inbound'>): ForeignKey[] {
  return topmost(inbound)
}

/** Without those that only stand for another of them, at a partition. */
export function topmost(keys: readonly ForeignKey[]): ForeignKey[] {
  const oids = new Set(keys.map(({ oid }) => oid))
  return keys.filter(({ parent }) => !oids.has(parent))
}

/** What a schema of that name is: its oid and comment; `null`: there is none. */
export async function lookAtSchema(
  client: Pick<Client, 'query'>,
  name: string,
): Promise<{ oid: number; comment: string | null } | null> {
  const { rows } = await client.query<{ oid: number; comment: string | null }>(
    `SELECT oid::int8::text::float8 AS oid, obj_description(oid, 'pg_namespace') AS comment FROM pg_namespace WHERE nspname = $1`,
    [name],
  )
  return rows[0] ?? null
}
