/**
 * Redis: one server, or each node of a cluster. What its access list forbids, or the server does not know, is unknown by
 * name; the rest is still told.
 */
import { PROBE_INTERVAL_MS } from '#shared/catalogue/probes.ts'
import type { Failure } from '#shared/model/failure.ts'
import type { Evidence, SlowCommand } from '#shared/model/observation.ts'
import type { Reason } from '#shared/model/reason.ts'
import { ReachError, type RedisNode } from '../../reach/reach.ts'
import type { Standing } from '../../standing.ts'
import { boundEvidence } from '../evidence.ts'
import { round, unknownValues } from '../figures.ts'
import type { HeldLimits } from '../limits.ts'
import type { Look, LookContext, Probe } from '../probe.ts'
import { failureReason, reason } from '../reason.ts'
import { tellsOfTarget } from '../tells-of-target.ts'
import {
  type ClusterLook,
  clusterEvidence,
  clusterFindings,
  clusterValues,
  type NodeOutcome,
  readings,
  unreached,
} from './cluster.ts'
import { errorValues } from './errors.ts'
import { limitFindings, nodeFindings, worstFirst } from './findings.ts'
import { type OwnLookups, windowHitRate } from './hit-rate.ts'
import { createMissing, lookAtNode, type Missing, type NodeMemory, type NodeReading } from './node-look.ts'
import { lookAtQueues, type QueuesMemory, type QueuesReading } from './queues.ts'
import { standingOf } from './standing.ts'

/** Entries of the slow log that are shown of all nodes together. */
const SLOW_COMMANDS = 20

interface RedisMemory {
  /** By the node's name. */
  readonly nodes: Readonly<Record<string, NodeMemory>>
  readonly held: HeldLimits
  readonly queues?: QueuesMemory
  /** Of the latest look, after its `INFO`. */
  readonly lookups?: OwnLookups
}

type Outcome = { look: Look; memory: RedisMemory }

export const redis: Probe<RedisMemory> = {
  id: 'redis',
  intervalMs: PROBE_INTERVAL_MS.redis,
  timeoutMs: 4_000,
  targets: (profile) => profile.redis.map(({ name }) => name),
  unfilled: ({ redis: servers }) =>
    servers.some(({ queues }) => queues !== undefined && queues.length > 0)
      ? []
      : ['queue_length', 'queue_oldest_seconds'],
  look,
  unreachable,
}

async function look(context: LookContext<RedisMemory>): Promise<Outcome> {
  const { memory, monotonic, reach, signal, target, timeoutMs } = context
  const session = reach.redis(target)
  const began = monotonic()
  const left = (): number => Math.max(1, timeoutMs - (monotonic() - began))
  const { nodes, members } = await session.nodes({ signal, timeoutMs })
  const at = (node: RedisNode): Promise<NodeReading> =>
    lookAtNode({
      node,
      inCluster: members !== null,
      // A primary that sentinels name is another server after a failover; its run tells.
      before: memory?.nodes[members === null ? '' : node.name] ?? null,
      own: memory?.lookups,
      now: context.now,
      monotonic,
      signal,
      timeoutMs: left,
    })
  const [only] = nodes
  if (members === null && only !== undefined) {
    const seen = await at(only)
    if (seen.info.role === 'slave') session.doubt()
    return ofServer(seen, await queuesOf(only, seen, context, left), context)
  }

  const outcomes = await Promise.all(
    nodes.map(async (node): Promise<NodeOutcome> => {
      const { name, member } = node
      try {
        return { name, member, seen: await at(node) }
      } catch (error) {
        if (!(error instanceof ReachError)) throw error
        return { name, member, seen: error.failure }
      }
    }),
  )
  const seen: ClusterLook = { outcomes, members: members ?? [] }
  const isTroubled =
    seen.members.some(({ state }) => state !== 'ok') ||
    unreached(seen).length > 0 ||
    readings(seen).some(({ cluster }) => cluster?.isOk === false)
  if (isTroubled) session.doubt()
  if (readings(seen).length === 0) {
    const failure = outcomes.map((outcome) => outcome.seen).find((one): one is Failure => !('memory' in one))
    if (failure !== undefined) throw new ReachError(failure)
  }
  return ofCluster(seen, context)
}

