/**
 * Proves a backup: restores it into a server of our own, compares the rows of every table with what was counted when it was made,
 * and throws the server away. How long that took from nothing is the recovery time that was measured.
 */
import type { Client } from 'pg'
import { errorWords } from '../reach/failed.ts'
import { BackupError } from './backup-error.ts'
import { restoreInto } from './foreign/restore.ts'
import type { Manifest, Part } from './manifest.ts'
import { plainOf, type VerifyDependencies } from './plain.ts'
import { readSchema, schemasLeftOut } from './postgres/archive.ts'
import { compareCounts } from './postgres/compare.ts'
import { databaseEntriesOf } from './postgres/database-entries.ts'
import { makeDrillDatabase } from './postgres/drill-database.ts'
import { makeDrillRoles } from './postgres/drill-roles.ts'
import { feed } from './postgres/feed.ts'
import { connectionValue, sqlName } from './postgres/quote.ts'
import { type ScratchServer, startScratchServer } from './postgres/scratch-server.ts'
import { isPartial } from './postgres/selection.ts'
import { rolesOf } from './roles-of.ts'
import { withContents, withRows } from './staging/given.ts'
import type { Staging } from './staging/stage.ts'

export interface Drilled {
  /** From nothing to databases that were analysed and can be used. */
  readonly recoveryMs: number
  readonly tables: number
  readonly rows: number
  /** The version that it was restored into. */
  readonly version: string
  /** Locales of its databases that are not there: nothing that depends on them was tried. */
  readonly localesMissing: readonly string[]
}

export interface DrillDependencies extends VerifyDependencies {
  /** Milliseconds. */
  readonly monotonic: () => number
  /** For what has to be staged, and how many sessions restore at once. */
  readonly staging: Staging
}

interface Drill extends DrillDependencies {
  readonly manifest: Manifest
  readonly server: ScratchServer
  readonly major: number
}

const FOREIGN_ROLE = 'vakhta_foreign'
const NAME = 'vakhta drill'

/** @throws BackupError that says what could not be restored, or which counts differ */
export async function drill(dependencies: DrillDependencies, manifest: Manifest): Promise<Drilled> {
  const { tools, signal, monotonic } = dependencies
  const major = Math.floor(manifest.server.version / 10_000)
  const startedAt = monotonic()
  const server = await startScratchServer({ tools, signal }, major)
  const of: Drill = { ...dependencies, manifest, server, major }
  try {
    await restoreRoles(of)
    const restored: { part: Part; database: string }[] = []
    const localesMissing = new Set<string>()
    for (const [index, part] of manifest.parts.filter(({ content }) => content === 'database').entries()) {
      // Names of databases are theirs; ours cannot collide with what a new server has.
      const database = `drill_${index + 1}`
      const missing = await restoreDatabase(of, part, database)
      if (missing !== null) localesMissing.add(missing)
      restored.push({ part, database })
    }
    const recoveryMs = Math.round(monotonic() - startedAt)
    let [tables, rows] = [0, 0]
    for (const { part, database } of restored) {
      // What others made was counted by who restored it: our superuser does not enter a database that was theirs.
      if (manifest.foreign === undefined)
        await withClient(of, database, (client) => compareCounts(client, part, signal))
      tables += part.tables.length
      rows += part.tables.reduce((sum, table) => sum + table.rows, 0)
    }
    return { recoveryMs, tables, rows, version: server.version, localesMissing: [...localesMissing] }
  } finally {
    await server.stop()
  }
}

function globalsOf({ parts }: Manifest): Part | undefined {
  return parts.find(({ content }) => content === 'globals')
}

async function restoreRoles(of: Drill): Promise<void> {
  const roles = await rolesOf(of, of.manifest)
  if (roles !== null) await withClient(of, 'postgres', (client) => makeDrillRoles(client, roles))
}

