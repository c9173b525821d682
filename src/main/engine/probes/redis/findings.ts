/** What is wrong with one Redis server, from its figures and what it says of itself; worst first. */
import type { LimitOverrides } from '#shared/catalogue/limits.ts'
import type { MetricValues } from '#shared/model/observation.ts'
import { round } from '../figures.ts'
import { byBadness, type Finding, type HeldLimits, judgeLimits } from '../limits.ts'
import { reason } from '../reason.ts'
import type { RedisInfo } from './info.ts'
import type { Missing, NodeReading } from './node-look.ts'

const MIB = 2 ** 20

/**
 * A cache that evicts is meant to be full: its memory is judged only where fullness means errors, under `noeviction`,
 * and under `volatile-…` where no key may be evicted.
 */
export function fullMeansErrors(info: RedisInfo): boolean {
  const policy = info.maxMemoryPolicy ?? 'noeviction'
  if (info.maxMemory === 0 || policy === 'noeviction') return true
  return policy.startsWith('volatile-') && info.keysWithExpiry === 0
}

/** What a server says of itself, whatever the limits are. */
export function nodeFindings({
  info,
  obstacle,
  outOfMemory,
  missing,
}: Pick<NodeReading, 'info' | 'obstacle' | 'outOfMemory' | 'missing'>): Finding[] {
  const findings: Finding[] = []
  const { connectedClients, maxClients } = info
  if (obstacle?.code === 'redis-writes-refused') {
    findings.push({ status: 'CRITICAL', reason: reason('redis-writes-refused') })
  }
  if (isFull(info) || (outOfMemory ?? 0) > 0) {
    findings.push({ status: 'CRITICAL', reason: reason('redis-out-of-memory', memoryParams(info)) })
  }
  if (connectedClients !== null && maxClients !== null && maxClients > 0 && connectedClients >= maxClients) {
    findings.push({ status: 'CRITICAL', reason: reason('redis-clients-full', { most: maxClients }) })
  }
  if (info.aofOk === false) findings.push({ status: 'CRITICAL', reason: reason('redis-append-only-failing') })
  if (info.lastSaveOk === false) findings.push({ status: 'CRITICAL', reason: reason('redis-save-failing') })
  if (info.primaryLinkUp === false) {
    findings.push(
      info.copiesPrimary
        ? { status: 'WARNING', reason: reason('redis-replication-copying') }
        : { status: 'CRITICAL', reason: reason('redis-replication-broken') },
    )
  }
  return [...findings, ...blindness(missing)]
}

/** Just below the limit it may refuse as well: what a command itself needs counts too. */
function isFull(info: RedisInfo): boolean {
  const { usedMemory, maxMemory, memoryNotCounted } = info
  if (usedMemory === null || maxMemory === null || maxMemory === 0) return false
  return usedMemory - (memoryNotCounted ?? 0) >= maxMemory && fullMeansErrors(info)
}

/** Without INFO almost nothing is known; without the others only their own figures are not. */
export function blindness({ forbidden, renamed, grant }: Missing): Finding[] {
  if (forbidden.includes('INFO')) {
    return [{ status: 'WARNING', reason: reason('redis-info-forbidden', { grant }) }]
  }
  return renamed.includes('INFO') ? [{ status: 'WARNING', reason: reason('redis-info-renamed') }] : []
}

/** The limits that a server crosses. */
export function limitFindings(
  values: MetricValues,
  info: RedisInfo,
  options: {
    readonly overrides: LimitOverrides
    readonly held: HeldLimits
    /** Percent over the window; `null` where too little was looked up. */
    readonly hitRate: number | null
  },
): { findings: Finding[]; held: HeldLimits } {
  return judgeLimits({
    values: {
      ...values,
      redis_hit_rate: options.hitRate,
      redis_memory_usage: fullMeansErrors(info) ? (values.redis_memory_usage ?? null) : null,
    },
    overrides: options.overrides,
    held: options.held,
    params: { redis_memory_usage: memoryParams(info) },
  })
}

export function memoryParams(info: RedisInfo) {
  return {
    usedMiB: round((info.usedMemory ?? 0) / MIB, 1),
    ofMiB: round((info.maxMemory || info.systemMemory || 0) / MIB, 1),
  }
}

/** Equals stay in their order: what a server says of itself goes before limits that are crossed because of it. */
export function worstFirst(...lists: readonly (readonly Finding[])[]): Finding[] {
  return byBadness(lists.flat())
}
