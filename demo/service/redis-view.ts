/** What the service sees of its Redis, from `INFO` and `SLOWLOG GET`. */
import type { Redis } from 'ioredis'

type Sections = Record<string, Record<string, string>>

/** `INFO` as section → name → value; empty where Redis does not answer. */
export async function redisSections(redis: Redis): Promise<Sections> {
  let text: string
  try {
    text = await redis.info()
  } catch {
    return {}
  }
  const sections: Sections = {}
  let section: Record<string, string> = {}
  for (const line of text.split('\r\n')) {
    if (line.startsWith('# ')) {
      section = {}
      sections[line.slice(2).toLowerCase()] = section
    } else if (line.includes(':')) {
      section[line.slice(0, line.indexOf(':'))] = line.slice(line.indexOf(':') + 1)
    }
  }
  return sections
}

/** The metrics that need no interval: rates are left to whoever looks twice. */
export async function redisMetrics(redis: Redis): Promise<Record<string, number | null>> {
  const asked = performance.now()
  const sections = await redisSections(redis)
  const facts = Object.assign({}, ...Object.values(sections)) as Record<string, string>
  const known = Object.keys(facts).length > 0
  const number = (name: string) => (facts[name] === undefined ? null : Number(facts[name]))
  const maxmemory = number('maxmemory') ?? 0
  const used = number('used_memory')
  return {
    redis_connected: known ? 1 : 0,
    redis_latency_ms: known ? performance.now() - asked : null,
    redis_uptime_seconds: number('uptime_in_seconds'),
    redis_connected_clients: number('connected_clients'),
    redis_blocked_clients: number('blocked_clients'),
    redis_memory_used_bytes: used,
    redis_memory_usage: used === null || maxmemory === 0 ? null : (100 * used) / maxmemory,
    redis_memory_fragmentation_ratio: number('mem_fragmentation_ratio'),
    redis_commands_processed_total: number('total_commands_processed'),
    redis_expired_keys_total: number('expired_keys'),
    redis_evicted_keys_total: number('evicted_keys'),
    redis_keys_total: known ? keys(sections.keyspace ?? {}) : null,
  }
}

function keys(keyspace: Record<string, string>): number {
  return Object.values(keyspace).reduce((sum, line) => sum + Number(/keys=(\d+)/.exec(line)?.[1] ?? 0), 0)
}

/** Newest entries of the slow log: commands without their arguments. */
export async function redisSlowLog(redis: Redis): Promise<unknown[]> {
  let entries: unknown
  try {
    entries = await redis.call('SLOWLOG', 'GET', '32')
  } catch {
    return []
  }
  if (!Array.isArray(entries)) return []
  return entries.map(([id, at, micros, command, client]: [number, number, number, string[], string]) => ({
    id,
    at: new Date(at * 1_000).toISOString(),
    durationMs: micros / 1_000,
    command: command[0] ?? '',
    arguments: command.length - 1,
    client: client === '' ? null : client,
  }))
}
