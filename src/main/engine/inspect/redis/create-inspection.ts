/**
 * Everything that a person asks a Redis for, at this moment, over the one connection that there is to each of its servers. Who asks
 * the same within a second gets the same answer. What the probe saw of the slow log is remembered here beyond the server's own.
 */
import type { Observation } from '#shared/model/observation.ts'
import { readRedisUrl } from '#shared/model/profile/redis-url.ts'
import type {
  RedisClients,
  RedisMemory,
  RedisOverview,
  RedisSlowLog,
  RevealedCommand,
  RevealedKeys,
} from '#shared/model/redis-server.ts'
import type { Clock } from '../../clock.ts'
import type { ClusterMember, Reach, RedisNodes } from '../../reach/reach.ts'
import { NotWatched } from '../not-watched.ts'
import { createSharedAnswers } from '../shared-answers.ts'
import { type Asker, createAsker } from './asker.ts'
import { askClients } from './clients.ts'
import { askMemory, revealedOf, type SampledNames } from './memory.ts'
import { askOverview } from './overview.ts'
import { askSlowLog, FETCHED, revealCommand, slowLogOf } from './slow-log.ts'
import { emptyMemory, remember, rememberedOf, type SlowLogMemory } from './slow-log-memory.ts'

const NODES_TIMEOUT_MS = 5_000
/** How long names that were sampled may be revealed. */
const NAMES_KEPT_MS = 10 * 60_000
const PRUNE_EVERY_MS = 60_000

/** A Redis of a deployment, as far as it matters here. */
export interface InspectedRedis {
  readonly deployment: string
  readonly target: string
  /** The URL of its profile: another one is another server. */
  readonly address: string
  /** Names of keys that the profile names, so that they may be shown. */
  readonly queues: readonly string[]
}

/** Which server is asked. */
export interface AskedRedis {
  readonly deployment: string
  readonly target: string
  /** Of a cluster; left out: its first primary. */
  readonly node?: string | undefined
}

export interface RedisInspectionOptions {
  /** Those of a deployment; none where it is not on record, or paused. */
  readonly serversOf: (deployment: string) => readonly InspectedRedis[]
  readonly reachOf: (deployment: string) => Reach | null
  readonly clock: Clock
}

/**
 * All of them throw `NotWatched` where the deployment has no way at the moment, and `ReachError` where the server cannot be
 * asked; `unknown-node`: the cluster has no such node, or it is not watched.
 */
export interface RedisInspection {
  overview(asked: AskedRedis, signal: AbortSignal): Promise<RedisOverview | 'unknown-node'>
  slowLog(asked: AskedRedis, signal: AbortSignal): Promise<RedisSlowLog | 'unknown-node'>
  clients(asked: AskedRedis, signal: AbortSignal): Promise<RedisClients | 'unknown-node'>
  /** `replica`: in a cluster only primaries answer for keys. */
  memory(asked: AskedRedis, signal: AbortSignal): Promise<RedisMemory | 'unknown-node' | 'replica'>
  /** `gone`: the server has the entry no longer. */
  revealCommand(
    asked: AskedRedis,
    entry: { entry: number; at: number },
    signal: AbortSignal,
  ): Promise<RevealedCommand | 'unknown-node' | 'gone'>
  /** Of the latest sample; `gone`: there is none any more, or nothing in it is under that prefix. */
  revealKeys(asked: AskedRedis, prefix: string): RevealedKeys | 'gone'
  /** What a look of the Redis probe saw. */
  note(observation: Observation): void
  stop(): void
}

interface Asking {
  readonly asker: Asker
  readonly name: string
  readonly member: ClusterMember | null
  readonly members: RedisNodes['members']
}

