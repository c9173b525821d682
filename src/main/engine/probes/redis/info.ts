/** Reads `INFO`: sections of `name:value` lines, and the figures that the probe wants of them. */
export type InfoSections = Record<string, Record<string, string>>

/** `INFO`'s text by section, names in lower case. */
export function parseInfo(text: string): InfoSections {
  const sections: InfoSections = {}
  let fields: Record<string, string> = {}
  for (const line of text.replaceAll('\r', '').split('\n')) {
    if (line.startsWith('#')) {
      fields = {}
      sections[line.slice(1).trim().toLowerCase()] = fields
      continue
    }
    const colon = line.indexOf(':')
    if (colon > 0) fields[line.slice(0, colon)] = line.slice(colon + 1)
  }
  return sections
}

/** Fields of `a=1,b=2` values, as those of databases and replicas are written. */
function parseFields(value: string): Record<string, string> {
  return Object.fromEntries(
    value.split(',').map((pair) => {
      const equals = pair.indexOf('=')
      return [pair.slice(0, equals), pair.slice(equals + 1)]
    }),
  )
}

/** What the probe reads of `INFO`; `null` where this server does not tell. */
export interface RedisInfo {
  /** As people call it: `7.0.15`, `Valkey 8.0.1`. */
  readonly version: string | null
  /** `standalone`, `cluster`, `sentinel`. */
  readonly mode: string | null
  readonly runId: string | null
  readonly role: string | null
  readonly serverTimeMs: number | null
  readonly uptimeSeconds: number | null
  readonly connectedClients: number | null
  readonly blockedClients: number | null
  /** How many may connect; told from 6.2 on. */
  readonly maxClients: number | null
  readonly usedMemory: number | null
  /** What of it does not count against the limit: the replicas' and the append-only file's buffers. */
  readonly memoryNotCounted: number | null
  readonly maxMemory: number | null
  /** Commands that were refused for want of memory; told from 6.2 on. */
  readonly outOfMemoryErrors: number | null
  readonly maxMemoryPolicy: string | null
  readonly systemMemory: number | null
  readonly fragmentationRatio: number | null
  readonly hits: number | null
  readonly misses: number | null
  readonly commands: number | null
  readonly expired: number | null
  readonly evicted: number | null
  readonly keys: number | null
  readonly keysWithExpiry: number | null
  readonly connectionsReceived: number | null
  readonly connectionsRejected: number | null
  /** Memory of the buffers of clients that are no replicas, and the longest output buffer lately. */
  readonly clientBuffers: number | null
  readonly longestOutputBuffer: number | null
  readonly networkInput: number | null
  readonly networkOutput: number | null
  readonly residentMemory: number | null
  readonly changesSinceSave: number | null
  readonly lastForkMs: number | null
  /** Seconds of the thread that runs commands; of the whole process where that is all that is told. */
  readonly cpuSeconds: number | null
  /** Commands answered with an error, in all and by its code; told from 6.2 on. */
  readonly errors: number | null
  readonly errorsByCode: Readonly<Record<string, number>> | null
  readonly connectedReplicas: number | null
  /** On a primary: what its furthest replica has yet to acknowledge. */
  readonly furthestReplicaBytes: number | null
  readonly lastSaveAtSeconds: number | null
  readonly lastSaveOk: boolean | null
  readonly aofEnabled: boolean | null
  readonly aofOk: boolean | null
  /** While it reads its data: percent of the file, and seconds to come as it estimates. */
  readonly loadedPercent: number | null
  readonly loadingSecondsLeft: number | null
  /** On a replica: the `HOST:PORT` that it follows. */
  readonly primary: string | null
  /** On a replica: whether the link to its primary is up, and when it was last heard. */
  readonly primaryLinkUp: boolean | null
  /** It is down because the replica copies the primary's data from the beginning. */
  readonly copiesPrimary: boolean
  readonly primaryHeardSecondsAgo: number | null
  /** On a primary: the acknowledgement age of its slowest replica. */
  readonly slowestReplicaSeconds: number | null
}

