/** What is known of a restore of tables before anything is done: of the backup, and of the tables as they are. */
import { z } from 'zod'
import type { RestoreTables } from '#shared/model/restore.ts'
import { freeForAsker } from '../../../operations/free-connections.ts'
import type { Subject } from '../../../operations/kind.ts'
import type { TableThen } from '../../postgres/columns-then.ts'
import type { Table } from '../../postgres/snapshot.ts'
import { IS_READ, READERS } from '../../postgres/untold.ts'
import type { RestoreDependencies } from '../kind.ts'
import { operatingOf } from '../operating.ts'
import { openSource, type Source } from '../source.ts'
import { keysThatCall } from './calling.ts'
import { inDatabase } from './in-database.ts'
import { isOf } from './is-of.ts'
import { judgeTables, type TablesFound } from './judge.ts'
import { lookAtTables, ownInbound } from './live.ts'
import { lookForMissing, type MissingFound } from './missing.ts'
import { type PartOfWhole, withPartitions } from './partitions.ts'

const SERVER = `
  SELECT pg_is_in_recovery() AS recovering, current_user AS user, has_database_privilege(current_database(), 'CREATE') AS creates,
         pg_database_size(current_database()) AS bytes, current_setting('server_version_num')::int AS number, current_setting('server_version') AS version,
         ${READERS} AS readers, ${IS_READ} AS "isRead", ARRAY(SELECT pubname::text FROM pg_publication WHERE puballtables ORDER BY 1) AS publications`

const Server = z.object({
  ...{ recovering: z.boolean(), user: z.string() },
  /** It may make schemas there. */
  creates: z.boolean(),
  ...{ number: z.number(), version: z.string() },
  /** Slots that read what changes there. */
  readers: z.array(z.string()),
  /** By one of them, or for all that is known by others. */
  isRead: z.boolean(),
  /** Those that are of all tables. */
  publications: z.array(z.string()),
  /** Of the whole database. */
  bytes: z.coerce.number(),
})

export interface TablesSource {
  readonly source: Source
  readonly found: TablesFound
  /** Of the whole database. */
  readonly bytes: number
  /** Connections that whoever operates can still open. */
  readonly free: number
}

export async function lookBeforeTables(
  dependencies: RestoreDependencies,
  subject: Pick<Subject<RestoreTables>, 'options' | 'profile' | 'reach' | 'signal'>,
): Promise<TablesSource> {
  const { options, profile } = subject
  const source = await openSource(dependencies, options, profile.name)
  const { database, part } = source
  const asked = await inDatabase(subject, database, (client) => lookAtTables(client, options.tables))
  const isWhole = (table: Table) =>
    asked.tables.find(isOf(table))?.kind === 'p' || !part.tables.some(isOf(table))
  const wholes = await lookForWholes(dependencies, subject, source, options.tables.filter(isWhole))
  const tables = withPartitions(options.tables, wholes)
  const dumped = await lookAtDumped(dependencies, subject, source, tables)
  const { free, bytes, ...now } = await inDatabase(subject, database, async (client) => {
    const { rows } = await client.query(SERVER)
    const { bytes: size, ...server } = Server.parse(rows[0])
    const live = await lookAtTables(client, tables)
    const left = await freeForAsker(client, [database, operatingOf(subject).maintenance])
    return { live, calling: await keysThatCall(client, ownInbound(live)), free: left, bytes: size, server }
  })
  const { live } = now
  const gone = tables.filter((table) => !live.tables.some(isOf(table)))
  const missing = gone.length === 0 ? null : await lookForGone(dependencies, subject, source, gone)
  return {
    ...{ source, free, bytes },
    found: { ...now, chosen: tables, wholes, dumped, counted: part.tables, database, missing },
  }
}

/** What these tables were like in the backup. */
export async function lookAtDumped(
  dependencies: RestoreDependencies,
  { signal }: Pick<Subject<RestoreTables>, 'signal'>,
  { backup: { manifest }, store, identity, database }: Source,
  tables: readonly Table[],
): Promise<readonly TableThen[]> {
  const job = { kind: 'columns', manifest, store, identity, database, tables } as const
  return tables.length === 0 ? [] : dependencies.runJob(job, { signal, onProgress() {} })
}

/** What these had of partitions in the backup, where they had any. */
async function lookForWholes(
  dependencies: RestoreDependencies,
  { signal }: Pick<Subject<RestoreTables>, 'signal'>,
  { backup: { manifest }, store, identity, database }: Source,
  tables: readonly Table[],
): Promise<PartOfWhole[]> {
  if (tables.length === 0) return []
  const job = { kind: 'definitions', manifest, store, identity, database, tables, whole: true } as const
  const found = await dependencies.runJob(job, { signal, onProgress() {} })
  return found.tables.map(({ schema, name, kind, partition }) => ({ schema, name, kind, partition }))
}

/** What is known of tables that are not there any more. */
export async function lookForGone(
  dependencies: RestoreDependencies,
  subject: Pick<Subject<RestoreTables>, 'profile' | 'reach' | 'signal'>,
  { backup: { manifest }, store, identity, database }: Source,
  tables: readonly Table[],
): Promise<MissingFound> {
  // Without a session of ours: it takes as long as the list of contents does.
  const definitions = await dependencies.runJob(
    { kind: 'definitions', manifest, store, identity, database, tables },
    { signal: subject.signal, onProgress() {} },
  )
  return inDatabase(subject, database, (client) => lookForMissing(client, definitions))
}

export function refusalsOf({ source, found }: TablesSource, { tables, another }: RestoreTables) {
  return judgeTables(found, { tables, isUntrusted: source.backup.signedBy === 'another' && !another })
}
