/**
 * A script of SQL taken apart as it streams by: statements, the rows between `COPY … FROM stdin;` and `\.`, what is said to `psql`, and comments, each with
 * its line. Nothing is run here. It ends statements where `psql` does: quotes, dollar quotes, nested comments, brackets and bodies of functions in SQL hide a semicolon.
 */
import { BackupError } from '../backup-error.ts'
import { endOfRows, isOfWord, isSpace, newlines, tagAt } from './script-bytes.ts'

export type Unit =
  /** Without its semicolon; `copies`: its rows follow. */
  | { readonly kind: 'statement'; readonly text: Buffer; readonly line: number; readonly copies: boolean }
  | { readonly kind: 'rows'; readonly bytes: Buffer; readonly count: number }
  | { readonly kind: 'rows-end' }
  /** From its backslash to the end of the line; `isInside`: in the middle of a statement. */
  | { readonly kind: 'command'; readonly text: string; readonly line: number; readonly isInside: boolean }
  /** A line of its own, without its dashes. */
  | { readonly kind: 'comment'; readonly text: string }
  /** It ended in the middle of a statement, or of rows. */
  | { readonly kind: 'cut'; readonly line: number }

/** PostgreSQL itself takes none of a GiB. */
const LONGEST_STATEMENT_BYTES = 256 * 1024 * 1024
const SHOWN_CHARACTERS = 200
const NEWLINE = 10
const [QUOTE, DOUBLE, BACKSLASH, DOLLAR] = [39, 34, 92, 36]
const [DASH, SLASH, STAR, SEMICOLON, OPENED, CLOSED] = [45, 47, 42, 59, 40, 41]
const COPY = /^COPY\s[\s\S]*\sFROM\s+STDIN\b/i
const STRINGS = /^SET\s+standard_conforming_strings\s*(?:=|TO)\s*'?(on|off)'?$/i
/** The words that begin a statement whose body may hold statements (`BEGIN ATOMIC … END`). */
const WITH_BODY = /^create (?:or replace )?(?:function|procedure) /

type State = 'plain' | 'comment' | 'block' | 'quote' | 'name' | 'dollar' | 'command' | 'copy-line' | 'rows'

/** @param remarkBytes so much of a comment is told */
export async function* readScript(
  source: AsyncIterable<Buffer>,
  remarkBytes = SHOWN_CHARACTERS,
): AsyncGenerator<Unit> {
  const reader = createReader(remarkBytes)
  let held: Buffer = Buffer.alloc(0)
  for await (const chunk of source) held = yield* reader.read(concat(held, chunk), false)
  yield* reader.read(held, true)
  yield* reader.end()
}

