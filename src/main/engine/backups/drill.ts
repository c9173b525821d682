/**
 * Proves a backup: restores it into a server of our own, compares the rows of every table with what was counted when it was made,
 * and throws the server away. How long that took from nothing is the recovery time that was measured.
 */

import { errorWords } from '../reach/failed.ts'
import { BackupError } from './backup-error.ts'
import type { Manifest, Part } from './manifest.ts'
import { runProgram } from './postgres/program.ts'
import { connectionValue, sqlName } from './postgres/quote.ts'
import { type ScratchServer, startScratchServer } from './postgres/scratch-server.ts'
import { countRows, type Table } from './postgres/snapshot.ts'
import type { Tool } from './postgres/tools.ts'
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
      const args = ['--no-psqlrc', '--quiet', `--dbname=${target(server, 'postgres')}`]
      const roles = rolesIn(plainOf(dependencies, manifest, globals))
      // Its own superuser is there already: what cannot be made twice is no failure here.
      await feed(globals, roles, psql, args, { mayFail: true })
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
      const args = [
        '--exit-on-error',
        // Their places are of the server that it was made of: on that very machine they are in use.
        '--no-tablespaces',
        // Without the roles nothing can be given to them.
        ...(globals === undefined ? ['--no-owner', '--no-privileges'] : []),
        `--dbname=${target(server, database)}`,
      ]
      await feed(part, plainOf(dependencies, manifest, part), pgRestore, args, { mayFail: false })
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
      await compare(server, database, part, signal)
      tables += part.tables.length
      rows += part.tables.reduce((sum, table) => sum + table.rows, 0)
    }
    return { recoveryMs, tables, rows, version: server.version }
  } finally {
    await server.stop()
  }
}

function target({ host, port, user }: ScratchServer, database: string): string {
  return Object.entries({ host, port: String(port), user, dbname: database })
    .map(([key, value]) => `${key}=${connectionValue(value)}`)
    .join(' ')
}

/** Of what is the server's as a whole: longer, it is no list of roles. */
const LONGEST_GLOBALS_BYTES = 16 * 1024 * 1024
/** As `pg_dumpall` writes them, each on a line of its own; tablespaces and whatever else may stand there are left out. */
const OF_ROLES = /^(?:CREATE ROLE|ALTER ROLE|GRANT (?!.* ON )).+;$/

async function* rolesIn(plain: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const pieces: Buffer[] = []
  let bytes = 0
  for await (const piece of plain) {
    bytes += piece.length
    if (bytes <= LONGEST_GLOBALS_BYTES) pieces.push(piece)
  }
  const lines = Buffer.concat(pieces).toString('utf8').split('\n')
  yield Buffer.from(`${lines.filter((line) => OF_ROLES.test(line)).join('\n')}\n`, 'utf8')
}

/** Gives a part's content to a program, and waits for its end. */
async function feed(
  { file }: Part,
  content: AsyncIterable<Buffer>,
  { program, path }: Tool,
  args: readonly string[],
  { mayFail }: { readonly mayFail: boolean },
): Promise<void> {
  const env = {
    PATH: process.env.PATH ?? '',
    LC_ALL: 'C',
    PGPASSFILE: '/dev/null',
    PGAPPNAME: 'vakhta drill',
    // As `pg_dumpall` writes, whatever the locale says.
    PGCLIENTENCODING: 'UTF8',
  }
  const run = runProgram(path, [...args, '--no-password'], env, { reads: true })
  run.output.resume()
  try {
    for await (const chunk of content) await run.give(chunk)
    run.giveNoMore()
    const { code, signal, words } = await run.exit
    if (signal !== null) throw new BackupError('tool-killed', { program, signal })
    if (!mayFail && code !== 0) {
      const line = words.split('\n').find((each) => /error:/.test(each)) ?? words
      throw new BackupError('restore-failed', { file, program, words: errorWords(line) })
    }
  } finally {
    await run.stop()
  }
}

async function compare(
  server: ScratchServer,
  database: string,
  { tables, database: original }: Part,
  signal: AbortSignal,
): Promise<void> {
  const client = await server.connect(database)
  try {
    const { rows: there } = await client.query<Table>(
      `SELECT n.nspname AS schema, c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r'`,
    )
    const isThere = ({ schema, name }: Table) =>
      there.some((one) => one.schema === schema && one.name === name)
    const found = await countRows({ client }, tables.filter(isThere), { lockWaitMs: 0, signal })
    const differing = tables.filter(({ schema, name, rows }) => {
      const counted = found.find((one) => one.schema === schema && one.name === name)
      return counted?.rows !== rows
    })
    const [first] = differing
    if (first === undefined) return
    const counted = found.find(({ schema, name }) => schema === first.schema && name === first.name)
    throw new BackupError('counts-differ', {
      table: `${original ?? ''}: ${first.schema}.${first.name}`,
      expected: first.rows,
      found: counted?.rows ?? 0,
      more: differing.length - 1,
    })
  } finally {
    await client.end()
  }
}
