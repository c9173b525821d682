/**
 * Proves a backup: restores it into a server of our own, compares the rows of every table with what was counted when it was made,
 * and throws the server away. How long that took from nothing is the recovery time that was measured.
 */
import { restoreInto } from './foreign/restore.ts'
import type { Manifest, Part } from './manifest.ts'
import { compareCounts } from './postgres/compare.ts'
import { feed } from './postgres/feed.ts'
import { connectionValue, sqlName } from './postgres/quote.ts'
import { rolesIn } from './postgres/roles.ts'
import { type ScratchServer, startScratchServer } from './postgres/scratch-server.ts'
import { plainOf, type VerifyDependencies } from './verify.ts'

export interface Drilled {
  /** From nothing to databases that were analysed and can be used. */
  readonly recoveryMs: number
  readonly tables: number
  readonly rows: number
  /** The version that it was restored into. */
  readonly version: string
}

export interface DrillDependencies extends VerifyDependencies {
  /** Milliseconds. */
  readonly monotonic: () => number
}

const FOREIGN_ROLE = 'vakhta_foreign'
const OWN = { name: 'vakhta drill', mayFail: false } as const

/** @throws BackupError that says what could not be restored, or which counts differ */
export async function drill(dependencies: DrillDependencies, manifest: Manifest): Promise<Drilled> {
  const { tools, signal, monotonic } = dependencies
  const major = Math.floor(manifest.server.version / 10_000)
  const startedAt = monotonic()
  const server = await startScratchServer({ tools, signal }, major)
  try {
    const globals = manifest.parts.find(({ content }) => content === 'globals')
    if (globals !== undefined) {
      const psql = await tools.fitting('psql', major)
      const args = ['--no-psqlrc', '--quiet', '--no-password', `--dbname=${target(server, 'postgres')}`]
      const roles = rolesIn(plainOf(dependencies, manifest, globals))
      // Its own superuser is there already: what cannot be made twice is no failure here.
      await feed(globals, roles, psql, args, { ...OWN, signal, mayFail: true })
    }
    const pgRestore = await tools.fitting('pg_restore', major)
    const restored: { part: Part; database: string }[] = []
    for (const [index, part] of manifest.parts.filter(({ content }) => content === 'database').entries()) {
      // Names of databases are theirs; ours cannot collide with what a new server has.
      const database = `drill_${index + 1}`
      const maintenance = await server.connect('postgres')
      try {
        await maintenance.query(`CREATE DATABASE ${sqlName(database)} TEMPLATE template0`)
      } finally {
        await maintenance.end()
      }
      if (manifest.foreign !== undefined) {
        await restoreForeign(dependencies, server, database, manifest.foreign, part, manifest)
        restored.push({ part, database })
        continue
      }
      const args = [
        '--exit-on-error',
        // Their places are of the server that it was made of: on that very machine they are in use.
        '--no-tablespaces',
        // Without the roles nothing can be given to them.
        ...(globals === undefined ? ['--no-owner', '--no-privileges'] : []),
        '--no-password',
        `--dbname=${target(server, database)}`,
      ]
      await feed(part, plainOf(dependencies, manifest, part), pgRestore, args, { ...OWN, signal })
      const client = await server.connect(database)
      try {
        await client.query('ANALYZE')
      } finally {
        await client.end()
      }
      restored.push({ part, database })
    }
    const recoveryMs = Math.round(monotonic() - startedAt)
    let [tables, rows] = [0, 0]
    for (const { part, database } of restored) {
      // What others made was counted by who restored it: our superuser does not enter a database that was theirs.
      if (manifest.foreign === undefined) {
        const client = await server.connect(database)
        try {
          await compareCounts(client, part, signal)
        } finally {
          await client.end()
        }
      }
      tables += part.tables.length
      rows += part.tables.reduce((sum, table) => sum + table.rows, 0)
    }
    return { recoveryMs, tables, rows, version: server.version }
  } finally {
    await server.stop()
  }
}

/** Also a server that is thrown away runs on this machine: as its superuser a dump could do here whatever we can. */
async function restoreForeign(
  dependencies: DrillDependencies,
  server: ScratchServer,
  database: string,
  foreign: NonNullable<Manifest['foreign']>,
  part: Part,
  manifest: Manifest,
): Promise<void> {
  const maintenance = await server.connect('postgres')
  try {
    await maintenance.query(`CREATE ROLE ${FOREIGN_ROLE} LOGIN`)
    await maintenance.query(`ALTER DATABASE ${sqlName(database)} OWNER TO ${FOREIGN_ROLE}`)
  } finally {
    await maintenance.end()
  }
  const client = await server.connect(database, FOREIGN_ROLE)
  const cut = () => void client.end()
  dependencies.signal.addEventListener('abort', cut, { once: true })
  try {
    await restoreInto(client, dependencies, foreign, part, plainOf(dependencies, manifest, part), OWN.name)
  } finally {
    dependencies.signal.removeEventListener('abort', cut)
    await client.end()
  }
}

function target({ host, port, user }: ScratchServer, database: string): string {
  return Object.entries({ host, port: String(port), user, dbname: database })
    .map(([key, value]) => `${key}=${connectionValue(value)}`)
    .join(' ')
}
