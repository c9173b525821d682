/** How a server is: `INFO` with its commands' statistics, what stopped it, and what its cluster says of its nodes. */
import type {
  RedisAnswer,
  RedisCommandFigures,
  RedisOverview,
  RedisReplica,
} from '#shared/model/redis-server.ts'
import type { ClusterMember } from '../../reach/reach.ts'
import type { Asker } from './asker.ts'
import { fieldsOf, type Info, numberIn, readInfo } from './info.ts'

const LISTED_COMMANDS = 30
const LISTED_ERRORS = 20
const LISTED_REPLICAS = 50

export async function askOverview(
  asker: Asker,
  members: readonly ClusterMember[] | null,
): Promise<RedisOverview> {
  // Before 7.0 one section at a time.
  const [general, statistics, latency] = await Promise.all([
    asker.ask('INFO'),
    asker.ask('INFO', 'commandstats'),
    asker.ask('LATENCY LATEST'),
  ])
  const text = `${String(general ?? '')}\n${String(statistics ?? '')}`
  const answer = { text, latency, members }
  return overviewOf(answer, asker.frame(text.split('\n').length))
}

/** @param answer what the server said; empty where it may not be asked */
export function overviewOf(
  { text, latency, members }: { text: string; latency: unknown; members: readonly ClusterMember[] | null },
  frame: RedisAnswer,
): RedisOverview {
  const info = readInfo(text)
  return {
    ...frame,
    server: serverOf(info, frame.at),
    persistence: persistenceOf(info),
    replication: replicationOf(info),
    keyspace: keyspaceOf(info),
    memory: memoryOf(info),
    traffic: trafficOf(info),
    errors: errorsOf(info),
    commands: commandsOf(info),
    latency: latencyOf(latency),
    cluster: members === null ? null : [...members],
  }
}

function serverOf(info: Info, now: number): RedisOverview['server'] {
  const valkey = info.text('server', 'valkey_version')
  const micros = info.number('server', 'server_time_usec')
  const uptime = info.number('server', 'uptime_in_seconds')
  const serverNow = micros === null ? now : micros / 1_000
  return {
    version: valkey === null ? info.text('server', 'redis_version') : `Valkey ${valkey}`,
    mode: info.text('server', 'server_mode') ?? info.text('server', 'redis_mode'),
    system: info.text('server', 'os'),
    startedAt: uptime === null ? null : Math.round(serverNow - uptime * 1_000),
  }
}

function persistenceOf(info: Info): RedisOverview['persistence'] {
  const of = 'persistence'
  const savedAt = info.number(of, 'rdb_last_save_time')
  const forkMicros = info.number('stats', 'latest_fork_usec')
  const saveSeconds = info.number(of, 'rdb_last_bgsave_time_sec')
  const appendOnly = info.flag(of, 'aof_enabled', '1')
  const ofFile = <T>(value: T): T | null => (appendOnly === true ? value : null)
  return {
    loading: info.flag(of, 'loading', '1'),
    changesSinceSave: info.number(of, 'rdb_changes_since_last_save'),
    saving: info.flag(of, 'rdb_bgsave_in_progress', '1'),
    savedAt: savedAt === null ? null : savedAt * 1_000,
    lastSaveOk: info.flag(of, 'rdb_last_bgsave_status', 'ok'),
    // -1: none since it started.
    lastSaveSeconds: saveSeconds !== null && saveSeconds >= 0 ? saveSeconds : null,
    appendOnly,
    appendOnlyBytes: info.number(of, 'aof_current_size'),
    lastRewriteOk: ofFile(info.flag(of, 'aof_last_bgrewrite_status', 'ok')),
    lastWriteOk: ofFile(info.flag(of, 'aof_last_write_status', 'ok')),
    rewriting: info.flag(of, 'aof_rewrite_in_progress', '1'),
    lastForkMs: forkMicros === null || forkMicros === 0 ? null : forkMicros / 1_000,
    copiedBytes: info.number(of, 'rdb_last_cow_size'),
  }
}

function replicationOf(info: Info): RedisOverview['replication'] {
  const of = 'replication'
  const role = info.text(of, 'role')
  const host = info.text(of, 'master_host')
  const heard = info.number(of, 'master_last_io_seconds_ago')
  const offset = info.number(of, 'master_repl_offset')
  const active = info.flag(of, 'repl_backlog_active', '1') === true
  return {
    role: role === null ? null : role === 'slave' ? 'replica' : 'primary',
    primary: host === null ? null : `${host}:${info.text(of, 'master_port') ?? '?'}`,
    linkUp: role === 'slave' ? info.flag(of, 'master_link_status', 'up') : null,
    copying: role === 'slave' ? info.flag(of, 'master_sync_in_progress', '1') : null,
    heardSecondsAgo: heard !== null && heard >= 0 ? heard : null,
    replicas: info
      .entries(of)
      .filter(([name]) => /^slave\d+$/.test(name))
      .slice(0, LISTED_REPLICAS)
      .map(([, value]) => replicaOf(value, offset)),
    backlogBytes: active ? info.number(of, 'repl_backlog_size') : null,
    backlogUsedBytes: active ? info.number(of, 'repl_backlog_histlen') : null,
  }
}

