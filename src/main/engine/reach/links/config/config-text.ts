/**
 * Splits the text of an OpenSSH client configuration into lines and words, as its own reader does (readconf.c and
 * misc.c of OpenSSH, `strdelim` and `argv_split`): `Keyword value`, `Keyword=value`, quotes, comments. Lines do not go on
 * in the next one.
 */

export interface ConfigLine {
  /** 1-based. */
  readonly line: number
  /** In lower case. */
  readonly keyword: string
  /** As it is written, for people; bounded. */
  readonly written: string
  /** All that follows the keyword, as it is written. */
  readonly rest: string
  /** What follows it, word by word, without quotes and comment. */
  readonly words: readonly string[]
  /** `no-value`: the keyword stands alone; `quotes`: one is not closed; `text`: it holds what is no text. */
  readonly fault: 'no-value' | 'quotes' | 'text' | null
}

const WHITESPACE = ' \t\r\n'
const WRITTEN_MAX = 60
/** NUL bytes, and what bytes become that are not UTF-8. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: a control character is what is looked for
const NO_TEXT = /[\u0000\ufffd]/

/** The lines that say something; empty ones and comments are left out. */
export function parseConfig(text: string): ConfigLine[] {
  return text.split('\n').flatMap((raw, index) => parseLine(raw, index + 1) ?? [])
}

function parseLine(raw: string, line: number): ConfigLine | null {
  const trimmed = raw.replace(/[ \t\r\n\f]+$/, '')
  let split = delimited(trimmed)
  // White space at the beginning makes an empty first word.
  if (split?.word === '') split = split.rest === null ? null : delimited(split.rest)
  if (split === null || split.word === '' || split.word.startsWith('#')) return null
  const written = split.word.slice(0, WRITTEN_MAX)
  const rest = skip(split.rest ?? '', WHITESPACE)
  const entry = { line, keyword: split.word.toLowerCase(), written, rest }
  if (NO_TEXT.test(trimmed)) return { ...entry, words: [], fault: 'text' }
  if (rest === '') return { ...entry, words: [], fault: 'no-value' }
  const words = splitWords(rest)
  return words === null ? { ...entry, words: [], fault: 'quotes' } : { ...entry, words, fault: null }
}

/** The first word and what is after it; one `=` between them is passed over. `null`: a quote that is not closed. */
function delimited(text: string): { word: string; rest: string | null } | null {
  const at = text.search(/[ \t\r\n"=]/)
  if (at === -1) return { word: text, rest: null }
  if (text[at] === '"') {
    const opened = text.slice(0, at) + text.slice(at + 1)
    const end = opened.indexOf('"', at)
    return end === -1 ? null : { word: opened.slice(0, end), rest: skip(opened.slice(end + 1), WHITESPACE) }
  }
  const rest = skip(text.slice(at + 1), WHITESPACE)
  const equals = text[at] !== '=' && rest.startsWith('=')
  return { word: text.slice(0, at), rest: equals ? skip(rest.slice(1), WHITESPACE) : rest }
}

/** Without these characters at its beginning. */
export function skip(text: string, characters: string): string {
  let at = 0
  while (at < text.length && characters.includes(text[at] ?? '')) at += 1
  return text.slice(at)
}

/** `null` where a quote is not closed. */
function splitWords(text: string): string[] | null {
  const words: string[] = []
  let at = 0
  for (;;) {
    at += text.length - at - skip(text.slice(at), ' \t').length
    if (at >= text.length || text[at] === '#') return words
    let word = ''
    let quote: string | null = null
    for (; at < text.length; at += 1) {
      const here = text[at] ?? ''
      const next = text[at + 1] ?? ''
      if (
        here === '\\' &&
        (next === "'" || next === '"' || next === '\\' || (quote === null && next === ' '))
      ) {
        word += next
        at += 1
      } else if (quote === null && (here === ' ' || here === '\t')) break
      else if (quote === null && (here === '"' || here === "'")) quote = here
      else if (here === quote) quote = null
      else word += here
    }
    if (quote !== null) return null
    words.push(word)
  }
}
