/** What rules of the catalogue read that is more than the value of a metric. */
import type { Connection } from '#shared/model/connection.ts'
import type { Observation } from '#shared/model/observation.ts'
import type { Reason } from '#shared/model/reason.ts'
import { figure, labelledValues } from './metrics.ts'
import { NO_LABELS, type Reader, type Reading, single } from './reading.ts'
import { createStretch } from './stretch.ts'

/** A statement that was slow counts as long as the status of the pool keeps it in mind. */
const SLOW_MS = 30_000
const SLOW_STATEMENT_SECONDS = 1
/** Evictions for as long as this are no burst. */
const SUSTAINED_MS = 60_000
const HIT_RATE_MS = 300_000
const ENOUGH_LOOKUPS = 1_000

/** The longest of statements that were seen over a second within the last half minute, in milliseconds; 0: there were none. */
export function readSlowQueries(): Reader {
  let counted: number | null = null
  let slow: { at: number; ms: number } | null = null
  let begun: number | null = null
  return (seen) => {
    begun = Math.min(begun ?? seen.at, seen.at)
    const total = figure(seen, 'db_pool_slow_queries_total')
    const longest = figure(seen, 'db_longest_statement_seconds')
    if (total === null && longest === null) return [single(null)]
    const isNew = total !== null && counted !== null && total > counted
    counted = total ?? counted
    const ms = (longest ?? 0) * 1_000
    if (isNew || (longest ?? 0) > SLOW_STATEMENT_SECONDS) {
      const told = slow !== null && seen.at - slow.at < SLOW_MS ? slow.ms : 0
      // One that was counted ran for longer than the limit, whatever runs now.
      slow = { at: seen.at, ms: Math.round(Math.max(told, ms, SLOW_STATEMENT_SECONDS * 1_000 + 1)) }
    }
    const isRecent = slow !== null && Math.abs(seen.at - slow.at) < SLOW_MS
    if (!isRecent) slow = null
    // What was slow just before the first look is not known.
    return [single(slow?.ms ?? (seen.at - begun < SLOW_MS ? null : 0))]
  }
}

/**
 * Memory where being full means errors; where keys are evicted instead, whether that has gone on for a minute: such a Redis is
 * meant to be full. Of evictions that were there at the first look that is not known before a minute.
 */
export function readRedisMemory(): Reader {
  const evicting = createStretch()
  return (seen, unwatchedMs) => {
    // Whether it went on while nobody looked is not known: that time does not count.
    evicting.goOn(seen.at, unwatchedMs)
    const usage = figure(seen, 'redis_memory_usage')
    const memory = seen.evidence?.redisInfo?.memory
    const policy = memory?.maxmemory_policy ?? 'noeviction'
    const isBounded = Number(memory?.maxmemory ?? 0) > 0
    if (!isBounded || policy === 'noeviction') return [single(usage)]
    const evictions = figure(seen, 'redis_evictions_per_second')
    if (evictions === null) return [{ ...single(null), instead: EVICTIONS }]
    if (evictions <= 0) {
      evicting.end()
      return [{ ...single(0), instead: EVICTIONS }]
    }
    const { ms, isAtLeast } = evicting.length()
    return [{ ...single(ms >= SUSTAINED_MS ? evictions : isAtLeast ? null : 0), instead: EVICTIONS }]
  }
}
const EVICTIONS = { threshold: 0, clear: 0, unit: 'per-second' }

/** Percent of the lookups of the last five minutes that hit; not known while there are fewer than a thousand. */
export function readHitRate(): Reader {
  let before: number | null = null
  let window: { at: number; lookups: number; hits: number }[] = []
  return (seen) => {
    const hits = figure(seen, 'redis_keyspace_hits_total')
    const misses = figure(seen, 'redis_keyspace_misses_total')
    const rate = figure(seen, 'redis_hit_rate')
    if (hits === null || misses === null) return [single(null)]
    const lookups = before === null ? 0 : Math.max(0, hits + misses - before)
    before = hits + misses
    // The rate leaves out what the console itself looked up, which the counters do not.
    if (rate !== null && lookups > 0) window.push({ at: seen.at, lookups, hits: (lookups * rate) / 100 })
    window = window.filter(({ at }) => Math.abs(seen.at - at) < HIT_RATE_MS)
    const all = window.reduce((sum, one) => sum + one.lookups, 0)
    if (all < ENOUGH_LOOKUPS) return [single(null)]
    const found = window.reduce((sum, one) => sum + one.hits, 0)
    return [single(Math.round((found / all) * 1_000) / 10)]
  }
}

