/**
 * Redis: PING's round trip, `INFO`, and the slow log when something new is in it. What its access list forbids is
 * unknown, by name; the rest is still told.
 */
import { PROBE_INTERVAL_MS } from '#shared/catalogue/probes.ts'
import { type Failure, isFailure } from '#shared/model/failure.ts'
import type { MetricValues } from '#shared/model/observation.ts'
import { ReachError } from '../../reach/reach.ts'
import { boundEvidence } from '../evidence.ts'
import { increase, percentOf, perSecond, round, unknownValues } from '../figures.ts'
import { byBadness, type Finding, type HeldLimits, judgeLimits, type LimitOverrides } from '../limits.ts'
import type { Look, LookContext, Probe } from '../probe.ts'
import { failureReason, reason } from '../reason.ts'
import { tellsOfTarget } from '../tells-of-target.ts'
import { type Lookups, slideWindow, windowHitRate } from './hit-rate.ts'
import { parseInfo, type RedisInfo, readInfo } from './info.ts'
import { persistenceAge } from './persistence.ts'
import { hasNews, parseSlowLog, rememberSlowLog, SLOW_LOG_FETCHED, type SlowLogMemory } from './slow-log.ts'

/** How often the `save` setting is asked for: people change it by hand, rarely. */
const SAVE_SETTING_EVERY_MS = 300_000

interface RedisMemory {
  /** Monotonic, as all times in here. */
  readonly at: number
  readonly info: RedisInfo
  readonly slowLog: SlowLogMemory | null
  readonly snapshots: boolean | null
  readonly snapshotsAt: number
  readonly lookups: readonly Lookups[]
  readonly held: HeldLimits
}

export const redis: Probe<RedisMemory> = {
  id: 'redis',
  intervalMs: PROBE_INTERVAL_MS.redis,
  timeoutMs: 4_000,
  targets: (profile) => profile.redis.map(({ name }) => name),
  look,
  unreachable,
}

/** Access lists deny a command by name; hosted servers rename it away, and then it is not known. */
const FORBIDDEN = ['redis-command-denied', 'redis-command-failed'] as const

/** What a command answered, or that this user may not run it. */
type Allowed = { readonly answer: unknown } | { readonly forbidden: true }

async function look(context: LookContext<RedisMemory>): Promise<{ look: Look; memory: RedisMemory }> {
  const { now, monotonic, profile, reach, signal, target, timeoutMs } = context
  const session = reach.redis(target)
  const limits = { signal, timeoutMs }
  const ask = async (name: string, ...args: (string | number)[]): Promise<Allowed> => {
    try {
      return { answer: await session.command(name, args, limits) }
    } catch (error) {
      if (error instanceof ReachError && isFailure(error.failure, ...FORBIDDEN)) return { forbidden: true }
      throw error
    }
  }
  const forbidden: string[] = []
  const answerOf = (allowed: Allowed, name: string): unknown => {
    if ('answer' in allowed) return allowed.answer
    forbidden.push(name)
    return null
  }

  answerOf(await ask('PING'), 'PING')
  const latencyMs = session.latencyMs === null ? null : round(session.latencyMs)
  const began = monotonic()
  const [infoAnswer, newestAnswer] = await Promise.all([ask('INFO'), ask('SLOWLOG', 'GET', 1)])
  const text = String(answerOf(infoAnswer, 'INFO') ?? '')
  const newest = answerOf(newestAnswer, 'SLOWLOG')
  const sections = parseInfo(text)
  const info = readInfo(sections)

  // Another run of the server: its counters, its slow log and perhaps its settings started over.
  const before = context.memory?.info.runId === info.runId ? context.memory : null
  let slowLog: SlowLogMemory | null = null
  if (Array.isArray(newest)) {
    slowLog = before?.slowLog ?? null
    if (hasNews(slowLog, parseSlowLog(newest))) {
      const fetched = answerOf(await ask('SLOWLOG', 'GET', SLOW_LOG_FETCHED), 'SLOWLOG')
      slowLog = rememberSlowLog(slowLog, parseSlowLog(fetched))
    }
  }
  let { snapshots, snapshotsAt } = before ?? { snapshots: null, snapshotsAt: Number.NEGATIVE_INFINITY }
  if (began - snapshotsAt >= SAVE_SETTING_EVERY_MS) {
    snapshots = saveSetting(answerOf(await ask('CONFIG', 'GET', 'save'), 'CONFIG'))
    snapshotsAt = began
  }

  const hits = increase(before?.info.hits, info.hits)
  const misses = increase(before?.info.misses, info.misses)
  const lookups =
    hits === null || misses === null
      ? (before?.lookups ?? [])
      : slideWindow(before?.lookups ?? [], { at: began, hits, misses })
  const values = redisValues(info, before, {
    latencyMs,
    elapsedMs: before === null ? 0 : elapsed(before, info, began),
    hits,
    misses,
    slowLog,
    persistenceAgeSeconds: persistenceAge(info, snapshots, now),
  })
  const { findings, held } = redisFindings(values, info, {
    overrides: profile.limits,
    held: context.memory?.held ?? {},
    hitRate: windowHitRate(lookups),
    infoForbidden: forbidden.includes('INFO'),
  })
  const worst = findings[0]
  return {
    look: {
      status: worst?.status ?? 'HEALTHY',
      reason:
        worst?.reason ??
        reason('redis-healthy', { latency: latencyMs ?? 0, clients: info.connectedClients ?? 0 }),
      values,
      evidence: boundEvidence({
        redisInfo: sections,
        ...(slowLog === null ? {} : { slowLog: [...slowLog.entries] }),
        facts: {
          ...(info.version === null ? {} : { version: info.version }),
          ...(info.role === null ? {} : { role: info.role === 'slave' ? 'replica' : 'primary' }),
          ...(forbidden.length === 0 ? {} : { forbidden: [...new Set(forbidden)].join(', ') }),
        },
      }),
      cost: { rows: slowLog?.entries.length ?? 0, bytes: Buffer.byteLength(text) },
    },
    memory: { at: began, info, slowLog, snapshots, snapshotsAt, lookups, held },
  }
}