/** The queues that the profile names, with what of them may not be asked; `null` where it names none, or nothing is served. */
async function queuesOf(
  node: RedisNode,
  { values }: NodeReading,
  { profile, target, memory, now, monotonic, signal }: LookContext<RedisMemory>,
  timeoutMs: () => number,
): Promise<(QueuesReading & { missing: Missing }) | null> {
  const queues = profile.redis.find(({ name }) => name === target)?.queues ?? []
  if (queues.length === 0 || values.redis_connected === 0) return null
  const missing = createMissing()
  const ask = async (command: string, ...args: (string | number)[]): Promise<unknown> => {
    try {
      return await node.command(command, args, { signal, timeoutMs: timeoutMs() })
    } catch (error) {
      if (missing.take(error, command)) return null
      throw error
    }
  }
  const reading = await lookAtQueues({ queues, before: memory?.queues ?? {}, ask, now, monotonic })
  return { ...reading, missing: missing.all() }
}

function ofServer(
  seen: NodeReading,
  queues: Awaited<ReturnType<typeof queuesOf>>,
  context: LookContext<RedisMemory>,
): Outcome {
  const { info, values } = seen
  const judged = limitFindings(values, info, {
    overrides: context.profile.limits,
    held: context.memory?.held ?? {},
    hitRate: windowHitRate(seen.memory.lookups),
  })
  const [worst] = worstFirst(nodeFindings(seen), judged.findings)
  const stopped = stoppedReason(seen)
  return {
    look: {
      status: stopped?.status ?? worst?.status ?? 'HEALTHY',
      reason: stopped?.reason ?? worst?.reason ?? healthyReason(seen),
      values: { ...values, ...errorValues([seen.errors]), ...queues?.values },
      evidence: boundEvidence({
        redisInfo: seen.sections,
        ...slowLogOf([seen]),
        ...(queues === null ? {} : { queues: queues.seen }),
        facts: {
          ...(info.version === null ? {} : { version: info.version }),
          ...(info.role === null ? {} : { role: info.role === 'slave' ? 'replica' : 'primary' }),
          ...(info.primary === null ? {} : { primary: info.primary }),
          ...missingFacts(queues === null ? [seen.missing] : [seen.missing, queues.missing]),
        },
      }),
      standings: serverStandings(seen, context),
      cost: { rows: seen.memory.slowLog?.entries.length ?? 0, bytes: seen.bytes },
    },
    memory: {
      nodes: { '': seen.memory },
      held: judged.held,
      ...(queues !== null && { queues: queues.memory, lookups: queues.lookups }),
    },
  }
}

/** A primary that sentinels name is another server after a failover: what is its own is kept by its address. */
function serverStandings(
  { name, info, settings }: NodeReading,
  { now, profile, target }: LookContext<RedisMemory>,
): Standing[] {
  const isNamedBySentinels = profile.redis.some((one) => one.name === target && one.sentinel !== undefined)
  if (!isNamedBySentinels) return [standingOf('', info, settings, now)]
  return [{ of: '', server: name }, standingOf(name, info, settings, now)]
}

/** Why it serves nobody though it speaks. */
function stoppedReason({
  name,
  info,
  obstacle,
  values,
}: NodeReading): Pick<Look, 'status' | 'reason'> | null {
  if (info.mode === 'sentinel') {
    const hop = `Redis ${name}`
    return { status: 'CRITICAL', reason: { code: 'redis-is-sentinel', params: { hop } } }
  }
  if (obstacle === null || values.redis_connected !== 0) return null
  const { loadedPercent, loadingSecondsLeft } = info
  const because: Reason =
    loadedPercent === null || loadingSecondsLeft === null
      ? failureReason(obstacle)
      : reason('redis-loading-progress', {
          percent: round(loadedPercent, 0),
          // Redis estimates -1 before it knows.
          seconds: Math.max(1, loadingSecondsLeft),
        })
  return { status: 'DISCONNECTED', reason: because }
}

