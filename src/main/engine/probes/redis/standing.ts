/** What lasts of a Redis server: its run, its role and version, and those of its settings that hold no secret. */
import type { Standing } from '../../standing.ts'
import type { RedisInfo } from './info.ts'

/** People change them by hand; what was changed should be seen while it still matters. */
export const SETTINGS_EVERY_MS = 60_000

/**
 * What is asked for, as `CONFIG GET` takes it. Passwords (`requirepass`, `masterauth`, `tls-key-file-pass` and those to come) are
 * never asked for: this list names what is wanted, not what is not.
 */
const PATTERNS = [
  'active*',
  'append*',
  'client-output-buffer-limit',
  'client-query-buffer-limit',
  'databases',
  'hz',
  'io-threads',
  'latency-monitor-threshold',
  'lazyfree-*',
  'maxclients',
  'maxmemory*',
  'min-replicas-*',
  'notify-keyspace-events',
  'protected-mode',
  'repl-*',
  'replica-priority',
  'replica-read-only',
  'save',
  'slowlog-*',
  'stop-writes-on-bgsave-error',
  'tcp-keepalive',
  'timeout',
] as const

/**
 * The settings by name; `null` where the server does not let us ask.
 * @param ask one `CONFIG GET`; `null` where it is refused
 */
export async function askSettings(
  ask: (...patterns: string[]) => Promise<unknown>,
  info: RedisInfo,
): Promise<Record<string, string> | null> {
  // From 7.0 on it takes several patterns at once.
  const answers = takesSeveral(info)
    ? [await ask(...PATTERNS)]
    : await Promise.all(PATTERNS.map((pattern) => ask(pattern)))
  if (answers.some((answer) => answer === null)) return null
  return Object.fromEntries(answers.flatMap(pairs))
}

function takesSeveral({ version }: RedisInfo): boolean {
  return version !== null && Number.parseInt(version.replace(/^\D+/, ''), 10) >= 7
}

/** A list of names and values in turn. */
function pairs(answer: unknown): [string, string][] {
  if (!Array.isArray(answer)) return []
  const words: string[] = answer.map(String)
  return words.flatMap((name, at): [string, string][] =>
    at % 2 === 0 ? [[name, (words[at + 1] ?? '').slice(0, 200)]] : [],
  )
}

/** @param of empty where there is one server, which may be moved to another address; else the server's own */
export function standingOf(
  of: string,
  info: RedisInfo,
  settings: Record<string, string> | null,
  now: number,
): Standing {
  const { runId, role, uptimeSeconds, version, serverTimeMs } = info
  return {
    of,
    ...(version !== null && { version }),
    ...(runId !== null && {
      run: {
        id: runId,
        startedAt: uptimeSeconds === null ? null : Math.round((serverTimeMs ?? now) - uptimeSeconds * 1000),
      },
    }),
    ...(role !== null && { role: role === 'slave' ? ('replica' as const) : ('primary' as const) }),
    ...(settings !== null && { settings }),
  }
}