export const PATH_TIMES = ['http_path_duration_ms', 'http_path_duration_p95_ms']
export const SERVICE_TIMES = ['http_request_duration_ms', 'http_request_duration_p95_ms']

/** The mean or the 95th percentile of each request path, the slower; of the whole service where nothing is told of paths. */
export function readSlowPaths(): Reader {
  return (seen) => {
    const paths = labelledValues(seen.values, PATH_TIMES)
    if (paths.size > 0) {
      return [...paths.values()].map(({ labels, known }) => single(slower(known), labels))
    }
    return [single(slower(SERVICE_TIMES.map((name) => figure(seen, name))))]
  }
}

function slower(times: readonly (number | null)[]): number | null {
  const known = times.filter((ms) => ms !== null)
  return known.length === 0 ? null : Math.max(...known)
}

/** 1 where a save, the append-only file or a write has failed. */
export function readPersistence(): Reader {
  return (seen) => {
    const flags = [figure(seen, 'redis_last_save_ok'), figure(seen, 'redis_aof_ok')]
    if (seen.reason.code === 'redis-writes-refused' || flags.includes(0)) return [single(1)]
    return [single(flags.includes(1) ? 0 : null)]
  }
}

/** What is read of a deployment as a whole. */
export interface Whole {
  readonly connection: Connection
  /** The newest look at each target that was looked at. */
  readonly looks: readonly Pick<Observation, 'reason' | 'status'>[]
  /** Alerts of it that fire, this rule's own left out. */
  readonly active: number
  /** `null`: not known yet. */
  readonly backups: BackupStanding | null
}

/** How a deployment stands with its backups. */
export interface BackupStanding {
  /** `null`: none are wanted. Seconds. */
  readonly recoveryPoint: { readonly age: number; readonly limit: number } | null
  /** Why the latest drill failed; `null`: it did not, or there was none. */
  readonly drillProblem: Reason | null
}
export type WholeReader = (whole: Whole) => Reading

const KEY_CHANGED: ReadonlySet<string> = new Set(['host-key-changed', 'host-key-revoked'])
/** Failures after which nobody knows whether anything is there; a refused connection says that a machine is. */
const NOBODY_THERE: ReadonlySet<string> = new Set([
  'host-unknown',
  'resolver-silent',
  'tcp-silent',
  'tcp-unreachable',
])

/** 1 where a hop on the way is down or, without hops, where no target's machine answers. */
export function readUnreachable({ connection: { hops } }: Whole): Reading {
  const way = hops.filter(({ kind }) => kind === 'ssh')
  if (way.some(({ status, error }) => status !== 'CONNECTED' && error !== null)) return single(1)
  if (way.length > 0) return single(way.every(({ status }) => status === 'CONNECTED') ? 0 : null)
  // One target that is gone is down; all of several are behind something that is.
  if (hops.length > 1 && hops.every(({ error }) => error !== null && NOBODY_THERE.has(error.code)))
    return single(1)
  return single(hops.some(({ status }) => status === 'CONNECTED' || status === 'REFUSED') ? 0 : null)
}

/** 1 where a host on the way shows another key than the one that is known, or a revoked one. */
export function readHostKeyChanged({ connection: { hops }, looks }: Whole): Reading {
  const isChanged =
    hops.some(({ error }) => error !== null && KEY_CHANGED.has(error.code)) ||
    looks.some(({ reason }) => KEY_CHANGED.has(reason.code))
  if (isChanged) return single(1)
  const isUp = hops.length > 0 && hops.every(({ kind, status }) => kind !== 'ssh' || status === 'CONNECTED')
  return single(isUp ? 0 : null)
}

/** How long ago the moment of the last complete backup was. Where none are wanted, nothing is too old. */
export function readBackupAge({ backups }: Whole): Reading {
  if (backups === null) return single(null)
  if (backups.recoveryPoint === null) return single(0)
  const { age, limit } = backups.recoveryPoint
  return { ...single(age), instead: { threshold: limit, clear: limit, unit: 'seconds' } }
}

/** 1 where the latest drill could not restore its backup. */
export function readDrillFailed({ backups }: Whole): Reading {
  if (backups === null) return single(null)
  const { drillProblem } = backups
  if (drillProblem === null) return single(0)
  // What a server said may have values of rows in it, and alerts go to chats: it is read in the console alone.
  return { ...single(1), ...(!('words' in drillProblem.params) && { because: drillProblem }) }
}

export function readActive({ active }: Whole): Reading {
  return { labels: NO_LABELS, value: active, of: 0, unknown: 0 }
}
