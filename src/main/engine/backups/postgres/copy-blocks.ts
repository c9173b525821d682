/**
 * The rows in what `pg_restore --data-only` writes, as they stream by: of each table the bytes between its `COPY … FROM stdin;` and its `\.`, and nothing
 * else of it. A row may be longer than memory: no line is waited for to its end but those of SQL.
 */
import { NAME, nameRead, namesRead } from './names-written.ts'
import type { Table } from './snapshot.ts'

export interface BlockBegin {
  readonly kind: 'begin'
  readonly table: Table
  readonly columns: readonly string[]
  readonly encoding: string
}
export type Piece =
  | BlockBegin
  | { readonly kind: 'rows'; readonly bytes: Buffer }
  | { readonly kind: 'end'; readonly table: Table }
/** With what stands between: a line of SQL without its end. */
export type ScriptPiece = Piece | { readonly kind: 'line'; readonly text: string }

const COPY = new RegExp(`^COPY (${NAME})\\.(${NAME}) (?:\\((.*)\\))? ?FROM stdin;$`)
const ENCODING = /^SET client_encoding = '([\w-]+)';$/
const NEWLINE = 10
const END = Buffer.from('\\.\n')

export async function* copyBlocks(output: AsyncIterable<Buffer>): AsyncGenerator<Piece> {
  for await (const piece of scriptPieces(output)) if (piece.kind !== 'line') yield piece
}

export async function* scriptPieces(output: AsyncIterable<Buffer>): AsyncGenerator<ScriptPiece> {
  let held: Buffer = Buffer.alloc(0)
  let table: Table | null = null
  let isAtLineStart = true
  let encoding = 'UTF8'
  for await (const chunk of output) {
    let rest = held.length === 0 ? chunk : Buffer.concat([held, chunk])
    held = Buffer.alloc(0)
    while (rest.length > 0) {
      if (table === null) {
        const end = rest.indexOf(NEWLINE)
        if (end < 0) {
          held = rest
          break
        }
        const line = rest.toString('utf8', 0, end)
        rest = rest.subarray(end + 1)
        encoding = ENCODING.exec(line)?.[1] ?? encoding
        const [, schema, name, columns = ''] = COPY.exec(line) ?? []
        if (schema === undefined || name === undefined) {
          yield { kind: 'line', text: line }
          continue
        }
        table = { schema: nameRead(schema), name: nameRead(name) }
        isAtLineStart = true
        yield { kind: 'begin', table, columns: namesRead(columns), encoding }
        continue
      }
      const end = endOfRows(rest, isAtLineStart)
      if (end >= 0) {
        if (end > 0) yield { kind: 'rows', bytes: rest.subarray(0, end) }
        yield { kind: 'end', table }
        table = null
        rest = rest.subarray(end + END.length)
        continue
      }
      const kept = maybeEnd(rest, isAtLineStart)
      held = rest.subarray(rest.length - kept)
      const bytes = rest.subarray(0, rest.length - kept)
      if (bytes.length > 0) {
        isAtLineStart = bytes.at(-1) === NEWLINE
        yield { kind: 'rows', bytes }
      }
      break
    }
  }
}

/** In a row a backslash is written twice: alone with a dot on a line it is the end. */
function endOfRows(bytes: Buffer, isAtLineStart: boolean): number {
  for (let at = bytes.indexOf(END); at >= 0; at = bytes.indexOf(END, at + 1)) {
    if (at === 0 ? isAtLineStart : bytes[at - 1] === NEWLINE) return at
  }
  return -1
}

/** How many bytes at the end may be the beginning of it. */
function maybeEnd(bytes: Buffer, isAtLineStart: boolean): number {
  for (const length of [2, 1]) {
    const at = bytes.length - length
    if (at < 0 || !bytes.subarray(at).equals(END.subarray(0, length))) continue
    if (at === 0 ? isAtLineStart : bytes[at - 1] === NEWLINE) return length
  }
  return 0
}