/** @returns the locale of the database that is not there; `null`: it is */
async function restoreDatabase(of: Drill, part: Part, database: string): Promise<string | null> {
  const { manifest, tools, server, signal, major } = of
  if (manifest.foreign !== undefined) {
    await restoreForeign(of, database, manifest.foreign, part)
    return null
  }
  const pgRestore = await tools.fitting('pg_restore', major)
  // Read as far as its list of contents goes.
  const unheard = { ...of, onBytes: () => {} }
  const sql = await withContents(unheard, manifest, part, (given) =>
    readSchema(given, pgRestore, ['--create']),
  )
  const { create } = databaseEntriesOf(sql)
  const version = Number.parseInt(server.version, 10) * 10_000
  const missing = await withClient(of, 'postgres', (client) =>
    makeDrillDatabase(client, database, create, version),
  )
  const isOfParts = isPartial(manifest.selection)
  // Chosen tables come without the schemas that they are in, and with foreign keys to tables that were not chosen.
  const schemas = isOfParts ? schemasLeftOut(sql) : []
  await withClient(of, database, async (client) => {
    for (const schema of schemas) await client.query(`CREATE SCHEMA IF NOT EXISTS ${sqlName(schema)}`)
  })
  const args = [
    '--exit-on-error',
    // Their places are of the server that it was made of: on that very machine they are in use.
    '--no-tablespaces',
    // Without the roles nothing can be given to them.
    ...(globalsOf(manifest) === undefined ? ['--no-owner', '--no-privileges'] : []),
    ...(isOfParts ? ['--section=pre-data', '--section=data'] : []),
    '--no-password',
    `--dbname=${target(server, database)}`,
  ]
  try {
    await withRows(of, manifest, part, of.staging, (given) =>
      feed(given, pgRestore, args, { name: NAME, signal }),
    )
  } catch (error) {
    throw missing === null ? error : withoutLocale(error, missing)
  }
  await withClient(of, database, (client) => client.query('ANALYZE'))
  return missing
}

/** It may be why; whoever tells it decides. */
function withoutLocale(error: unknown, locale: string): unknown {
  if (!(error instanceof BackupError) || error.failure.code !== 'restore-failed') return error
  const { file = '?', program = '?', words = '' } = error.failure.params
  return new BackupError('restore-failed', { file, program, words, locale }, error)
}

/** Also a server that is thrown away runs on this machine: as its superuser a dump could do here whatever we can. */
async function restoreForeign(
  of: Drill,
  database: string,
  foreign: NonNullable<Manifest['foreign']>,
  part: Part,
): Promise<void> {
  const { manifest, signal } = of
  await withClient(of, 'postgres', async (client) => {
    await client.query(`CREATE DATABASE ${sqlName(database)} TEMPLATE template0`)
    await client.query(`CREATE ROLE ${FOREIGN_ROLE} LOGIN`)
    await client.query(`ALTER DATABASE ${sqlName(database)} OWNER TO ${FOREIGN_ROLE}`)
  })
  const restore = async (client: Client) => {
    const cut = () => void client.end()
    signal.addEventListener('abort', cut, { once: true })
    try {
      await restoreInto(client, of, foreign, part, plainOf(of, manifest, part), NAME)
    } finally {
      signal.removeEventListener('abort', cut)
    }
  }
  await withClient(of, database, restore, FOREIGN_ROLE)
}

/** What the server itself fails with is a failure of this machine: it ran out of room or memory. */
async function withClient<T>(
  { server, signal }: Drill,
  database: string,
  work: (client: Client) => Promise<T>,
  user?: string,
): Promise<T> {
  let client: Client | null = null
  try {
    client = await server.connect(database, user)
    return await work(client)
  } catch (error) {
    if (error instanceof BackupError || signal.aborted) throw error
    throw new BackupError('scratch-failed', { words: errorWords(error) }, error)
  } finally {
    await client?.end().catch(() => {})
  }
}

function target({ host, port, user }: ScratchServer, database: string): string {
  return Object.entries({ host, port: String(port), user, dbname: database })
    .map(([key, value]) => `${key}=${connectionValue(value)}`)
    .join(' ')
}