function createReader(remarkBytes: number) {
  let state: State = 'plain'
  let isFirst = true
  let line = 1
  let isAtLineStart = true
  /** Of the statement under way: its pieces so far, and where it began. */
  let pieces: Buffer[] = []
  let length = 0
  let startLine = 0
  let isBegun = false
  let brackets = 0
  let blocks = 0
  let nested = 0
  let word = ''
  let words = ''
  let isEscaping = false
  let areStandard = true
  let tag: Buffer = Buffer.alloc(0)
  let spoken: { line: number; isInside: boolean; text: string } | null = null
  let remark = ''

  function forget(): void {
    pieces = []
    length = 0
    isBegun = false
    brackets = 0
    blocks = 0
    word = ''
    words = ''
  }

  function wordEnds(): void {
    if (word === '') return
    if (words.length < 64) words += `${word} `
    if (WITH_BODY.test(words)) {
      if (word === 'begin' || (word === 'case' && blocks > 0)) blocks++
      else if (word === 'end' && blocks > 0) blocks--
    }
    word = ''
  }

  function keep(bytes: Buffer): void {
    if (bytes.length === 0) return
    length += bytes.length
    if (length > LONGEST_STATEMENT_BYTES) {
      throw new BackupError('dump-statement-long', {
        line: startLine,
        megabytes: LONGEST_STATEMENT_BYTES / 1_048_576,
      })
    }
    pieces.push(bytes)
  }

  /** Takes bytes apart; what cannot be decided without what follows is given back. */
  function* read(bytes: Buffer, isLast: boolean): Generator<Unit, Buffer> {
    let at = 0
    /** Where what is kept of the statement begins in these bytes. */
    let from = 0
    if (isFirst) {
      if (bytes.length < 3 && !isLast) return bytes
      isFirst = false
      // A mark of the order of bytes, as `psql` passes over one.
      if (bytes.length >= 3 && bytes.readUIntBE(0, 3) === 0xefbbbf) at = 3
    }
    const hold = (): Buffer => {
      if (isBegun) keep(bytes.subarray(from, at))
      return bytes.subarray(at)
    }
    while (at < bytes.length) {
      const byte = bytes[at] ?? 0
      switch (state) {
        case 'plain': {
          const next = bytes[at + 1]
          const waits = next === undefined && !isLast
          if (isOfWord(byte) || (byte === DOLLAR && word !== '')) {
            if (!isBegun) begin()
            if (word.length < 32) word += String.fromCharCode(byte).toLowerCase()
            at++
            break
          }
          if (byte === DASH || byte === SLASH) {
            if (waits) return hold()
            if (byte === DASH && next === DASH) {
              wordEnds()
              state = 'comment'
              remark = ''
              at += 2
              break
            }
            if (byte === SLASH && next === STAR) {
              wordEnds()
              state = 'block'
              nested = 1
              at += 2
              break
            }
          }
          if (byte === DOLLAR) {
            const found = tagAt(bytes, at)
            if (found === 'unknown' && !isLast) return hold()
            if (found instanceof Buffer) {
              if (!isBegun) begin()
              tag = found
              state = 'dollar'
              at += found.length
              break
            }
          }
          if (byte === BACKSLASH) {
            // What was begun goes on after it, as in `psql`; whether it may is not ours to decide.
            if (isBegun) keep(bytes.subarray(from, at))
            spoken = { line, isInside: isBegun, text: '' }
            state = 'command'
            break
          }
          if (byte === NEWLINE) line++
          if (isSpace(byte)) {
            wordEnds()
            at++
            break
          }
          if (byte === SEMICOLON && brackets === 0) {
            // `END;` is what may end the body.
            wordEnds()
            if (blocks === 0) {
              if (isBegun) {
                keep(bytes.subarray(from, at))
                const text =
                  pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces)
                const head = text.toString('latin1', 0, 4096)
                const strings = STRINGS.exec(head.trim())?.[1]
                if (strings !== undefined) areStandard = strings.toLowerCase() === 'on'
                const copies = COPY.test(head)
                yield { kind: 'statement', text, line: startLine, copies }
                if (copies) state = 'copy-line'
              }
              forget()
              at++
              break
            }
          }
          if (!isBegun) begin()
          if (byte === QUOTE) {
            isEscaping = word === 'e' || !areStandard
            state = 'quote'
          } else if (byte === DOUBLE) state = 'name'
          else if (byte === OPENED) brackets++
          else if (byte === CLOSED) brackets = Math.max(0, brackets - 1)
          wordEnds()
          at++
          break
        }
        case 'quote': {
          if (byte === NEWLINE) line++
          if (byte === QUOTE || (byte === BACKSLASH && isEscaping)) {
            if (bytes[at + 1] === undefined && !isLast) return hold()
            const isPair = byte === BACKSLASH || bytes[at + 1] === QUOTE
            if (isPair && bytes[at + 1] === NEWLINE) line++
            if (!isPair) state = 'plain'
            at += isPair ? 2 : 1
          } else at++
          break
        }
        case 'name': {
          if (byte === NEWLINE) line++
          // Two of them end one and begin another, which comes to the same.
          if (byte === DOUBLE) state = 'plain'
          at++
          break
        }
        case 'dollar': {
          const end = bytes.indexOf(tag, at)
          const to =
            end >= 0 ? end + tag.length : isLast ? bytes.length : Math.max(at, bytes.length - tag.length + 1)
          line += newlines(bytes.subarray(at, to))
          at = to
          if (end < 0) return hold()
          state = 'plain'
          break
        }
        case 'comment': {
          const end = bytes.indexOf(NEWLINE, at)
          const to = end < 0 ? bytes.length : end
          if (remark.length < remarkBytes)
            remark += bytes.toString('utf8', at, Math.min(to, at + remarkBytes))
          at = to
          if (end < 0) break
          state = 'plain'
          if (!isBegun) yield { kind: 'comment', text: remark.trim() }
          break
        }
        case 'block': {
          if (byte === NEWLINE) line++
          if (byte === STAR || byte === SLASH) {
            const next = bytes[at + 1]
            if (next === undefined && !isLast) return hold()
            if (byte === STAR && next === SLASH) nested--
            else if (byte === SLASH && next === STAR) nested++
            else {
              at++
              break
            }
            at += 2
            if (nested === 0) state = 'plain'
          } else at++
          break
        }
        case 'command': {
          const end = bytes.indexOf(NEWLINE, at)
          const to = end < 0 ? bytes.length : end
          if (spoken !== null && spoken.text.length < SHOWN_CHARACTERS)
            spoken.text += bytes.toString('utf8', at, Math.min(to, at + SHOWN_CHARACTERS))
          at = to
          from = at
          if (end < 0 && !isLast) return bytes.subarray(at)
          if (spoken !== null) yield { kind: 'command', ...spoken, text: spoken.text.trim() }
          spoken = null
          state = 'plain'
          break
        }
        case 'copy-line': {
          const end = bytes.indexOf(NEWLINE, at)
          if (end < 0) return Buffer.alloc(0)
          line++
          at = end + 1
          state = 'rows'
          isAtLineStart = true
          break
        }
        case 'rows': {
          const end = endOfRows(bytes, at, isAtLineStart, isLast)
          const rows = bytes.subarray(at, end.at)
          if (rows.length > 0) {
            const count = newlines(rows)
            line += count
            isAtLineStart = rows.at(-1) === NEWLINE
            yield { kind: 'rows', bytes: rows, count }
          }
          at = end.at
          if (end.length === null) return bytes.subarray(at)
          yield { kind: 'rows-end' }
          line++
          at += end.length
          state = 'plain'
          break
        }
      }
    }
    return hold()

    function begin(): void {
      isBegun = true
      startLine = line
      from = at
    }
  }

  return {
    read,
    *end(): Generator<Unit> {
      if (state === 'comment' && !isBegun) yield { kind: 'comment', text: remark.trim() }
      if (state === 'command' && spoken !== null)
        yield { kind: 'command', ...spoken, text: spoken.text.trim() }
      if (isBegun || state === 'rows' || state === 'copy-line' || state === 'block')
        yield { kind: 'cut', line }
    },
  }
}

function concat(held: Buffer, chunk: Buffer): Buffer {
  return held.length === 0 ? chunk : Buffer.concat([held, chunk])
}
