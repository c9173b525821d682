/** What a server's slow log says now, and what of it only this console still remembers; never with arguments. */
import type { RedisAnswer, RedisSlowLog, RevealedCommand, SlowLogEntry } from '#shared/model/redis-server.ts'
import type { Asker } from './asker.ts'
import { numberIn } from './info.ts'
import type { Remembered } from './slow-log-memory.ts'

export const FETCHED = 128
const LISTED = 1_000

interface LoggedCommand extends Omit<SlowLogEntry, 'node' | 'onServer'> {
  /** As the server tells it: at most 32 words, each cut at 128 bytes. */
  readonly words: readonly string[]
}

const NAME = /^[A-Za-z][A-Za-z0-9_.|-]{0,40}$/
const MORE = /^\.\.\. \((\d+) more arguments\)$/

/** `[id, seconds, microseconds, [command, …], client?, name?]`: https://redis.io/docs/latest/commands/slowlog-get/ */
export function parseSlowLog(answer: unknown): LoggedCommand[] {
  if (!Array.isArray(answer)) return []
  return answer.flatMap((entry: unknown) => {
    if (!Array.isArray(entry)) return []
    const [id, seconds, micros, argv, client]: unknown[] = entry
    if (typeof id !== 'number' || typeof seconds !== 'number' || typeof micros !== 'number') return []
    const words = Array.isArray(argv) ? argv.map(String) : []
    const more = Number(MORE.exec(words.at(-1) ?? '')?.[1] ?? 0)
    const [name = ''] = words
    return {
      id,
      at: seconds * 1_000,
      durationMs: micros / 1_000,
      command: NAME.test(name) ? name.toUpperCase() : '?',
      arguments: Math.max(0, words.length - 1 - (more > 0 ? 1 : 0) + more),
      client: typeof client === 'string' && client !== '' ? client : null,
      words,
    }
  })
}

export interface AskedSlowLog {
  readonly entries: readonly SlowLogEntry[]
  readonly settings: Pick<RedisSlowLog, 'slowerThanMs' | 'keeps'>
}

export async function askSlowLog(asker: Asker, node: string): Promise<AskedSlowLog> {
  const [log, settings] = await Promise.all([
    asker.ask('SLOWLOG GET', FETCHED),
    asker.ask('CONFIG GET', 'slowlog-*'),
  ])
  const entries = parseSlowLog(log).map(({ words: _, ...entry }) => ({ ...entry, node, onServer: true }))
  return { entries, settings: settingsOf(settings) }
}

function settingsOf(answer: unknown): AskedSlowLog['settings'] {
  const words = Array.isArray(answer) ? answer.map(String) : []
  const of = (name: string) => numberIn(words[words.indexOf(name) + 1])
  const micros = words.includes('slowlog-log-slower-than') ? of('slowlog-log-slower-than') : null
  return {
    slowerThanMs: micros === null ? null : micros / 1_000,
    keeps: words.includes('slowlog-max-len') ? of('slowlog-max-len') : null,
  }
}

export function slowLogOf(
  remembered: Remembered,
  { settings }: Pick<AskedSlowLog, 'settings'>,
  frame: RedisAnswer,
): RedisSlowLog {
  const { entries, since, unseen, emptied } = remembered
  return { ...frame, entries: entries.slice(0, LISTED), since, unseen, emptied, ...settings }
}

/** The words of one entry; `null` where the server has it no longer. */
export async function revealCommand(
  asker: Asker,
  { entry, at }: { entry: number; at: number },
): Promise<RevealedCommand | null> {
  const log = parseSlowLog(await asker.ask('SLOWLOG GET', FETCHED))
  const found = log.find((one) => one.id === entry && one.at === at)
  return found === undefined ? null : { at: asker.clock.now(), id: entry, command: [...found.words] }
}
