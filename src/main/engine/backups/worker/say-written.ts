/**
 * Says to a server what `pg_restore` writes of a backup, over our own session: where its last word has to be ours, and where a `pg_restore` of 17 or later stops at
 * a server that does not know `transaction_timeout`, which it sets whatever server it is.
 */
import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { DatabaseError } from 'pg'
import { errorWords } from '../../reach/failed.ts'
import type { PostgresConnection } from '../../reach/postgres/connection.ts'
import { BackupError } from '../backup-error.ts'
import { scriptPieces } from '../postgres/copy-blocks.ts'
import type { CopyIn } from '../postgres/copy-in.ts'
import { createScriptLines, isTransactionOfItsOwn, isWholeStatement } from '../postgres/script.ts'
import type { Tool } from '../postgres/tools.ts'
import type { Given } from '../staging/given.ts'
import type { RestoreDependencies } from './restore.ts'
import { HEEDING_POLICIES, openCopy, readWritten } from './session.ts'

type Client = PostgresConnection['client']

interface How {
  readonly tool: Tool
  readonly args: readonly string[]
  readonly isInTransaction: boolean
}

/** So much of what is said in single lines is gathered before it is said. */
const GATHERED_CHARACTERS = 256 * 1024

/**
 * Definitions, rows, and what is built upon the rows: a pass over the backup for each, since only in the second are blocks of rows told from the text of a function.
 * @param how further options of `pg_restore`, and whether a transaction is open that everything belongs to: else each large object has its own, and definitions
 * are one for each pass
 * @throws BackupError `restore-failed` with the server's words
 */
export async function sayWritten(
  dependencies: Pick<RestoreDependencies, 'signal'>,
  given: Given,
  { tool, args, isInTransaction }: How,
  { client, version }: Pick<PostgresConnection, 'client' | 'version'>,
): Promise<void> {
  const { file } = given
  const written = (section: string) => ({ tool, args: [HEEDING_POLICIES, `--section=${section}`, ...args] })
  // How far it is goes by the rows: the same file three times would be more than all of it.
  const uncounted = { ...given, content: given.untold }
  const definitions = (section: string) =>
    readWritten(dependencies, uncounted, written(section), async (output) => {
      const lines = createScriptLines(version)
      const said = utf8Of(file, await buffer(output))
        .split('\n')
        .flatMap((line) => lines.take(line) ?? [])
      refuseEncoding(file, lines.encoding())
      await client.query(said.join('\n'))
    })
  try {
    await definitions('pre-data')
    await readWritten(dependencies, given, written('data'), (output) =>
      pour(client, { version, isInTransaction }, output),
    )
    await definitions('post-data')
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error
    throw new BackupError('restore-failed', { file, program: 'PostgreSQL', words: errorWords(error.message) })
  }
}

async function pour(
  client: Client,
  { version, isInTransaction }: Pick<How, 'isInTransaction'> & { readonly version: number },
  output: Readable,
): Promise<void> {
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
      if (line === null || (isInTransaction && isTransactionOfItsOwn(line))) continue
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

/** A database that checks no encoding may have names in any: read leniently, they would come back as other ones. */
function utf8Of(file: string, bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    throw new BackupError('definitions-not-utf8', { file }, error)
  }
}

/** What we say is UTF-8; rows go as they are. */
export function refuseEncoding(file: string, encoding: string | null): void {
  if (encoding === null || encoding === 'UTF8' || encoding === 'SQL_ASCII') return
  throw new BackupError('restore-failed', {
    file,
    program: 'pg_restore',
    words: `client_encoding ${encoding}`,
  })
}
