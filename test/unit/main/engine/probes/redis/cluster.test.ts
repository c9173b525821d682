import { describe, expect, it } from 'vitest'
import { boundEvidence, EVIDENCE_BYTES } from '../../../../../../src/main/engine/probes/evidence.ts'
import {
  type ClusterLook,
  clusterEvidence,
  clusterValues,
  type NodeOutcome,
  wholeFindings,
} from '../../../../../../src/main/engine/probes/redis/cluster.ts'
import { parseInfo, readInfo } from '../../../../../../src/main/engine/probes/redis/info.ts'
import type { NodeReading } from '../../../../../../src/main/engine/probes/redis/node-look.ts'
import type { ClusterMember } from '../../../../../../src/main/engine/reach/reach.ts'
import type { Failure } from '../../../../../../src/shared/model/failure.ts'
import type { MetricValues } from '../../../../../../src/shared/model/observation.ts'

const UNREACHED: Failure = {
  step: 'tcp',
  hop: 'Redis b:1',
  on: 'target',
  code: 'tcp-refused',
  params: {},
  recovery: 'by-itself',
}

interface Node {
  readonly name: string
  readonly role?: 'primary' | 'replica'
  readonly state?: ClusterMember['state']
  readonly slots?: number
  readonly isOk?: boolean
  readonly uncovered?: number
  readonly values?: MetricValues
  readonly hits?: number
  readonly misses?: number
  readonly isReached?: boolean
}

function lookOf(nodes: readonly Node[]): ClusterLook {
  const outcomes = nodes.map((node): NodeOutcome => {
    const { name, role = 'primary', state = 'ok', slots = 0 } = node
    const info = readInfo(parseInfo(`# Replication\nrole:${role === 'replica' ? 'slave' : 'master'}`))
    const seen: NodeReading = {
      name,
      obstacle: null,
      sections: {},
      info,
      values: { redis_connected: 1, ...node.values },
      hits: node.hits ?? null,
      misses: node.misses ?? null,
      cluster: { isOk: node.isOk ?? true, uncovered: node.uncovered ?? 0 },
      outOfMemory: null,
      errors: null,
      missing: { forbidden: [], renamed: [], grant: null },
      settings: null,
      bytes: 0,
      memory: { at: 0, info, slowLog: null, snapshots: null, snapshotsAt: 0, settingsDueAt: 0, lookups: [] },
    }
    return { name, member: { name, role, state, slots }, seen: node.isReached === false ? UNREACHED : seen }
  })
  return { outcomes, members: outcomes.flatMap(({ member }) => member ?? []) }
}

const codes = (nodes: readonly Node[]) =>
  wholeFindings(lookOf(nodes)).map(({ status, reason }) => `${status} ${reason.code}`)

describe('a cluster as one', () => {
  const PRIMARY = {
    redis_keys_total: 10,
    redis_memory_used_bytes: 100,
    redis_latency_ms: 1,
    redis_uptime_seconds: 9,
  }
  const REPLICA = {
    redis_keys_total: 10,
    redis_memory_used_bytes: 90,
    redis_latency_ms: 5,
    redis_uptime_seconds: 4,
  }

  it('sums what its nodes hold, without what replicas hold again, and takes the worst of the rest', () => {
    const values = clusterValues(
      lookOf([
        { name: 'a', values: PRIMARY, hits: 90, misses: 10 },
        { name: 'b', values: PRIMARY, hits: 0, misses: 100 },
        { name: 'c', role: 'replica', values: REPLICA, hits: 0, misses: 0 },
      ]),
    )
    expect(values).toMatchObject({
      redis_connected: 1,
      redis_keys_total: 20,
      redis_memory_used_bytes: 290,
      redis_latency_ms: 5,
      redis_uptime_seconds: 4,
      redis_hit_rate: 45,
      redis_operations_per_second: null,
    })
  })

  it('has no sums while a node that should count was not seen, and has them where the cluster has given it up', () => {
    const reached = { name: 'a', values: PRIMARY }
    const away = clusterValues(lookOf([reached, { name: 'b', isReached: false }]))
    expect(away).toMatchObject({ redis_keys_total: null, redis_memory_used_bytes: null, redis_latency_ms: 1 })
    const failed = clusterValues(lookOf([reached, { name: 'b', isReached: false, state: 'failed' }]))
    expect(failed).toMatchObject({ redis_keys_total: 10, redis_memory_used_bytes: 100 })
  })

  it.each<[string, Node[], string[]]>([
    ['all is well', [{ name: 'a' }, { name: 'b' }], []],
    [
      'most say that it has failed',
      [
        { name: 'a', isOk: false, uncovered: 5_461 },
        { name: 'b', isOk: false, uncovered: 5_461 },
        { name: 'c' },
      ],
      ['CRITICAL redis-cluster-failing'],
    ],
    [
      'one is cut off from the others',
      [{ name: 'a', isOk: false, uncovered: 10_922 }, { name: 'b' }, { name: 'c' }],
      ['WARNING redis-cluster-divided'],
    ],
    [
      'it goes on without some slots',
      [
        { name: 'a', uncovered: 100 },
        { name: 'b', uncovered: 100 },
      ],
      ['CRITICAL redis-cluster-uncovered'],
    ],
    [
      'a node is down, by its word',
      [{ name: 'a' }, { name: 'b', state: 'failed', isReached: false }],
      ['WARNING redis-cluster-nodes-down'],
    ],
    [
      'a node is not reached from here alone',
      [{ name: 'a' }, { name: 'b', isReached: false }],
      ['WARNING redis-cluster-nodes-unreached'],
    ],
  ])('where %s says so', (_, nodes, expected) => {
    expect(codes(nodes)).toEqual(expected)
  })

  it('shows 64 nodes with long names within the bounds of evidence, the ill ones first', () => {
    const nodes = Array.from({ length: 64 }, (_, n) => ({
      name: `redis-node-${n}.cache.production.internal:6379`,
      role: n % 2 === 0 ? ('primary' as const) : ('replica' as const),
      slots: 512,
      isReached: n !== 63,
      values: {
        redis_memory_used_bytes: 123_456_789_012,
        redis_memory_usage: 99.99,
        redis_keys_total: 123_456_789,
        redis_latency_ms: 12.34,
      },
    }))
    const evidence = boundEvidence({ redisNodes: clusterEvidence(lookOf(nodes)) })
    expect(Buffer.byteLength(JSON.stringify(evidence))).toBeLessThanOrEqual(EVIDENCE_BYTES)
    expect(evidence.redisNodes).toHaveLength(64)
    expect(evidence.redisNodes?.[0]).toMatchObject({ name: nodes[63]?.name, state: 'unreached' })
  })
})
