/** What a ready endpoint says of its dependencies: a word for each, whatever shape the answer has. */
import { z } from 'zod'

const MOST = 50
/** Where answers keep them: health+json drafts, Spring's actuator, FastAPI habits. */
const PLACES = ['dependencies', 'checks', 'components', 'services', 'details', 'results']
/** Where one of them keeps its word. */
const WORDS = ['status', 'state', 'health', 'healthy', 'ok', 'result', 'ready', 'up', 'connected']
const GOOD = new Set([
  ...['ok', 'okay', 'up', 'pass', 'passed', 'passing', 'healthy', 'true', 'ready', 'connected', 'available'],
  ...[
    'green',
    'alive',
    'operational',
    'success',
    'running',
    'good',
    'warn',
    'degraded-ok',
    'enabled',
    'live',
  ],
])
/** A status word; anything longer may be an error message with an address or a password in it. */
const WORD = /^[\p{L}\p{N} _-]{1,24}$/u

const Fields = z.record(z.string(), z.unknown())
const Named = z.array(z.looseObject({ name: z.string() }))

/** Dependencies by name with their word; `null` where the body tells none. */
export function parseDependencies(body: string): Record<string, string> | null {
  let parsed: unknown
  try {
    parsed = JSON.parse(body)
  } catch {
    return null
  }
  const fields = Fields.safeParse(parsed).data
  if (fields === undefined) return null
  const listed = PLACES.map((place) => fields[place]).find(
    (value) => typeof value === 'object' && value !== null,
  )
  if (listed === undefined) return null
  const named = Named.safeParse(listed).data
  const entries: [string, unknown][] =
    named === undefined
      ? Object.entries(Fields.safeParse(listed).data ?? {})
      : named.map((item) => [item.name, item])
  const words = entries.slice(0, MOST).flatMap(([name, value]) => {
    const word = wordOf(value)
    return word === null ? [] : [[name.slice(0, 60), word]]
  })
  return words.length === 0 ? null : Object.fromEntries(words)
}

function wordOf(value: unknown): string | null {
  if (typeof value === 'string') return WORD.test(value) ? value : 'failing'
  if (typeof value === 'boolean') return value ? 'ok' : 'failing'
  if (Array.isArray(value)) {
    const words = value.map(wordOf).filter((word) => word !== null)
    return words.find((word) => !isGood(word)) ?? words[0] ?? null
  }
  const fields = Fields.safeParse(value).data
  if (fields === undefined) return null
  const key = WORDS.find((word) => ['string', 'boolean'].includes(typeof fields[word]))
  return key === undefined ? null : wordOf(fields[key])
}

function isGood(word: string): boolean {
  return GOOD.has(word.toLowerCase())
}

/** Names of the dependencies that are not well, for a sentence; empty where all are. */
export function failing(dependencies: Record<string, string>): string[] {
  return Object.entries(dependencies)
    .filter(([, word]) => !isGood(word))
    .map(([name]) => name)
}
