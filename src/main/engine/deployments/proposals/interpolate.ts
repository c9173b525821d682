/**
 * Variables within values, as Compose and dotenv know them: `$NAME`, `${NAME}`, `${NAME:-default}`, `${NAME-default}`,
 * `${NAME:?message}`, `${NAME:+instead}`, `$$`; defaults may hold variables again.
 */

export interface Interpolated {
  readonly text: string
  /** Names that have neither a value nor a default. */
  readonly missing: readonly string[]
}

/** Variables that hold variables can grow a value without end: it is cut here. */
const LONGEST = 65_536
const DEEPEST = 8
const NAME = /^[A-Za-z_][A-Za-z0-9_]*/

/**
 * @param lookup answers `undefined` for a name that is not set
 * @param unset what becomes of a bare `$NAME` that is not set: Compose takes it for empty, to dotenv it is no variable
 */
export function interpolate(
  text: string,
  lookup: (name: string) => string | undefined,
  unset: 'empty' | 'as-it-stands',
  depth = 0,
): Interpolated {
  if (!text.includes('$')) return { text, missing: [] }
  const missing: string[] = []
  let result = ''
  let at = 0
  while (at < text.length && result.length < LONGEST) {
    const dollar = text.indexOf('$', at)
    if (dollar < 0) break
    result += text.slice(at, dollar)
    if (text[dollar + 1] === '$') {
      result += '$'
      at = dollar + 2
      continue
    }
    if (text[dollar + 1] === '{') {
      const end = endOfBraces(text, dollar + 2)
      const expanded = end < 0 ? null : expand(text.slice(dollar + 2, end))
      result += expanded ?? '${'
      at = expanded === null ? dollar + 2 : end + 1
      continue
    }
    const name = NAME.exec(text.slice(dollar + 1, dollar + 130))?.[0]
    at = dollar + 1 + (name?.length ?? 0)
    if (name === undefined) {
      result += '$'
      continue
    }
    const value = lookup(name)
    if (value !== undefined) result += value
    else if (unset === 'as-it-stands') result += `$${name}`
    else missing.push(name)
  }
  return { text: (result + text.slice(at)).slice(0, LONGEST), missing }

  /** `null` where it is no variable. */
  function expand(inner: string): string | null {
    const name = NAME.exec(inner)?.[0]
    if (name === undefined) return null
    const value = lookup(name)
    const rest = inner.slice(name.length)
    const [, colon = '', operator = '', word = ''] = /^(:?)([-?+])(.*)$/s.exec(rest) ?? []
    if (rest !== '' && operator === '') return null
    const isSet = value !== undefined && (colon === '' || value !== '')
    if (operator === '+') return isSet ? within(word) : ''
    if (isSet) return value
    if (operator === '-') return within(word)
    if (operator === '?' || value === undefined) missing.push(name)
    return ''
  }

  function within(word: string): string {
    if (depth >= DEEPEST) return word
    const inner = interpolate(word, lookup, unset, depth + 1)
    missing.push(...inner.missing)
    return inner.text
  }
}

function endOfBraces(text: string, from: number): number {
  let open = 1
  for (let at = from; at < Math.min(text.length, from + 4_096); at += 1) {
    if (text[at] === '{') open += 1
    if (text[at] === '}') open -= 1
    if (open === 0) return at
  }
  return -1
}
