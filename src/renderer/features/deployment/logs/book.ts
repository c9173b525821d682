/** The lines that the page has of a log so far: answers in either direction are put together, without gaps. Pure. */
import type { LogLine, LogLines } from '#shared/model/logs.ts'

/** More are not kept: who looks for something narrows down. */
export const MOST_LINES = 100_000

export interface End {
  readonly cursor: string | null
  readonly stopped: LogLines['stopped']
  /** How far was looked: older than the first line, newer than the last. */
  readonly reached: number | null
}

export interface LogBook {
  /** The oldest first. */
  readonly lines: readonly LogLine[]
  readonly older: End
  readonly newer: End
  /** Lines before which something is missing. */
  readonly gaps: ReadonlySet<string>
  readonly last: LogLines
}

/** @param older the answer before the place, @param newer the one after it; at the end there is none */
export function openBook(older: LogLines, newer: LogLines | null): LogBook {
  const book: LogBook = {
    lines: older.lines,
    older: { cursor: older.older, stopped: older.stopped, reached: older.looked.from },
    newer: { cursor: older.newer, stopped: 'end', reached: older.looked.to },
    gaps: new Set(),
    last: older,
  }
  if (newer === null) return book
  const both = withNewer(book, newer)
  return both.older.cursor === null ? { ...both, older: { ...both.older, cursor: newer.older } } : both
}

export function withOlder(book: LogBook, answer: LogLines): LogBook {
  const known = new Set(book.lines.slice(0, answer.lines.length).map(({ id }) => id))
  const lines = [...answer.lines.filter(({ id }) => !known.has(id)), ...book.lines]
  const older: End = {
    cursor: answer.older ?? book.older.cursor,
    stopped: answer.stopped,
    reached: answer.looked.from,
  }
  if (lines.length <= MOST_LINES) return { ...book, lines, older, last: answer }
  // What was read last is what somebody looks at.
  const kept = lines.slice(0, MOST_LINES)
  const end: End = { cursor: kept.at(-1)?.id ?? null, stopped: 'lines', reached: kept.at(-1)?.at ?? null }
  return { ...book, lines: kept, older, newer: end, last: answer }
}

/** An answer begins with the line that was last, as it is by now. */
export function withNewer(book: LogBook, answer: LogLines): LogBook {
  const newer: End = {
    cursor: answer.newer ?? book.newer.cursor,
    stopped: answer.stopped,
    reached: answer.looked.to ?? book.newer.reached,
  }
  const [first] = answer.lines
  const gaps = answer.gap && first !== undefined ? new Set([...book.gaps, first.id]) : book.gaps
  if (first === undefined) return { ...book, newer, gaps, last: answer }
  const overlap = book.lines.findLastIndex(({ id }) => id === first.id)
  const before = overlap === -1 ? book.lines : book.lines.slice(0, overlap)
  if (overlap !== -1 && answer.lines.length === 1 && isSame(book.lines[overlap], first)) {
    return { ...book, newer, gaps, last: answer }
  }
  const lines = [...before, ...answer.lines]
  if (lines.length <= MOST_LINES) return { ...book, lines, newer, gaps, last: answer }
  const kept = lines.slice(lines.length - MOST_LINES)
  const end: End = { cursor: kept[0]?.id ?? null, stopped: 'lines', reached: kept[0]?.at ?? null }
  return { lines: kept, older: end, newer, gaps, last: answer }
}

function isSame(one: LogLine | undefined, other: LogLine): boolean {
  return one?.message === other.message && one.detail === other.detail
}

/** The first line at or after a moment; the last one where there is none. */
export function indexAt(lines: readonly LogLine[], at: number): number {
  const found = lines.findIndex((line) => line.at !== null && line.at >= at)
  return found === -1 ? lines.length - 1 : found
}
