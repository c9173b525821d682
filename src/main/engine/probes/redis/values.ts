/** The metrics of one Redis server, and of the nodes of a cluster together. */
import type { MetricName } from '#shared/catalogue/metrics.ts'
import type { MetricValues } from '#shared/model/observation.ts'
import { percentOf, perSecond, round } from '../figures.ts'
import type { RedisInfo } from './info.ts'

export interface Measured {
  readonly isServing: boolean
  readonly latencyMs: number | null
  readonly elapsedMs: number
  readonly hits: number | null
  readonly misses: number | null
  readonly slowCommands: number | null
  readonly persistenceAgeSeconds: number | null
}

/** @param before of the same run of the same server; `null` at first */
export function redisValues(info: RedisInfo, before: RedisInfo | null, measured: Measured): MetricValues {
  const { elapsedMs, hits, misses } = measured
  const rate = (then: number | null | undefined, now: number | null) => {
    const value = perSecond(then, now, elapsedMs)
    return value === null ? null : round(value)
  }
  const flag = (value: boolean | null) => (value === null ? null : value ? 1 : 0)
  return {
    redis_connected: measured.isServing ? 1 : 0,
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
    redis_operations_per_second: rate(before?.commands, info.commands),
    redis_commands_processed_total: info.commands,
    redis_keys_total: info.keys,
    redis_expired_keys_total: info.expired,
    redis_evicted_keys_total: info.evicted,
    redis_slow_commands_total: measured.slowCommands,
    redis_persistence_age_seconds: measured.persistenceAgeSeconds,
    redis_last_save_ok: flag(info.lastSaveOk),
    redis_aof_ok: flag(info.aofOk),
    redis_replication_lag_seconds:
      info.role === 'slave' ? info.primaryHeardSecondsAgo : info.slowestReplicaSeconds,
    redis_evictions_per_second: rate(before?.evicted, info.evicted),
    // Seconds of work in a second are a share of one processor.
    redis_cpu_percent: percentOf(perSecond(before?.cpuSeconds, info.cpuSeconds, elapsedMs), 1),
    redis_clients_usage: percentOf(info.connectedClients, info.maxClients),
    redis_connections_received_total: info.connectionsReceived,
    redis_rejected_connections_total: info.connectionsRejected,
    redis_client_buffers_bytes: info.clientBuffers,
    redis_client_output_buffer_bytes: info.longestOutputBuffer,
    redis_keyspace_hits_total: info.hits,
    redis_keyspace_misses_total: info.misses,
    redis_errors_total: info.errors,
    redis_network_input_bytes_per_second: rate(before?.networkInput, info.networkInput),
    redis_network_output_bytes_per_second: rate(before?.networkOutput, info.networkOutput),
    redis_memory_rss_bytes: info.residentMemory,
    redis_changes_since_save: info.changesSinceSave,
    redis_fork_ms: info.lastForkMs,
    redis_connected_replicas: info.connectedReplicas,
    redis_replication_lag_bytes: info.furthestReplicaBytes,
    redis_primary_link_up: flag(info.primaryLinkUp),
    redis_cluster_ok: null,
    redis_cluster_slots_unserved: null,
  }
}

type RedisMetric = Extract<MetricName, `redis_${string}`>

/**
 * How the nodes' figures become the cluster's. `sum`: of all nodes. `sum-of-primaries`: replicas hold the same keys again.
 * `most`, `least`: the worst node stands for all.
 */
const TOGETHER: Record<
  Exclude<RedisMetric, 'redis_hit_rate' | 'redis_cluster_ok' | 'redis_cluster_slots_unserved'>,
  'sum' | 'sum-of-primaries' | 'most' | 'least'
> = {
  redis_connected: 'most',
  redis_latency_ms: 'most',
  redis_uptime_seconds: 'least',
  redis_connected_clients: 'sum',
  redis_blocked_clients: 'sum',
  redis_memory_used_bytes: 'sum',
  redis_memory_usage: 'most',
  redis_memory_fragmentation_ratio: 'most',
  redis_operations_per_second: 'sum',
  redis_commands_processed_total: 'sum',
  redis_keys_total: 'sum-of-primaries',
  redis_expired_keys_total: 'sum-of-primaries',
  redis_evicted_keys_total: 'sum-of-primaries',
  redis_slow_commands_total: 'sum',
  redis_persistence_age_seconds: 'most',
  redis_last_save_ok: 'least',
  redis_aof_ok: 'least',
  redis_replication_lag_seconds: 'most',
  redis_evictions_per_second: 'sum-of-primaries',
  redis_cpu_percent: 'most',
  redis_clients_usage: 'most',
  redis_connections_received_total: 'sum',
  redis_rejected_connections_total: 'sum',
  redis_client_buffers_bytes: 'sum',
  redis_client_output_buffer_bytes: 'most',
  redis_keyspace_hits_total: 'sum',
  redis_keyspace_misses_total: 'sum',
  redis_errors_total: 'sum',
  redis_network_input_bytes_per_second: 'sum',
  redis_network_output_bytes_per_second: 'sum',
  redis_memory_rss_bytes: 'sum',
  redis_changes_since_save: 'sum-of-primaries',
  redis_fork_ms: 'most',
  redis_connected_replicas: 'sum',
  redis_replication_lag_bytes: 'most',
  redis_primary_link_up: 'least',
}

export interface NodeFigures {
  readonly isPrimary: boolean
  readonly values: MetricValues
  readonly hits: number | null
  readonly misses: number | null
}

/**
 * @param isWhole whether every node that the cluster thinks well was seen: a sum without one of them would be wrong, so it
 * is not known then. Of the worst node it is, as far as was seen.
 */
export function togetherValues(nodes: readonly NodeFigures[], isWhole: boolean): MetricValues {
  const together: MetricValues = {}
  for (const [metric, how] of Object.entries(TOGETHER)) {
    const of = nodes.filter(({ isPrimary }) => how !== 'sum-of-primaries' || isPrimary)
    const values = of.map(({ values: all }) => all[metric] ?? null)
    const known = values.filter((value) => value !== null)
    if (how === 'most') together[metric] = known.length === 0 ? null : Math.max(...known)
    else if (how === 'least') together[metric] = known.length === 0 ? null : Math.min(...known)
    else together[metric] = isWhole && known.length === values.length ? round(sum(known)) : null
  }
  const hits = nodes.map((node) => node.hits).filter((value) => value !== null)
  const misses = nodes.map((node) => node.misses).filter((value) => value !== null)
  const isKnown = hits.length === nodes.length && misses.length === nodes.length
  together.redis_hit_rate = isWhole && isKnown ? percentOf(sum(hits), sum(hits) + sum(misses)) : null
  return together
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0)
}