/** Time between two looks by the server's own clock where it tells, which the way there does not distort. */
function elapsed(before: RedisMemory, info: RedisInfo, at: number): number {
  const { serverTimeMs } = before.info
  return serverTimeMs !== null && info.serverTimeMs !== null
    ? info.serverTimeMs - serverTimeMs
    : at - before.at
}

/** `CONFIG GET save` answers a list, or a map under RESP3; `null` where it does not say. */
function saveSetting(answer: unknown): boolean | null {
  const value: unknown = Array.isArray(answer)
    ? answer[1]
    : answer instanceof Map
      ? answer.get('save')
      : typeof answer === 'object' && answer !== null && 'save' in answer
        ? answer.save
        : null
  return typeof value === 'string' ? value.trim() !== '' : null
}

interface Measured {
  readonly latencyMs: number | null
  readonly elapsedMs: number
  readonly hits: number | null
  readonly misses: number | null
  readonly slowLog: SlowLogMemory | null
  readonly persistenceAgeSeconds: number | null
}

function redisValues(info: RedisInfo, before: RedisMemory | null, measured: Measured): MetricValues {
  const { elapsedMs, hits, misses } = measured
  const rate = (then: number | null | undefined, now: number | null) => {
    const value = perSecond(then, now, elapsedMs)
    return value === null ? null : round(value)
  }
  const flag = (value: boolean | null) => (value === null ? null : value ? 1 : 0)
  return {
    redis_connected: 1,
    redis_latency_ms: measured.latencyMs,
    redis_uptime_seconds: info.uptimeSeconds,
    redis_connected_clients: info.connectedClients,
    redis_blocked_clients: info.blockedClients,
    redis_memory_used_bytes: info.usedMemory,
    redis_memory_usage: percentOf(
      info.usedMemory,
      info.maxMemory !== null && info.maxMemory > 0 ? info.maxMemory : info.systemMemory,
    ),
    redis_memory_fragmentation_ratio: info.fragmentationRatio,
    redis_hit_rate: hits === null || misses === null ? null : percentOf(hits, hits + misses),
    redis_operations_per_second: rate(before?.info.commands, info.commands),
    redis_commands_processed_total: info.commands,
    redis_keys_total: info.keys,
    redis_expired_keys_total: info.expired,
    redis_evicted_keys_total: info.evicted,
    redis_slow_commands_total: measured.slowLog?.total ?? null,
    redis_persistence_age_seconds: measured.persistenceAgeSeconds,
    redis_last_save_ok: flag(info.lastSaveOk),
    redis_aof_ok: flag(info.aofOk),
    redis_replication_lag_seconds:
      info.role === 'slave' ? info.primaryHeardSecondsAgo : info.slowestReplicaSeconds,
    redis_evictions_per_second: rate(before?.info.evicted, info.evicted),
  }
}

/**
 * A cache that evicts is meant to be full: its memory is judged only where fullness means errors, under `noeviction`,
 * and under `volatile-…` where no key may be evicted.
 */
function fullMeansErrors(info: RedisInfo): boolean {
  const policy = info.maxMemoryPolicy ?? 'noeviction'
  if (info.maxMemory === 0 || policy === 'noeviction') return true
  return policy.startsWith('volatile-') && info.keysWithExpiry === 0
}

function redisFindings(
  values: MetricValues,
  info: RedisInfo,
  options: {
    readonly overrides: LimitOverrides
    readonly held: HeldLimits
    readonly hitRate: number | null
    readonly infoForbidden: boolean
  },
): { findings: Finding[]; held: HeldLimits } {
  const judged = judgeLimits({
    values: {
      ...values,
      redis_hit_rate: options.hitRate,
      redis_memory_usage: fullMeansErrors(info) ? (values.redis_memory_usage ?? null) : null,
    },
    overrides: options.overrides,
    held: options.held,
    params: {
      redis_memory_usage: {
        usedMiB: round((info.usedMemory ?? 0) / 2 ** 20, 1),
        ofMiB: round((info.maxMemory || info.systemMemory || 0) / 2 ** 20, 1),
      },
    },
  })
  const findings: Finding[] = []
  if (info.aofOk === false) findings.push({ status: 'CRITICAL', reason: reason('redis-append-only-failing') })
  if (info.lastSaveOk === false) findings.push({ status: 'CRITICAL', reason: reason('redis-save-failing') })
  if (info.primaryLinkUp === false) {
    findings.push(
      info.copiesPrimary
        ? { status: 'WARNING', reason: reason('redis-replication-copying') }
        : { status: 'CRITICAL', reason: reason('redis-replication-broken') },
    )
  }
  findings.push(...judged.findings)
  if (options.infoForbidden) findings.push({ status: 'WARNING', reason: reason('redis-info-forbidden') })
  return { findings: byBadness(findings), held: judged.held }
}

function unreachable(failure: Failure) {
  const values = unknownValues('redis')
  return {
    status: 'DISCONNECTED' as const,
    reason: failureReason(failure),
    values: tellsOfTarget(failure) ? { ...values, redis_connected: 0 } : values,
  }
}
