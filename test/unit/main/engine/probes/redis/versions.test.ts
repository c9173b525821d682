/**
 * What the versions of Redis and Valkey that are not run here answer, reduced to what is read of it. The fields and where each
 * came or went are those of the documentation of INFO (https://redis.io/docs/latest/commands/info/,
 * https://valkey.io/commands/info/) and of the release notes; the figures are our own. 7.0 is run for real in
 * `test/servers/probes/redis.test.ts`.
 */
import { describe, expect, it } from 'vitest'
import { parseInfo, readInfo } from '../../../../../../src/main/engine/probes/redis/info.ts'
import { parseSlowLog } from '../../../../../../src/main/engine/probes/redis/slow-log.ts'

const COMMON = {
  clients: ['connected_clients:3', 'blocked_clients:0'],
  memory: [
    'used_memory:2097152',
    'maxmemory:4194304',
    'maxmemory_policy:noeviction',
    'mem_not_counted_for_evict:1024',
    'mem_fragmentation_ratio:1.50',
    'total_system_memory:8388608',
  ],
  persistence: ['loading:0', 'rdb_last_save_time:1699999900', 'rdb_last_bgsave_status:ok', 'aof_enabled:0'],
  stats: [
    'total_commands_processed:100',
    'keyspace_hits:8',
    'keyspace_misses:2',
    'expired_keys:1',
    'evicted_keys:0',
  ],
  keyspace: ['db0:keys=10,expires=4,avg_ttl=0'],
}

type Sections = Record<string, string[]>
const written = (sections: Sections) =>
  Object.entries(sections)
    .map(([name, lines]) => `# ${name}\r\n${lines.join('\r\n')}\r\n`)
    .join('\r\n')

const replication = [
  'role:slave',
  'master_host:10.0.0.1',
  'master_port:6379',
  'master_link_status:up',
  'master_last_io_seconds_ago:2',
  'master_sync_in_progress:0',
]

const VERSIONS: { version: string; sections: Sections; expected: Record<string, unknown> }[] = [
  {
    version: '5.0.14',
    sections: {
      Server: ['redis_version:5.0.14', 'redis_mode:standalone', 'run_id:a', 'uptime_in_seconds:100'],
      ...COMMON,
      Clients: ['connected_clients:3', 'client_recent_max_input_buffer:2', 'blocked_clients:0'],
      Replication: replication,
    },
    expected: { maxClients: null, serverTimeMs: null, outOfMemoryErrors: null },
  },
  {
    version: '6.2.14',
    sections: {
      Server: [
        'redis_version:6.2.14',
        'redis_mode:cluster',
        'run_id:a',
        'server_time_usec:1700000000500000',
        'uptime_in_seconds:100',
      ],
      ...COMMON,
      Clients: ['connected_clients:3', 'cluster_connections:10', 'maxclients:10000', 'blocked_clients:0'],
      Replication: replication,
      Errorstats: ['errorstat_OOM:count=7', 'errorstat_ERR:count=1'],
    },
    expected: { mode: 'cluster', maxClients: 10_000, outOfMemoryErrors: 7 },
  },
  {
    version: '7.2.5',
    sections: {
      Server: [
        'redis_version:7.2.5',
        'redis_mode:standalone',
        'run_id:a',
        'server_time_usec:1700000000500000',
        'uptime_in_seconds:100',
      ],
      ...COMMON,
      Clients: ['connected_clients:3', 'maxclients:10000', 'blocked_clients:0', 'total_blocking_keys:0'],
      Replication: [...replication, 'slave_read_repl_offset:1', 'slave_read_only:1'],
      Errorstats: [],
      Keyspace: ['db0:keys=10,expires=4,avg_ttl=0,subexpiry=0'],
    },
    expected: { outOfMemoryErrors: 0 },
  },
  {
    version: '8.0.2',
    sections: {
      Server: [
        'redis_version:8.0.2',
        'redis_mode:standalone',
        'run_id:a',
        'server_time_usec:1700000000500000',
        'uptime_in_seconds:100',
      ],
      ...COMMON,
      Clients: ['connected_clients:3', 'maxclients:10000', 'blocked_clients:0', 'watching_clients:0'],
      Replication: replication,
      Errorstats: [],
      Keysizes: ['db0_distrib_strings_sizes:1=3,2=7'],
    },
    expected: { outOfMemoryErrors: 0 },
  },
  {
    version: 'Valkey 7.2.8',
    sections: {
      Server: [
        'redis_version:7.2.4',
        'server_name:valkey',
        'valkey_version:7.2.8',
        'redis_mode:standalone',
        'run_id:a',
        'server_time_usec:1700000000500000',
        'uptime_in_seconds:100',
      ],
      ...COMMON,
      Replication: replication,
      Errorstats: [],
    },
    expected: { mode: 'standalone' },
  },
  {
    version: 'Valkey 8.1.1',
    sections: {
      Server: [
        'redis_version:7.2.4',
        'server_name:valkey',
        'valkey_version:8.1.1',
        'valkey_release_stage:ga',
        'server_mode:cluster',
        'run_id:a',
        'server_time_usec:1700000000500000',
        'uptime_in_seconds:100',
      ],
      ...COMMON,
      Replication: [...replication, 'replicas_repl_buffer_size:0'],
      Errorstats: [],
    },
    expected: { mode: 'cluster' },
  },
]

describe('INFO', () => {
  it.each(VERSIONS)('of $version is read', ({ version, sections, expected }) => {
    expect(readInfo(parseInfo(written(sections)))).toMatchObject({
      version,
      runId: 'a',
      connectedClients: 3,
      usedMemory: 2_097_152,
      maxMemory: 4_194_304,
      maxMemoryPolicy: 'noeviction',
      fragmentationRatio: 1.5,
      hits: 8,
      misses: 2,
      keys: 10,
      keysWithExpiry: 4,
      lastSaveOk: true,
      aofEnabled: false,
      role: 'slave',
      primary: '10.0.0.1:6379',
      primaryLinkUp: true,
      primaryHeardSecondsAgo: 2,
      ...expected,
    })
  })
})

describe('the slow log', () => {
  it.each([
    ['before 4', [[7, 1_700_000_000, 12_000, ['GET', 'customer']]], null],
    ['from 4 on', [[7, 1_700_000_000, 12_000, ['GET', 'customer'], '10.0.0.9:5', 'app']], '10.0.0.9:5'],
  ])('%s is read, without what the command was called with', (_, answer, client) => {
    expect(parseSlowLog(answer)).toEqual([
      { id: 7, at: 1_700_000_000_000, durationMs: 12, command: 'GET', arguments: 1, client },
    ])
  })
})
