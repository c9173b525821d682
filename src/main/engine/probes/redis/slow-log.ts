/**
 * The slow log: how many commands ever entered it, and the newest of them without their arguments' values. Its length is
 * no counter; the entries' ids are: they grow by one and survive `SLOWLOG RESET`, and start over with the server.
 */
import type { SlowCommand } from '#shared/model/observation.ts'

/** Entries fetched when there are new ones, and entries shown. */
export const SLOW_LOG_FETCHED = 64
const SHOWN = 20

export interface SlowLogMemory {
  /** Of the newest entry at the last look; `null` where the log was empty. */
  readonly newestId: number | null
  /** The id that counts as the first: 0, or that of the first entry after the log was found empty. */
  readonly firstId: number | null
  /** Commands that entered the log. */
  readonly total: number
  readonly entries: readonly SlowCommand[]
}
const EMPTY_SLOW_LOG: SlowLogMemory = { newestId: null, firstId: null, total: 0, entries: [] }

const NAME = /^[A-Za-z][A-Za-z0-9_.|-]{0,40}$/
const MORE = /^\.\.\. \((\d+) more arguments\)$/

/** Entries as `SLOWLOG GET` answers: `[id, seconds, microseconds, [command, …], client?, name?]`. */
export function parseSlowLog(answer: unknown): SlowCommand[] {
  if (!Array.isArray(answer)) return []
  return answer.flatMap((entry: unknown) => {
    if (!Array.isArray(entry)) return []
    const [id, seconds, micros, argv, client]: unknown[] = entry
    if (typeof id !== 'number' || typeof seconds !== 'number' || typeof micros !== 'number') return []
    const words = Array.isArray(argv) ? argv.map(String) : []
    const more = Number(MORE.exec(words.at(-1) ?? '')?.[1] ?? 0)
    const [name = ''] = words
    return [
      {
        id,
        at: seconds * 1000,
        durationMs: micros / 1000,
        command: NAME.test(name) ? name.toUpperCase() : '?',
        arguments: Math.max(0, words.length - 1 - (more > 0 ? 1 : 0) + more),
        client: typeof client === 'string' && client !== '' ? client : null,
      },
    ]
  })
}

/** Whether the newest entry is another than at the last look: then the log is worth fetching. */
export function hasNews(before: SlowLogMemory | null, newest: readonly SlowCommand[]): boolean {
  return before === null || (newest[0]?.id ?? null) !== before.newestId
}

/**
 * Takes a fetched log in, newest entry first. A log that was emptied keeps its total; one that was empty at the first
 * look may have been emptied before, so counting starts with what enters later: a total never leaps.
 * @param before `null` at the first look
 */
export function rememberSlowLog(
  before: SlowLogMemory | null,
  entries: readonly SlowCommand[],
): SlowLogMemory {
  const newestId = entries[0]?.id ?? null
  if (newestId === null) return { ...(before ?? EMPTY_SLOW_LOG), newestId, entries: [] }
  const firstId = before === null ? 0 : (before.firstId ?? entries.at(-1)?.id ?? 0)
  return { newestId, firstId, total: newestId + 1 - firstId, entries: entries.slice(0, SHOWN) }
}