function healthyReason({ info, values }: NodeReading): Reason {
  const latency = values.redis_latency_ms ?? 0
  const { primary, primaryHeardSecondsAgo: lag } = info
  // Watched as one server: of the others nothing is known.
  if (info.mode === 'cluster') return reason('redis-healthy-cluster-node', { latency })
  return primary !== null && lag !== null
    ? reason('redis-healthy-replica', { primary, lag, latency })
    : reason('redis-healthy', { latency, clients: info.connectedClients ?? 0 })
}

function ofCluster(look: ClusterLook, context: LookContext<RedisMemory>): Outcome {
  const seen = readings(look)
  const values = clusterValues(look)
  const judged = clusterFindings(look, values, {
    overrides: context.profile.limits,
    held: context.memory?.held ?? {},
    hitRate: windowHitRate(seen.flatMap(({ memory }) => memory.lookups)),
  })
  const [worst] = judged.findings
  const { members, outcomes } = look
  const primaries = members.filter(({ role, slots }) => role === 'primary' && slots > 0).length
  const versions = new Set(seen.map(({ info }) => info.version).filter((version) => version !== null))
  return {
    look: {
      status: worst?.status ?? 'HEALTHY',
      reason:
        worst?.reason ??
        reason('redis-healthy-cluster', {
          nodes: members.length,
          primaries,
          latency: values.redis_latency_ms ?? 0,
        }),
      values: { ...values, ...errorValues(seen.map(({ errors }) => errors)) },
      evidence: boundEvidence({
        redisNodes: clusterEvidence(look),
        ...slowLogOf(seen),
        facts: {
          version: [...versions].slice(0, 5).join(', '),
          nodes: String(members.length),
          ...(outcomes.length < members.length ? { watched: `${outcomes.length} / ${members.length}` } : {}),
          ...missingFacts(seen.map(({ missing }) => missing)),
        },
      }),
      standings: seen.map(({ name, info, settings }) => standingOf(name, info, settings, context.now)),
      cost: {
        rows: seen.reduce((sum, { memory }) => sum + (memory.slowLog?.entries.length ?? 0), 0),
        bytes: seen.reduce((sum, { bytes }) => sum + bytes, 0),
      },
    },
    memory: {
      // What was not reached now may have been before: its counters go on where it comes back.
      nodes: Object.fromEntries(
        outcomes.flatMap(({ name, seen: one }) => {
          const remembered = 'memory' in one ? one.memory : context.memory?.nodes[name]
          return remembered === undefined ? [] : [[name, remembered] as const]
        }),
      ),
      held: judged.held,
    },
  }
}

/** The newest slow commands of all servers; none where no slow log may be read. */
function slowLogOf(seen: readonly NodeReading[]): Pick<Evidence, 'slowLog'> {
  const logs = seen.flatMap(({ name, memory }) =>
    memory.slowLog === null ? [] : [{ name, log: memory.slowLog }],
  )
  if (logs.length === 0) return {}
  const entries = logs.flatMap(({ name, log }) =>
    log.entries.map((entry): SlowCommand => ({ ...entry, node: name })),
  )
  return { slowLog: entries.toSorted((one, other) => other.at - one.at).slice(0, SLOW_COMMANDS) }
}

function missingFacts(missing: readonly Missing[]): Record<string, string> {
  const forbidden = new Set(missing.flatMap((one) => one.forbidden))
  const renamed = new Set(missing.flatMap((one) => one.renamed))
  const grants = missing.flatMap(({ grant: one }) => one ?? [])
  // One statement for all of them: each begins with whom it is about.
  const [about = ''] = grants.map((one) => one.split(' ').slice(0, 3).join(' '))
  const rules = new Set(grants.flatMap((one) => one.split(' ').slice(3)))
  return {
    ...(forbidden.size === 0 ? {} : { forbidden: [...forbidden].join(', ') }),
    ...(renamed.size === 0 ? {} : { renamed: [...renamed].join(', ') }),
    ...(grants.length === 0 ? {} : { grant: [about, ...rules].join(' ') }),
  }
}

function unreachable(failure: Failure) {
  const values = unknownValues('redis')
  return {
    status: 'DISCONNECTED' as const,
    reason: failureReason(failure),
    values: tellsOfTarget(failure) ? { ...values, redis_connected: 0 } : values,
  }
}
