/**
 * Gives a database what a backup has of it in the place of all that is in it, in one transaction: it is emptied, what `pg_restore` writes is said to it over our own
 * session, the rows are compared, and only then it is true for others. `pg_restore` itself, in one transaction, could neither drop what the backup does not know, nor
 * compare before the end, nor say afterwards whether its last word was heard.
 */
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { DatabaseError } from 'pg'
import { errorWords } from '../../reach/failed.ts'
import type { PostgresConnection } from '../../reach/postgres/connection.ts'
import { BackupError } from '../backup-error.ts'
import { compareCounts } from '../postgres/compare.ts'
import { scriptPieces } from '../postgres/copy-blocks.ts'
import type { CopyIn } from '../postgres/copy-in.ts'
import { emptyingStatements } from '../postgres/emptying.ts'
import { createScriptLines, isTransactionOfItsOwn, isWholeStatement } from '../postgres/script.ts'
import type { ReplaceJob } from './messages.ts'
import { partOf, type RestoreDependencies, restorerOf } from './restore.ts'
import { inSession, openCopy, readWritten } from './session.ts'

type Client = PostgresConnection['client']

/** So much of what is said in single lines is gathered before it is said. */
const GATHERED_CHARACTERS = 256 * 1024
const TRIES = 3
/** Lock not available, and a deadlock that was found. */
const IN_THE_WAY: ReadonlySet<string | undefined> = new Set(['55P03', '40P01'])

export async function replace(dependencies: RestoreDependencies, job: ReplaceJob): Promise<null> {
  const { ask, tools, signal } = dependencies
  const { manifest, database } = job
  const part = partOf(manifest, database.from)
  const tool = await restorerOf(tools, manifest, part, 0)
  const written = (section: string) => ({
    ...{ manifest, database: database.from, tool, args: [`--section=${section}`] },
  })
  return inSession(dependencies, job, async ({ client, version }) => {
    const transaction = await empty(client, (begun) => ask('reached', { what: 'begun', transaction: begun }))
    await ask('reached', { what: 'emptied', transaction })
    const definitions = (section: string) =>
      readWritten(dependencies, written(section), async (output) => {
        const lines = createScriptLines(version)
        const said = (await text(output)).split('\n').flatMap((line) => lines.take(line) ?? [])
        refuseEncoding(part.file, lines.encoding())
        await client.query(said.join('\n'))
      })
    try {
      await definitions('pre-data')
      await readWritten(dependencies, written('data'), (output) => pour(client, version, output))
      await definitions('post-data')
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error
      throw new BackupError('restore-failed', {
        ...{ file: part.file, program: 'PostgreSQL', words: errorWords(error.message) },
      })
    }
    await compareCounts(client, part, signal)
    const { rows } = await client.query<{ transaction: string }>('SELECT txid_current() AS transaction')
    // A dump that ended the transaction did so on purpose.
    if (rows[0]?.transaction !== transaction)
      throw new BackupError('restore-failed', { file: part.file, program: 'PostgreSQL', words: 'COMMIT' })
    signal.throwIfAborted()
    await client.query('COMMIT')
    return null
  })
}

/** @returns the number of the transaction, which is open then and has nothing in it but an empty database */
async function empty(client: Client, begun: (transaction: string) => Promise<unknown>): Promise<string> {
  for (let tries = 1; ; tries += 1) {
    await client.query('BEGIN')
    const { rows } = await client.query<{ transaction: string }>('SELECT txid_current() AS transaction')
    const transaction = rows[0]?.transaction ?? ''
    await begun(transaction)
    try {
      for (const statement of await emptyingStatements(client)) await client.query(statement)
      return transaction
    } catch (error) {
      if (tries >= TRIES || !(error instanceof DatabaseError) || !IN_THE_WAY.has(error.code)) throw error
      await client.query('ROLLBACK')
    }
  }
}

async function pour(client: Client, version: number, output: Readable): Promise<void> {
  const lines = createScriptLines(version)
  let into: CopyIn | null = null
  let gathered: string[] = []
  let characters = 0
  const say = async () => {
    if (gathered.length > 0) await client.query(gathered.join('\n'))
    gathered = []
    characters = 0
  }
  for await (const piece of scriptPieces(output)) {
    if (piece.kind === 'line') {
      const line = lines.take(piece.text)
      if (line === null || isTransactionOfItsOwn(line)) continue
      gathered.push(line)
      characters += line.length
      if (characters > GATHERED_CHARACTERS && isWholeStatement(line)) await say()
    } else if (piece.kind === 'begin') {
      await say()
      into = await openCopy(client, piece.table, piece.columns, piece.encoding)
    } else if (piece.kind === 'rows') await into?.give(piece.bytes)
    else {
      await into?.end()
      into = null
    }
  }
  await say()
}

/** What we say is UTF-8; rows go as they are. */
function refuseEncoding(file: string, encoding: string | null): void {
  if (encoding === null || encoding === 'UTF8' || encoding === 'SQL_ASCII') return
  throw new BackupError('restore-failed', {
    file,
    program: 'pg_restore',
    words: `client_encoding ${encoding}`,
  })
}