export function createRedisInspection({
  serversOf,
  reachOf,
  clock,
}: RedisInspectionOptions): RedisInspection {
  const shared = createSharedAnswers({ clock })
  /** By deployment, target and address. */
  const slowLogs = new Map<string, { readonly of: InspectedRedis; readonly memory: SlowLogMemory }>()
  let prunedAt = clock.now()
  /** By deployment and target, and the node that was asked for. */
  const samples = new Map<string, { readonly at: number; readonly of: SampledNames }>()

  const serverAt = (deployment: string, target: string) =>
    serversOf(deployment).find((one) => one.target === target)

  function found({ deployment, target }: AskedRedis): InspectedRedis {
    const server = serverAt(deployment, target)
    if (server === undefined) throw new NotWatched(deployment, 'opening')
    return server
  }

  const keyOf = ({ deployment, target, address }: InspectedRedis) => `${deployment} ${target} ${address}`
  const nodeKeyOf = (asked: AskedRedis) => `${keyOf(found(asked))} ${asked.node ?? ''}`

  async function asking(asked: AskedRedis, signal: AbortSignal): Promise<Asking | null> {
    const reach = reachOf(asked.deployment)
    if (reach === null) throw new NotWatched(asked.deployment, 'opening')
    const limits = { signal, timeoutMs: NODES_TIMEOUT_MS }
    const { nodes, members } = await reach.redis(asked.target).nodes(limits)
    const node =
      asked.node === undefined
        ? (nodes.find(({ member }) => member === null || (member.role === 'primary' && member.slots > 0)) ??
          nodes[0])
        : nodes.find(({ name }) => name === asked.node)
    if (node === undefined) return null
    const named = nodes.map(({ name, member }) => ({ name, role: member?.role ?? null }))
    const asker = createAsker({ node, nodes: named, clock, signal })
    return { asker, name: node.name, member: node.member, members }
  }

  /** One answer for all who ask the same at the same time. */
  function question<Answer>(kind: string, answer: (asking: Asking, asked: AskedRedis) => Promise<Answer>) {
    return (asked: AskedRedis, signal: AbortSignal): Promise<Answer | 'unknown-node'> =>
      shared.ask(`${kind} ${nodeKeyOf(asked)}`, signal, async (untilNobodyWaits) => {
        const at = await asking(asked, untilNobodyWaits)
        return at === null ? 'unknown-node' : answer(at, asked)
      })
  }

  function memoryOf(server: InspectedRedis): SlowLogMemory {
    return slowLogs.get(keyOf(server))?.memory ?? emptyMemory(clock.now())
  }

  /** What belongs to no server any more is forgotten, and keys' names after a while. Looked for now and then only. */
  function prune(): void {
    const now = clock.now()
    if (Math.abs(now - prunedAt) < PRUNE_EVERY_MS) return
    prunedAt = now
    for (const [key, { of }] of slowLogs) {
      if (!serversOf(of.deployment).some((one) => keyOf(one) === key)) slowLogs.delete(key)
    }
    for (const [key, { at }] of samples) if (now - at > NAMES_KEPT_MS) samples.delete(key)
  }

  return {
    overview: question('overview', ({ asker, members }) => askOverview(asker, members)),
    clients: question('clients', ({ asker }) => askClients(asker)),
    slowLog: question('slow-log', async ({ asker, name }, asked) => {
      const server = found(asked)
      const log = await askSlowLog(asker, name)
      const { keeps } = log.settings
      const whole = asker.isMissing('SLOWLOG GET')
        ? null
        : { node: name, room: keeps === null ? 0 : Math.min(FETCHED, keeps) }
      const memory = remember(memoryOf(server), log.entries, clock.now(), whole)
      slowLogs.set(keyOf(server), { of: server, memory })
      const remembered = rememberedOf(memory)
      return slowLogOf(remembered, log, asker.frame(log.entries.length))
    }),
    memory: question('memory', async ({ asker, member, members }, asked) => {
      if (members !== null && member?.role === 'replica') return 'replica'
      const { memory, sampled } = await askMemory(
        asker,
        databaseIn(found(asked).address),
        found(asked).queues,
      )
      prune()
      samples.set(nodeKeyOf(asked), { at: clock.now(), of: sampled })
      return memory
    }),

    async revealCommand(asked, entry, signal) {
      const at = await asking(asked, signal)
      if (at === null) return 'unknown-node'
      return (await revealCommand(at.asker, entry)) ?? 'gone'
    },

    revealKeys(asked, prefix) {
      const sample = samples.get(nodeKeyOf(asked))
      const isKept = sample !== undefined && clock.now() - sample.at <= NAMES_KEPT_MS
      const keys = isKept ? revealedOf(sample.of, prefix) : []
      return keys.length === 0 ? 'gone' : { at: clock.now(), prefix, keys }
    },

    note({ deployment, probe, target, evidence }) {
      if (probe !== 'redis') return
      prune()
      const server = serverAt(deployment, target)
      if (server === undefined) return
      const seen = (evidence?.slowLog ?? []).map((entry) => ({ ...entry, node: entry.node ?? target }))
      slowLogs.set(keyOf(server), { of: server, memory: remember(memoryOf(server), seen, clock.now()) })
    },

    stop() {
      shared.close()
      slowLogs.clear()
      samples.clear()
    },
  }
}

/** The database that a URL names, which is the one that its connection is on. */
function databaseIn(address: string): number {
  const url = readRedisUrl(address)
  return 'fault' in url ? 0 : url.database
}
