/**
 * A `.env` file as Compose and dotenv read it: `export`, blanks around `=`, comments, single quotes as they stand, double
 * quotes with escapes and over several lines, variables in what is not in single quotes.
 */
import { interpolate } from './interpolate.ts'
import type { Found } from './sketch.ts'

export type Variables = ReadonlyMap<string, Found>

export interface ReadEnv {
  readonly variables: Variables
  /** Lines that are no assignment, none of them repeated here: a secret may stand there by mistake. */
  readonly badLines: readonly number[]
  /** Lines on which a quote is opened that never ends. */
  readonly openQuotes: readonly number[]
  /** Variables that are referred to and have no value, with the line of the reference. */
  readonly missing: readonly { readonly name: string; readonly line: number }[]
}

const ASSIGNMENT = /^\s*(?:export\s+|set\s+)?([A-Za-z_][A-Za-z0-9_.-]*)\s*=\s*(.*)$/s

export function isAssignment(line: string): boolean {
  return ASSIGNMENT.test(line)
}

/** Never throws, and takes time in proportion to the text. `given`: variables from beside the text, which it may use. */
export function readEnv(text: string, given: Variables = new Map()): ReadEnv {
  const variables = new Map<string, Found>()
  const badLines: number[] = []
  const openQuotes: number[] = []
  const missing: { name: string; line: number }[] = []
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/)
  for (let index = 0; index < lines.length; index += 1) {
    const line = index + 1
    const source = lines[index] ?? ''
    if (/^\s*(#|$)/.test(source)) continue
    const [, name, raw = ''] = ASSIGNMENT.exec(source) ?? []
    if (name === undefined) {
      badLines.push(line)
      continue
    }
    const quote = raw[0]
    if (quote !== '"' && quote !== "'") {
      put(name, raw.replace(/(^|\s)#.*$/, '').trim(), line, true)
      continue
    }
    const quoted = quotedFrom(lines, index, raw.slice(1), quote)
    if (quoted === null) {
      openQuotes.push(line)
      continue
    }
    put(name, quote === '"' ? withoutEscapes(quoted.text) : quoted.text, line, quote === '"')
    index = quoted.last
  }
  return { variables, badLines, openQuotes, missing }

  function put(name: string, value: string, line: number, mayHoldVariables: boolean) {
    if (!mayHoldVariables) {
      variables.set(name, { value, line })
      return
    }
    const lookup = (wanted: string) => (variables.get(wanted) ?? given.get(wanted))?.value
    const read = interpolate(value, lookup, 'as-it-stands')
    missing.push(...read.missing.map((wanted) => ({ name: wanted, line })))
    variables.set(name, { value: read.text, line })
  }
}

/** As many lines as a private key has, and some. */
const LONGEST_QUOTATION = 200

function quotedFrom(
  lines: readonly string[],
  first: number,
  rest: string,
  quote: string,
): { text: string; last: number } | null {
  const parts: string[] = []
  const end = quote === '"' ? /^((?:[^"\\]|\\.)*)"/ : /^([^']*)'/
  for (let index = first; index < Math.min(lines.length, first + LONGEST_QUOTATION); index += 1) {
    const part = index === first ? rest : (lines[index] ?? '')
    const closed = end.exec(part)?.[1]
    if (closed !== undefined) return { text: [...parts, closed].join('\n'), last: index }
    parts.push(part)
  }
  return null
}

function withoutEscapes(text: string): string {
  return text.replaceAll(/\\(.)/g, (whole, escaped: string) => {
    if (escaped === 'n') return '\n'
    if (escaped === 'r') return '\r'
    if (escaped === 't') return '\t'
    // A dollar that is no variable: said as Compose says it, until variables have been replaced.
    if (escaped === '$') return '$$'
    return '"\\\''.includes(escaped) ? escaped : whole
  })
}
