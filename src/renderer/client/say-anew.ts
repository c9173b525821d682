/** What the console said in words is asked for again once the page speaks another language. */
import type { Query, QueryClient } from '@tanstack/react-query'

/** Rooms whose answers are codes and figures, which the page puts in words itself; some are pushed, and some ask a target each time. */
const WORDLESS: ReadonlySet<unknown> = new Set([
  ...['session', 'live', 'questions', 'hosts', 'secrets', 'history', 'metrics'],
  ...['database', 'redisServer', 'logs'],
])

export async function sayAnew(cache: QueryClient): Promise<void> {
  // What is on its way for the first time is in the words of before, and would not be asked for again.
  await cache.cancelQueries({ predicate: hasWords })
  await cache.invalidateQueries({ predicate: hasWords })
}

/** Why something failed is in words everywhere. */
function hasWords({ queryKey: [path], state }: Query): boolean {
  if (!Array.isArray(path)) return false
  const [room, procedure] = path
  const isWordless = WORDLESS.has(room) || (room === 'alerts' && procedure === 'live')
  return !isWordless || state.error !== null
}
