/**
 * Takes the literals out of SQL, so that no personal data and no password is stored or shown: strings of every kind,
 * numbers, bit strings, dollar quotes, comments. What cannot be read with certainty is masked, not kept.
 * Lexical rules: https://www.postgresql.org/docs/current/sql-syntax-lexical.html
 */
const PLACEHOLDER = '?'
/** Stands for a rest that could not be told apart with certainty. */
const REST = '…'

const IDENTIFIER = /[A-Za-z_\u0080-\uffff][A-Za-z0-9_$\u0080-\uffff]*/y
const NUMBER =
  /(?:0[xX][0-9a-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d+)?)/y
const PARAMETER = /\$\d+/y
const DOLLAR_TAG = /\$(?:[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*)?\$/y
const SPACE = /\s+/y
/** `SET app.token TO word`: the value of a setting of one's own may be anything, also without quotes. */
const OWN_SETTING = /\b(set\s+(?:local\s+|session\s+)?[\w"]+\s*\.\s*[\w"]+\s*(?:=|\bto\b)\s*)[^;]*/gi
const LIST = /\?(?:\s*,\s*\?)+/g
const ROWS = /(\(\?(?:, …)?\))(?:\s*,\s*\(\?(?:, …)?\))+/g

function match(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0] ?? null
}

/**
 * Where a quoted thing ends, after its closing quote.
 * @returns `null` where it does not end, or where a backslash before a quote leaves its end in doubt
 */
function quoteEnd(text: string, open: number, escapes: boolean): number | null {
  const quote = text[open]
  for (let at = open + 1; at < text.length; at++) {
    const character = text[at]
    if (character === '\\' && quote === "'") {
      if (escapes) at++
      // `standard_conforming_strings` may be off, and an E'' string may be continued on the next line without its E.
      else if (text[at + 1] === quote) return null
    } else if (character === quote) {
      if (text[at + 1] === quote) at++
      else return at + 1
    }
  }
  return null
}

/** Where a comment ends; block comments nest. One that does not end takes the rest. */
function commentEnd(text: string, at: number): number {
  if (text.startsWith('--', at)) {
    const end = text.slice(at).search(/[\r\n]/)
    return end === -1 ? text.length : at + end
  }
  let depth = 0
  for (let here = at; here < text.length; here++) {
    if (text.startsWith('/*', here)) {
      depth++
      here++
    } else if (text.startsWith('*/', here)) {
      depth--
      here++
      if (depth === 0) return here + 1
    }
  }
  return text.length
}

/** One token of a statement: what to keep of it, and where it ends. `end: null` gives up on the rest. */
interface Token {
  readonly kept: string
  readonly end: number | null
}

function quoted(text: string, open: number, escapes: boolean): Token {
  return { kept: PLACEHOLDER, end: quoteEnd(text, open, escapes) }
}

function afterIdentifier(text: string, at: number, word: string): Token {
  const end = at + word.length
  const prefix = word.toLowerCase()
  if (text[end] === "'" && ['e', 'b', 'x', 'n'].includes(prefix)) return quoted(text, end, prefix === 'e')
  if (prefix === 'u' && text[end] === '&' && text[end + 1] === "'") return quoted(text, end + 1, false)
  return { kept: word, end }
}

function token(text: string, at: number): Token {
  const character = text[at] ?? ''
  if (text.startsWith('--', at) || text.startsWith('/*', at)) return { kept: ' ', end: commentEnd(text, at) }
  const space = match(SPACE, text, at)
  if (space !== null) return { kept: ' ', end: at + space.length }
  if (character === "'") return quoted(text, at, false)
  if (character === '"') {
    const end = quoteEnd(text, at, false)
    return { kept: end === null ? '' : text.slice(at, end), end }
  }
  const word = match(IDENTIFIER, text, at)
  if (word !== null) return afterIdentifier(text, at, word)
  if (character === '$') {
    const parameter = match(PARAMETER, text, at)
    if (parameter !== null) return { kept: parameter, end: at + parameter.length }
    const tag = match(DOLLAR_TAG, text, at)
    if (tag !== null) {
      const close = text.indexOf(tag, at + tag.length)
      return { kept: PLACEHOLDER, end: close === -1 ? null : close + tag.length }
    }
  }
  const number = match(NUMBER, text, at)
  if (number !== null) return { kept: PLACEHOLDER, end: at + number.length }
  return { kept: character, end: at + 1 }
}

/**
 * A statement with `?` for each literal, without comments, in one line.
 * @param text as `pg_stat_activity` gives it: it may be cut anywhere, also within a literal
 * @param maxLength characters to keep
 */
export function maskStatement(text: string, maxLength = 600): string {
  let masked = ''
  for (let at: number | null = 0; at < text.length; ) {
    const { kept, end }: Token = token(text, at)
    masked += kept
    if (end === null) {
      masked += REST
      break
    }
    at = end
  }
  const tidy = masked
    .replace(/\s+/g, ' ')
    .replace(OWN_SETTING, `$1${PLACEHOLDER}`)
    .replace(LIST, '?, …')
    .replace(ROWS, '$1, …')
    .trim()
  return tidy.length <= maxLength ? tidy : `${tidy.slice(0, maxLength - 1)}${REST}`
}