/** `ip=…,port=…,state=online,offset=…,lag=…` */
function replicaOf(value: string, primaryOffset: number | null): RedisReplica {
  const { ip = '?', port = '?', state = '', offset, lag } = fieldsOf(value)
  const at = numberIn(offset)
  const lagSeconds = numberIn(lag)
  return {
    address: ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`,
    state,
    lagSeconds: lagSeconds !== null && lagSeconds >= 0 ? lagSeconds : null,
    behindBytes: at === null || primaryOffset === null ? null : Math.max(0, primaryOffset - at),
  }
}

function keyspaceOf(info: Info): RedisOverview['keyspace'] {
  return info.entries('keyspace').flatMap(([name, value]) => {
    const database = numberIn(/^db(\d+)$/.exec(name)?.[1])
    if (database === null) return []
    const { keys, expires, avg_ttl: averageTtl } = fieldsOf(value)
    const average = numberIn(averageTtl)
    return {
      database,
      keys: numberIn(keys) ?? 0,
      expiring: numberIn(expires) ?? 0,
      // 0: none has a lifetime, or it was not estimated yet.
      averageTtlMs: average === 0 ? null : average,
    }
  })
}

function memoryOf(info: Info): RedisOverview['memory'] {
  const of = 'memory'
  const limit = info.number(of, 'maxmemory')
  return {
    usedBytes: info.number(of, 'used_memory'),
    residentBytes: info.number(of, 'used_memory_rss'),
    peakBytes: info.number(of, 'used_memory_peak'),
    datasetBytes: info.number(of, 'used_memory_dataset'),
    overheadBytes: info.number(of, 'used_memory_overhead'),
    limitBytes: limit === 0 ? null : limit,
    policy: info.text(of, 'maxmemory_policy'),
    fragmentation: info.number(of, 'mem_fragmentation_ratio'),
    systemBytes: info.number(of, 'total_system_memory'),
  }
}

function trafficOf(info: Info): RedisOverview['traffic'] {
  const of = 'stats'
  const bytes = (kilobytes: number | null) => (kilobytes === null ? null : Math.round(kilobytes * 1_024))
  return {
    operationsPerSecond: info.number(of, 'instantaneous_ops_per_sec'),
    inputBytesPerSecond: bytes(info.number(of, 'instantaneous_input_kbps')),
    outputBytesPerSecond: bytes(info.number(of, 'instantaneous_output_kbps')),
    connectionsReceived: info.number(of, 'total_connections_received'),
    connectionsRejected: info.number(of, 'rejected_connections'),
    hits: info.number(of, 'keyspace_hits'),
    misses: info.number(of, 'keyspace_misses'),
    expired: info.number(of, 'expired_keys'),
    evicted: info.number(of, 'evicted_keys'),
  }
}

/** `errorstat_NOAUTH:count=3` */
function errorsOf(info: Info): RedisOverview['errors'] {
  return info
    .entries('errorstats')
    .flatMap(([name, value]) => {
      const count = numberIn(fieldsOf(value).count)
      return count === null ? [] : { code: name.replace(/^errorstat_/, '').slice(0, 60), count }
    })
    .toSorted((one, other) => other.count - one.count)
    .slice(0, LISTED_ERRORS)
}

/** `cmdstat_get:calls=…,usec=…,usec_per_call=…,rejected_calls=…,failed_calls=…` */
function commandsOf(info: Info): RedisCommandFigures[] {
  return info
    .entries('commandstats')
    .flatMap(([name, value]): RedisCommandFigures[] => {
      const fields = fieldsOf(value)
      const calls = numberIn(fields.calls)
      const micros = numberIn(fields.usec)
      if (calls === null || micros === null) return []
      return [
        {
          command: name
            .replace(/^cmdstat_/, '')
            .replace('|', ' ')
            .toUpperCase(),
          calls,
          totalMs: micros / 1_000,
          meanMs: (numberIn(fields.usec_per_call) ?? 0) / 1_000,
          rejected: numberIn(fields.rejected_calls),
          failed: numberIn(fields.failed_calls),
        },
      ]
    })
    .toSorted((one, other) => other.totalMs - one.totalMs)
    .slice(0, LISTED_COMMANDS)
}

/** `[[event, seconds, latest ms, most ms], …]` */
function latencyOf(answer: unknown): RedisOverview['latency'] {
  if (!Array.isArray(answer)) return []
  return answer.flatMap((row: unknown) => {
    if (!Array.isArray(row)) return []
    const [event, seconds, lastMs, mostMs]: unknown[] = row
    if (typeof seconds !== 'number' || typeof lastMs !== 'number' || typeof mostMs !== 'number') return []
    return { event: String(event), at: seconds * 1_000, lastMs, mostMs }
  })
}
