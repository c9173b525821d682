/**
 * What may be shown of keys' names: the part that several of them share and that reads as a name somebody gave to a kind
 * of thing. What tells one from another (a number, an address, a token) may be personal data and is left out.
 */

/** What stands for names that nothing is recognised in. */
export const UNRECOGNISED = '*'

/** A part is a kind of thing only where so many of the keys have it. */
const SHARED_BY = 3
/** And of the second part so many percent of those with the first: names of people repeat too. */
const SHARED_PERCENT = 5

/** `user:…`, `:1:user:…` as Django writes it, `{user}:…` as a cluster wants it. */
const FIRST = /^((?::\d{1,3}:)?\{?([A-Za-z_][A-Za-z0-9_-]{0,39})\}?)([:./])(.*)$/s
const SECOND = /^([A-Za-z_][A-Za-z0-9_-]{0,39})([:./])/
/** `celery-task-meta-0b7e…`: a name and a token behind it, without a separator. */
const BEFORE_TOKEN = /^([A-Za-z][A-Za-z_-]{0,39}[_-])[0-9a-fA-F-]{6,}$/
const TOKEN = /\d{4}|[0-9a-fA-F]{12}|[0-9a-fA-F]{8}-/

interface Parts {
  readonly first: string
  readonly second: string | null
}

/**
 * The name under which each key may be shown, in their order: `session:*`, `user:profile:*`, or `*`.
 * @param known names that may be shown whole, as those of declared queues
 */
export function shownNames(keys: readonly string[], known: ReadonlySet<string> = new Set()): string[] {
  const parts = keys.map((key) => (known.has(key) ? null : partsOf(key)))
  const firsts = new Map<string, number>()
  const seconds = new Map<string, number>()
  for (const part of parts) {
    if (part === null) continue
    add(firsts, part.first)
    if (part.second !== null) add(seconds, part.first + part.second)
  }
  return keys.map((key, index) => {
    if (known.has(key)) return key
    const part = parts[index] ?? null
    if (part === null) return UNRECOGNISED
    const withFirst = firsts.get(part.first) ?? 0
    if (withFirst < SHARED_BY) return UNRECOGNISED
    const both = part.first + (part.second ?? '')
    const withBoth = part.second === null ? 0 : (seconds.get(both) ?? 0)
    const isShared = withBoth >= Math.max(SHARED_BY, (withFirst * SHARED_PERCENT) / 100)
    return `${isShared ? both : part.first}*`
  })
}

function partsOf(key: string): Parts | null {
  const [, head = '', name = '', separator = '', rest = ''] = FIRST.exec(key) ?? []
  if (name === '') {
    const [, before = ''] = BEFORE_TOKEN.exec(key) ?? []
    return before === '' ? null : { first: before, second: null }
  }
  if (TOKEN.test(name)) return null
  const [, second = '', next = ''] = SECOND.exec(rest) ?? []
  return {
    first: head + separator,
    second: second === '' || TOKEN.test(second) ? null : second + next,
  }
}

function add(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}
