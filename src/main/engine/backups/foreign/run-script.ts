/** Runs a dump that others made, statement by statement, in a session that has no rights: PostgreSQL itself refuses what it may not. */
import { type Client, DatabaseError } from 'pg'
import { errorWords } from '../../reach/failed.ts'
import { BackupError } from '../backup-error.ts'
import { type CopyIn, openCopyIn, sendQuery } from '../postgres/copy-in.ts'
import type { Table } from '../postgres/snapshot.ts'
import { createReading } from './reading.ts'
import { readScript } from './script.ts'

interface Copying {
  readonly into: CopyIn
  readonly line: number
  readonly table: Table | null
  rows: number
}

/**
 * @param onRefused told of a grant or setting that could not be had, which fails nothing
 * @throws BackupError that names the line
 */
export async function runScript(
  client: Client,
  source: AsyncIterable<Buffer>,
  {
    file,
    signal,
    onRefused,
  }: { readonly file: string; readonly signal: AbortSignal; readonly onRefused: () => void },
): Promise<void> {
  const reading = createReading()
  let copying: Copying | null = null
  for await (const unit of readScript(source)) {
    signal.throwIfAborted()
    if (unit.kind === 'rows') {
      if (copying === null) continue
      const { into, line } = copying
      copying.rows += unit.count
      await into.give(unit.bytes).catch((error: unknown) => refused(file, line, error))
    } else if (unit.kind === 'rows-end') {
      if (copying !== null) await finish(file, copying)
      copying = null
    } else {
      const deed = reading.judge(unit)
      if (deed.kind === 'nothing' || unit.kind !== 'statement') continue
      const { text, line } = unit
      if (deed.kind === 'copy') {
        const into = await openCopyIn(client, text).catch((error: unknown) => refused(file, line, error))
        copying = { into, line, table: deed.table, rows: 0 }
        continue
      }
      await sendQuery(client, text).catch((error: unknown) => {
        if (!(error instanceof DatabaseError) || !deed.mayFail.includes(error.code ?? ''))
          return refused(file, line + lineIn(text, error), error)
        onRefused()
      })
    }
  }
  reading.end()
}

async function finish(file: string, { into, line, table, rows: expected }: Copying): Promise<void> {
  const found = await into.end().catch((error: unknown) => refused(file, line, error))
  // Tables as a whole are counted afterwards; this finds what a trigger of the dump's own kept out.
  if (found > expected || table === null) return
  if (found < expected)
    throw new BackupError('counts-differ', {
      table: `${table.schema}.${table.name}`,
      expected,
      found,
      more: 0,
    })
}

/** Rows begin one line behind their statement. */
function refused(file: string, line: number, error: unknown): never {
  if (!(error instanceof DatabaseError)) throw error
  const row = /^COPY .*, line (\d+)/.exec(error.where ?? '')?.[1]
  const at = line + (row === undefined ? 0 : Number(row))
  throw new BackupError('dump-refused', { file, line: at, words: errorWords(error.message) }, error)
}

/** Lines from a statement's beginning to where PostgreSQL points at. */
function lineIn(text: Buffer, error: unknown): number {
  const position = error instanceof DatabaseError ? Number(error.position ?? '1') : 1
  return (
    text
      .toString('utf8')
      .slice(0, position - 1)
      .split('\n').length - 1
  )
}
