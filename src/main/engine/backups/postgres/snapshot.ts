/**
 * The moment that a dump is of: a session of our own holds it, `pg_dump` takes it over, and what each table has of rows at
 * that very moment is counted in it. For as long as it is held the server cannot clean up what was deleted since, so
 * how long that is, is told and bounded.
 */
import { z } from 'zod'
import { errorCode } from '../../reach/failed.ts'
import type { PostgresConnection } from '../../reach/postgres/connection.ts'
import { BackupError } from '../backup-error.ts'
import { lastingSettings } from './lasting.ts'
import { sqlName } from './quote.ts'
import { isSelected, type Selection } from './selection.ts'
import type { Sequence } from './sequences.ts'

export interface Table {
  readonly schema: string
  readonly name: string
}

/** A table that has its rows in others, with those that are its partitions themselves, as far as they are dumped. */
export interface Partitioned extends Table {
  readonly partitions: readonly Table[]
}

export interface Snapshot {
  /** As `pg_dump --snapshot` takes it. */
  readonly id: string
  /** What there is to count. */
  readonly tables: readonly Table[]
  readonly partitioned: readonly Partitioned[]
  readonly sequences: readonly Sequence[]
  /** About what the server has of them on its disk, without indexes. */
  readonly bytes: number
  /** `server_version_num`, and as people read it. */
  readonly version: number
  readonly versionName: string
}

const Relation = z.object({
  schema: z.string(),
  name: z.string(),
  kind: z.string(),
  readable: z.boolean(),
  hidden: z.boolean(),
  bytes: z.coerce.number(),
  /** What it is a partition of. */
  whole: z.object({ schema: z.string(), name: z.string() }).nullable(),
  /** Of a sequence. */
  descends: z.boolean().nullable(),
  cycles: z.boolean().nullable(),
})
type Relation = z.infer<typeof Relation>

/**
 * What `pg_dump` locks and reads, but for what belongs to an extension, which is dumped as its CREATE EXTENSION. Their sizes are
 * as the server last counted them: to look would wait for locks.
 */
const RELATIONS = `
  SELECT n.nspname AS schema, c.relname AS name, c.relkind AS kind,
         has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT') AS readable,
         c.relkind IN ('r', 'p') AND row_security_active(c.oid) AS hidden,
         CASE WHEN c.relkind = 'r' THEN (c.relpages + coalesce(t.relpages, 0))::bigint * current_setting('block_size')::int ELSE 0 END
           AS bytes,
         (SELECT json_build_object('schema', wn.nspname, 'name', w.relname) FROM pg_inherits i JOIN pg_class w ON w.oid = i.inhparent
            JOIN pg_namespace wn ON wn.oid = w.relnamespace WHERE i.inhrelid = c.oid AND c.relispartition) AS whole,
         s.seqincrement < 0 AS descends, s.seqcycle AS cycles
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_class t ON t.oid = c.reltoastrelid
    LEFT JOIN pg_sequence s ON s.seqrelid = c.oid
   WHERE c.relkind IN ('r', 'p', 'S') AND c.relpersistence <> 't'
     -- A standby has nothing of an unlogged table, and lets nobody read it; pg_dump leaves its rows out there.
     AND NOT (c.relpersistence = 'u' AND pg_is_in_recovery())
     AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
     AND NOT EXISTS (SELECT FROM pg_depend d
                      WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
   ORDER BY 1, 2`

/** Names of so many are told; how many there are besides, too. */
const NAMED = 5

/**
 * Opens the moment on a connection that is nobody else's. Throws where the dump would fail for want of a right, before anything is
 * written. @param lockWaitMs how long a table that is locked is waited for
 */