export function readInfo(sections: InfoSections): RedisInfo {
  const { server = {}, clients = {}, memory = {}, stats = {}, persistence = {}, replication = {} } = sections
  const { errorstats, cpu = {} } = sections
  const errorsByCode = errorstats === undefined ? null : countsOf(errorstats)
  const micros = figure(server.server_time_usec)
  const databases = sections.keyspace === undefined ? null : Object.values(sections.keyspace).map(parseFields)
  const sumOf = (field: string) =>
    databases?.reduce((sum, database) => sum + (figure(database[field]) ?? 0), 0) ?? null
  const heard = figure(replication.master_last_io_seconds_ago)
  const replicas = Object.entries(replication)
    .filter(([name]) => /^slave\d+$/.test(name))
    .map(([, value]) => parseFields(value))
  const lags = replicas.map(({ lag }) => figure(lag)).filter((lag): lag is number => lag !== null && lag >= 0)
  const offset = figure(replication.master_repl_offset)
  const acknowledged = replicas.map(({ offset: one }) => figure(one)).filter((one) => one !== null)
  const aofEnabled = flag(persistence.aof_enabled, '1')
  return {
    version:
      server.valkey_version === undefined
        ? (server.redis_version ?? null)
        : `Valkey ${server.valkey_version}`,
    mode: server.server_mode ?? server.redis_mode ?? null,
    runId: server.run_id ?? null,
    role: replication.role ?? null,
    serverTimeMs: thousandth(micros),
    uptimeSeconds: figure(server.uptime_in_seconds),
    connectedClients: figure(clients.connected_clients),
    blockedClients: figure(clients.blocked_clients),
    maxClients: figure(clients.maxclients),
    usedMemory: figure(memory.used_memory),
    memoryNotCounted: figure(memory.mem_not_counted_for_evict),
    maxMemory: figure(memory.maxmemory),
    outOfMemoryErrors: errorsByCode === null ? null : (errorsByCode.OOM ?? 0),
    maxMemoryPolicy: memory.maxmemory_policy ?? null,
    systemMemory: figure(memory.total_system_memory),
    fragmentationRatio: figure(memory.mem_fragmentation_ratio),
    hits: figure(stats.keyspace_hits),
    misses: figure(stats.keyspace_misses),
    commands: figure(stats.total_commands_processed),
    expired: figure(stats.expired_keys),
    evicted: figure(stats.evicted_keys),
    keys: sumOf('keys'),
    keysWithExpiry: sumOf('expires'),
    connectionsReceived: figure(stats.total_connections_received),
    connectionsRejected: figure(stats.rejected_connections),
    clientBuffers: figure(memory.mem_clients_normal),
    longestOutputBuffer: figure(clients.client_recent_max_output_buffer),
    networkInput: figure(stats.total_net_input_bytes),
    networkOutput: figure(stats.total_net_output_bytes),
    residentMemory: figure(memory.used_memory_rss),
    changesSinceSave: figure(persistence.rdb_changes_since_last_save),
    lastForkMs: thousandth(figure(stats.latest_fork_usec)),
    cpuSeconds:
      added(figure(cpu.used_cpu_user_main_thread), figure(cpu.used_cpu_sys_main_thread)) ??
      added(figure(cpu.used_cpu_user), figure(cpu.used_cpu_sys)),
    errors: figure(stats.total_error_replies),
    errorsByCode,
    connectedReplicas: figure(replication.connected_slaves),
    furthestReplicaBytes:
      offset === null || replication.role === 'slave'
        ? null
        : Math.max(0, ...acknowledged.map((one) => offset - one)),
    lastSaveAtSeconds: figure(persistence.rdb_last_save_time),
    lastSaveOk: flag(persistence.rdb_last_bgsave_status, 'ok'),
    aofEnabled,
    aofOk:
      aofEnabled === true
        ? persistence.aof_last_write_status === 'ok' && persistence.aof_last_bgrewrite_status === 'ok'
        : null,
    loadedPercent: persistence.loading === '1' ? figure(persistence.loading_loaded_perc) : null,
    loadingSecondsLeft: persistence.loading === '1' ? figure(persistence.loading_eta_seconds) : null,
    primary:
      replication.master_host === undefined
        ? null
        : `${replication.master_host}:${replication.master_port ?? '?'}`,
    primaryLinkUp: replication.role === 'slave' ? flag(replication.master_link_status, 'up') : null,
    copiesPrimary: replication.master_sync_in_progress === '1',
    primaryHeardSecondsAgo: heard !== null && heard >= 0 ? heard : null,
    slowestReplicaSeconds: lags.length === 0 ? null : Math.max(...lags),
  }
}

/** `errorstat_OOM:count=3`, by code. */
function countsOf(errorstats: Readonly<Record<string, string>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(errorstats).map(([name, value]) => [
      name.replace(/^errorstat_/, ''),
      figure(parseFields(value).count) ?? 0,
    ]),
  )
}

function added(one: number | null, other: number | null): number | null {
  return one === null || other === null ? null : one + other
}

function thousandth(value: number | null): number | null {
  return value === null ? null : value / 1000
}

function figure(text: string | undefined): number | null {
  if (text === undefined || text === '') return null
  const value = Number(text)
  return Number.isFinite(value) ? value : null
}

function flag(text: string | undefined, good: string): boolean | null {
  return text === undefined ? null : text === good
}
