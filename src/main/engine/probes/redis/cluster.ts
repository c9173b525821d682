/** The nodes of a cluster as one Redis: their figures together, what is wrong with the whole, and each of them as evidence. */
import type { LimitOverrides } from '#shared/catalogue/limits.ts'
import type { Failure } from '#shared/model/failure.ts'
import type { MetricValues, RedisNodeSeen } from '#shared/model/observation.ts'
import type { ClusterMember } from '../../reach/reach.ts'
import { type Finding, type HeldLimits, judgeLimits } from '../limits.ts'
import { reason } from '../reason.ts'
import { fullMeansErrors, memoryParams, nodeFindings, worstFirst } from './findings.ts'
import type { NodeReading } from './node-look.ts'
import { togetherValues } from './values.ts'

/** What became of looking at one node. */
export interface NodeOutcome {
  readonly name: string
  readonly member: ClusterMember | null
  readonly seen: NodeReading | Failure
}

export interface ClusterLook {
  readonly outcomes: readonly NodeOutcome[]
  /** Every node that the cluster knows. */
  readonly members: readonly ClusterMember[]
}

/** As many names as a reason can carry. */
const NAMED = 3

export function readings({ outcomes }: Pick<ClusterLook, 'outcomes'>): NodeReading[] {
  return outcomes.map(({ seen }) => seen).filter((seen): seen is NodeReading => 'memory' in seen)
}

export function clusterValues(look: ClusterLook): MetricValues {
  const nodes = readings(look).map(({ info, values, hits, misses }) => ({
    isPrimary: info.role !== 'slave',
    values,
    hits,
    misses,
  }))
  const { told, isFailing, uncovered } = believed(look)
  return {
    ...togetherValues(nodes, unreached(look).length === 0 && isWatchedWhole(look)),
    redis_cluster_ok: told === 0 ? null : isFailing ? 0 : 1,
    redis_cluster_slots_unserved: uncovered,
  }
}

/** What most of its nodes say counts: one that is cut off knows of no slots but its own. */
function believed(look: ClusterLook) {
  const told = readings(look).filter(({ cluster }) => cluster !== null)
  const failing = told.filter(({ cluster }) => cluster?.isOk === false)
  const isFailing = failing.length * 2 > told.length
  const most = told.filter(({ cluster }) => cluster?.isOk !== isFailing)
  const uncovered = most.length === 0 ? null : Math.min(...most.map(({ cluster }) => cluster?.uncovered ?? 0))
  return { told: told.length, failing, isFailing, uncovered }
}

/** Nodes that the cluster thinks well, and that did not answer us. */
export function unreached({ outcomes }: Pick<ClusterLook, 'outcomes'>): NodeOutcome[] {
  return outcomes.filter(({ seen, member }) => !('memory' in seen) && member?.state !== 'failed')
}

function isWatchedWhole({ outcomes, members }: ClusterLook): boolean {
  return outcomes.length >= members.filter(({ state }) => state === 'ok').length
}

export function clusterFindings(
  look: ClusterLook,
  values: MetricValues,
  options: {
    readonly overrides: LimitOverrides
    readonly held: HeldLimits
    readonly hitRate: number | null
  },
): { findings: Finding[]; held: HeldLimits } {
  const seen = readings(look)
  const fullest = most(
    seen.filter(({ info }) => fullMeansErrors(info)),
    'redis_memory_usage',
  )
  const judged = judgeLimits({
    // A limit is that of one server: of load and memory the node that has most of it counts, not their sum.
    values: {
      ...values,
      redis_hit_rate: options.hitRate,
      redis_memory_usage: fullest?.values.redis_memory_usage ?? null,
      redis_operations_per_second:
        most(seen, 'redis_operations_per_second')?.values.redis_operations_per_second ?? null,
    },
    overrides: options.overrides,
    held: options.held,
    params: fullest === null ? {} : { redis_memory_usage: memoryParams(fullest.info) },
  })
  return {
    findings: worstFirst(wholeFindings(look), seen.flatMap(nodeFindings), judged.findings),
    held: judged.held,
  }
}

function most(nodes: readonly NodeReading[], metric: string): NodeReading | null {
  return nodes.reduce<NodeReading | null>(
    (worst, node) => ((node.values[metric] ?? -1) > (worst?.values[metric] ?? -1) ? node : worst),
    null,
  )
}

/** What is wrong with the cluster as one, by its nodes' own word and by what was reached of it. */
export function wholeFindings(look: ClusterLook): Finding[] {
  const findings: Finding[] = []
  const { failing, isFailing, uncovered } = believed(look)
  if (isFailing) {
    findings.push({ status: 'CRITICAL', reason: reason('redis-cluster-failing', { slots: uncovered }) })
  } else {
    if (failing.length > 0) {
      const nodes = names(failing.map(({ name }) => name))
      findings.push({ status: 'WARNING', reason: reason('redis-cluster-divided', { nodes }) })
    }
    if (uncovered !== null && uncovered > 0) {
      findings.push({ status: 'CRITICAL', reason: reason('redis-cluster-uncovered', { slots: uncovered }) })
    }
  }
  const down = look.members.filter(({ state }) => state === 'failed').map(({ name }) => name)
  if (down.length > 0) {
    const params = { count: down.length, nodes: names(down) }
    findings.push({ status: 'WARNING', reason: reason('redis-cluster-nodes-down', params) })
  }
  const away = unreached(look).map(({ name }) => name)
  if (away.length > 0) {
    const params = { count: away.length, nodes: names(away) }
    findings.push({ status: 'WARNING', reason: reason('redis-cluster-nodes-unreached', params) })
  }
  return findings
}

function names(all: readonly string[]): string {
  return all.length > NAMED ? `${all.slice(0, NAMED).join(', ')}, …` : all.join(', ')
}

const BADNESS: readonly RedisNodeSeen['state'][] = ['failed', 'unreached', 'suspected', 'joining', 'ok']

/** Each node, those that are not well first; names and figures, so that 64 of them fit into evidence. */
export function clusterEvidence({ outcomes, members }: ClusterLook): RedisNodeSeen[] {
  const watched = outcomes.map(({ name, member, seen }): RedisNodeSeen => {
    const isSeen = 'memory' in seen
    const values = isSeen ? seen.values : {}
    const state = member?.state ?? 'ok'
    const role = isSeen ? (seen.info.role === 'slave' ? 'replica' : 'primary') : (member?.role ?? 'primary')
    return {
      name,
      role,
      state: isSeen || state === 'failed' ? state : 'unreached',
      slots: member?.slots ?? 0,
      memoryBytes: values.redis_memory_used_bytes ?? null,
      memoryUsage: values.redis_memory_usage ?? null,
      keys: values.redis_keys_total ?? null,
      latencyMs: values.redis_latency_ms ?? null,
    }
  })
  const isWatched = new Set(outcomes.map(({ name }) => name))
  const others = members
    .filter(({ name, state }) => !isWatched.has(name) && state !== 'ok')
    .map(({ name, role, state, slots }): RedisNodeSeen => {
      return { name, role, state, slots, memoryBytes: null, memoryUsage: null, keys: null, latencyMs: null }
    })
  return [...watched, ...others].toSorted(
    (one, other) => BADNESS.indexOf(one.state) - BADNESS.indexOf(other.state),
  )
}