export async function openSnapshot(
  { client, backend, version }: PostgresConnection,
  { selection, lockWaitMs, name }: { selection: Selection; lockWaitMs: number; name: string },
): Promise<Snapshot> {
  // What is exported in a session of a pooler's may be another's by the next statement.
  if (backend === null) throw new BackupError('behind-pooler')
  await client.query(
    [
      // The session lives as long as the dump does; what bounds it is there.
      ...lastingSettings(version),
      `SET lock_timeout = ${lockWaitMs}`,
      `SET application_name = '${name}'`,
      // Rows that a policy hides are an error rather than left out.
      'SET row_security = off',
      'BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY',
    ].join('; '),
  )
  const { rows } = await client.query<{ id: string; version: string }>(
    `SELECT pg_export_snapshot() AS id, current_setting('server_version') AS version`,
  )
  const { rows: found } = await client.query(RELATIONS)
  const relations = z
    .array(Relation)
    .parse(found)
    .filter((one) => isSelected(selection, one.schema, one.name))
  refuseMissing(selection, relations)
  refuse(
    relations.filter(({ readable }) => !readable),
    'no-right-to-read',
  )
  refuse(
    relations.filter(({ hidden }) => hidden),
    'rows-hidden',
  )
  return {
    id: rows[0]?.id ?? '',
    version,
    versionName: rows[0]?.version ?? '',
    tables: relations.filter(({ kind }) => kind === 'r').map(nameOf),
    partitioned: partitionedOf(relations),
    sequences: relations
      .filter(({ kind }) => kind === 'S')
      .map((one) => ({ ...nameOf(one), descends: one.descends === true, cycles: one.cycles === true })),
    bytes: relations.reduce((sum, { bytes }) => sum + bytes, 0),
  }
}

function nameOf({ schema, name }: Table): Table {
  return { schema, name }
}

function partitionedOf(relations: readonly Relation[]): Partitioned[] {
  const parts = Map.groupBy(
    relations.filter(({ whole }) => whole !== null),
    ({ whole }) => JSON.stringify([whole?.schema, whole?.name]),
  )
  return relations
    .filter(({ kind }) => kind === 'p')
    .map(({ schema, name }) => ({
      ...{ schema, name },
      partitions: parts.get(JSON.stringify([schema, name]))?.map(nameOf) ?? [],
    }))
}

function refuse(relations: readonly Table[], code: 'no-right-to-read' | 'rows-hidden'): void {
  if (relations.length === 0) return
  const names = relations.slice(0, NAMED).map(({ schema, name }) => `${schema}.${name}`)
  const more = relations.length - names.length
  throw new BackupError(code, { tables: `${names.join(', ')}${more > 0 ? `, … +${more}` : ''}` })
}

function refuseMissing(selection: Selection, relations: readonly Table[]): void {
  const table = selection.tables.find(
    (wanted) => !relations.some(({ schema, name }) => schema === wanted.schema && name === wanted.name),
  )
  if (table !== undefined) throw new BackupError('not-there', { name: `${table.schema}.${table.name}` })
}

const LOCK_NOT_AVAILABLE = '55P03'

export interface Counted extends Table {
  readonly rows: number
}

/** Counts, one table after the other, what the snapshot sees. */
export async function countRows(
  { client }: { readonly client: Pick<PostgresConnection['client'], 'query'> },
  tables: readonly Table[],
  { lockWaitMs, signal }: { lockWaitMs: number; signal: AbortSignal },
): Promise<Counted[]> {
  const counted: Counted[] = []
  for (const { schema, name } of tables) {
    signal.throwIfAborted()
    // Only its own: what inherits from it or is its partition is counted by itself.
    const { rows } = await client
      .query<{ count: string }>(`SELECT count(*) AS count FROM ONLY ${sqlName(schema)}.${sqlName(name)}`)
      .catch((error: unknown) => {
        if (errorCode(error) !== LOCK_NOT_AVAILABLE) throw error
        throw new BackupError(
          'lock-timeout',
          { table: `${schema}.${name}`, seconds: lockWaitMs / 1_000 },
          error,
        )
      })
    counted.push({ schema, name, rows: Number(rows[0]?.count ?? 0) })
  }
  return counted
}

/** Ends sessions of a name that are left on the server: a program that was stopped there goes on for a while. */
export async function endSessions(
  { client }: Pick<PostgresConnection, 'client'>,
  name: string,
): Promise<void> {
  await client.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1 AND pid <> pg_backend_pid()`,
    [name],
  )
}
