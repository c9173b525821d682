import { describe, expect, it } from 'vitest'
import {
  indexAt,
  MOST_LINES,
  openBook,
  withNewer,
  withOlder,
} from '../../../../../src/renderer/features/deployment/logs/book.ts'
import type { LogLine, LogLines } from '../../../../../src/shared/model/logs.ts'

const line = (number: number, message = `line ${number}`): LogLine => ({
  id: `f:1:${number}`,
  at: number * 1_000,
  level: null,
  source: null,
  message,
  detail: null,
  fields: [],
  cut: false,
})

function answer(from: number, to: number, more: Partial<LogLines> = {}): LogLines {
  const lines = Array.from({ length: to - from }, (_, index) => line(from + index))
  return {
    at: 0,
    source: 'app',
    lines,
    older: lines[0]?.id ?? null,
    newer: lines.at(-1)?.id ?? null,
    stopped: 'lines',
    looked: { lines: lines.length, from: lines[0]?.at ?? null, to: lines.at(-1)?.at ?? null },
    gap: false,
    revealed: false,
    limited: null,
    leftOut: [],
    cost: { ms: 1, rows: 0, bytes: 0 },
    ...more,
  }
}
const numbers = (lines: readonly LogLine[]) => lines.map(({ id }) => Number(id.slice(4)))

describe('the lines that a page has', () => {
  it('grow on either side, each line once', () => {
    let book = openBook(answer(10, 13), null)
    book = withNewer(book, answer(12, 15, { stopped: 'end' }))
    book = withOlder(book, answer(7, 10))
    expect(numbers(book.lines)).toEqual([7, 8, 9, 10, 11, 12, 13, 14])
    expect([book.older.cursor, book.newer.cursor]).toEqual(['f:1:7', 'f:1:14'])
    expect(book.newer.stopped).toBe('end')
  })

  it('take the last one as it is by now: its traceback may have come', () => {
    const book = openBook(answer(1, 3), null)
    const grown = { ...line(2), detail: 'Traceback' }
    const after = withNewer(book, answer(2, 3, { lines: [grown] }))
    expect(after.lines.map(({ detail }) => detail)).toEqual([null, 'Traceback'])
  })

  it('are the same when nothing came', () => {
    const book = openBook(answer(1, 3), null)
    expect(withNewer(book, answer(2, 3)).lines).toBe(book.lines)
    expect(withNewer(book, answer(0, 0)).newer.cursor).toBe('f:1:2')
  })

  it('stand on both sides of a moment', () => {
    const book = openBook(answer(1, 5), answer(5, 8))
    expect(numbers(book.lines)).toEqual([1, 2, 3, 4, 5, 6, 7])
    expect(indexAt(book.lines, 5_000)).toBe(4)
    expect(indexAt(book.lines, 99_000)).toBe(6)
    // Nothing is older than the moment: what is, is asked for from the first that there is.
    expect(openBook(answer(0, 0), answer(5, 8)).older.cursor).toBe('f:1:5')
  })

  it('say before which one something is missing', () => {
    const book = withNewer(openBook(answer(1, 3), null), answer(7, 9, { gap: true }))
    expect([...book.gaps]).toEqual(['f:1:7'])
  })

  it('are bounded on the side that nobody looks at', () => {
    const full = openBook(answer(0, MOST_LINES), null)
    const followed = withNewer(full, answer(MOST_LINES - 1, MOST_LINES + 10))
    expect(followed.lines).toHaveLength(MOST_LINES)
    expect(numbers(followed.lines)[0]).toBe(10)
    expect(followed.older).toMatchObject({ cursor: 'f:1:10', stopped: 'lines' })
    const back = withOlder(openBook(answer(10, MOST_LINES + 10), null), answer(0, 10))
    expect(numbers(back.lines).at(-1)).toBe(MOST_LINES - 1)
    expect(back.newer.cursor).toBe(`f:1:${MOST_LINES - 1}`)
  })
})
