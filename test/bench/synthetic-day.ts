/** A day of one deployment's observations as probes make them: steady traffic with a daily shape, noise, and some trouble. */
import { labelled } from '../../src/shared/catalogue/labelled.ts'
import { PROBE_IDS, PROBE_INTERVAL_MS, type ProbeId } from '../../src/shared/catalogue/probes.ts'
import type { Status } from '../../src/shared/catalogue/statuses.ts'
import type { MetricValues, Observation } from '../../src/shared/model/observation.ts'

/** Numbers in [0, 1) that are the same in every run (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Observations of one probe, ascending in time; the scheduler's jitter included. */
export function* syntheticDay(
  deployment: string,
  probe: ProbeId,
  from: number,
  lengthMs = 86_400_000,
  seed = 1,
): Generator<Observation> {
  const random = createRandom(seed + PROBE_IDS.indexOf(probe))
  const make = MAKERS[probe]({ random, normal: () => random() + random() + random() - 1.5 })
  for (let at = from; at < from + lengthMs; at += PROBE_INTERVAL_MS[probe]) {
    const load = 0.55 - 0.4 * Math.cos((2 * Math.PI * at) / 86_400_000)
    const { status, values } = make(load, PROBE_INTERVAL_MS[probe] / 1_000)
    yield {
      deployment,
      probe,
      target: probe === 'pool' ? 'postgres' : 'main',
      at: at + Math.floor(random() * 60),
      status,
      reason: { code: 'healthy', params: {} },
      values,
      cost: { ms: 1, rows: 1, bytes: 1 },
    }
  }
}

interface Noise {
  readonly random: () => number
  /** About −1.5 to 1.5, most of it near 0. */
  readonly normal: () => number
}
type Maker = (noise: Noise) => (load: number, seconds: number) => { status: Status; values: MetricValues }

const MAKERS: Record<ProbeId, Maker> = {
  pool: ({ random, normal }) => {
    let opened = 12_345
    let errors = 3
    let slow = 17
    let size = 734_003_200
    return (load) => {
      const busy = Math.max(0, Math.min(40, Math.round(40 * load + 3 * normal())))
      opened += random() < 0.3 ? 1 : 0
      errors += random() < 0.001 ? 1 : 0
      slow += random() < 0.02 ? 1 : 0
      size += random() < 0.05 ? 8_192 * Math.floor(random() * 40) : 0
      return {
        status: busy >= 36 ? 'CRITICAL' : busy >= 30 ? 'WARNING' : 'HEALTHY',
        values: {
          db_pool_size: 40,
          db_pool_checked_out: busy,
          db_pool_checked_in: 20,
          db_pool_overflow: Math.max(0, busy - 20),
          db_pool_available: 40 - busy,
          db_pool_utilization: (busy / 40) * 100,
          db_pool_waiting: null,
          db_pool_idle_in_transaction: random() < 0.1 ? 1 : 0,
          db_pool_oldest_transaction_seconds: random() < 0.5 ? 0 : random() * 0.2,
          db_pool_connections_opened_total: opened,
          db_pool_connection_errors_total: errors,
          db_pool_slow_queries_total: slow,
          db_up: 1,
          db_lock_waiting: random() < 0.02 ? 1 : 0,
          db_replication_lag_seconds: random() * 0.05,
          db_slot_retained_wal_bytes: 16_777_216,
          db_archive_failures_total: 0,
          db_xid_age_percent: 3.214 + opened / 1e7,
          db_size_bytes: size,
        },
      }
    }
  },
  redis: ({ random, normal }) => {
    let uptime = 1_000_000
    let commands = 987_654_321
    let expired = 4_321
    let evicted = 0
    let used = 268_435_456
    let keys = 50_000
    return (load, seconds) => {
      const ops = Math.max(1, 3_000 * load + 150 * normal())
      uptime += seconds
      commands += Math.round(ops * seconds)
      expired += Math.round(random() * 20 * load)
      evicted += random() < 0.01 ? 3 : 0
      used += Math.round(4_096 * 20 * normal())
      keys += Math.round(8 * normal())
      return {
        status: 'HEALTHY',
        values: {
          redis_connected: 1,
          redis_latency_ms: 0.2 + 0.15 * random() ** 4,
          redis_uptime_seconds: uptime,
          redis_connected_clients: 30 + Math.round(10 * load + normal()),
          redis_blocked_clients: 0,
          redis_memory_used_bytes: used,
          redis_memory_usage: (used / 1_073_741_824) * 100,
          redis_memory_fragmentation_ratio: Math.round(108 + normal()) / 100,
          redis_hit_rate: 93 + 2 * normal(),
          redis_operations_per_second: ops,
          redis_commands_processed_total: commands,
          redis_keys_total: keys,
          redis_expired_keys_total: expired,
          redis_evicted_keys_total: evicted,
          redis_slow_commands_total: 12,
          redis_persistence_age_seconds: uptime % 300,
          redis_last_save_ok: 1,
          redis_aof_ok: null,
          redis_replication_lag_seconds: null,
          redis_evictions_per_second: 0,
        },
      }
    }
  },
  health:
    ({ random }) =>
    () => ({
      status: random() < 0.0005 ? 'DEGRADED' : 'HEALTHY',
      values: {
        health_live: 1,
        health_ready: 1,
        health_latency_ms: 3 + 2 * random() ** 3,
        tls_days_left: 61,
      },
    }),
  host: ({ random, normal }) => {
    let uptime = 5_000_000.25
    return (load, seconds) => {
      uptime += seconds
      return {
        status: 'HEALTHY',
        values: {
          system_cpu_percent: Math.max(1, 60 * load + 6 * normal()),
          system_memory_percent: 61 + 4 * load + 0.2 * normal(),
          system_disk_percent: 43.2,
          system_inodes_percent: 11.5,
          system_load1: Math.round(100 * (2 * load + 0.2 * random())) / 100,
          system_uptime_seconds: uptime,
        },
      }
    }
  },
  traffic:
    ({ random, normal }) =>
    (load) => ({
      status: 'HEALTHY',
      values: {
        http_requests_per_second: Math.round(5 * Math.max(0, 120 * load + 8 * normal())) / 5,
        http_errors_per_minute: random() < 0.05 ? 12 : 0,
        http_request_duration_ms: 14 + 20 * load + 2 * normal(),
        http_request_duration_p95_ms: 60 + 40 * load + 10 * random(),
      },
    }),
  exposition:
    ({ normal }) =>
    (load) => ({
      status: 'HEALTHY',
      values: Object.fromEntries(
        ['new', 'paid', 'sent', 'late', 'other'].map((series) => [
          labelled('exposition_value', { metric: 'orders_total', series }),
          Math.round(50 * Math.max(0, 3 * load + normal())) / 50,
        ]),
      ),
    }),
}
