/** One look at one Redis server: PING's round trip, `INFO`, and the slow log when something new is in it. */
import { type Failure, isFailure } from '#shared/model/failure.ts'
import type { MetricValues } from '#shared/model/observation.ts'
import { ReachError, type RedisNode } from '../../reach/reach.ts'
import { increase, round } from '../figures.ts'
import { type ErrorRates, errorRates } from './errors.ts'
import { type Lookups, type OwnLookups, slideWindow, withoutOwn } from './hit-rate.ts'
import { type InfoSections, parseInfo, type RedisInfo, readInfo } from './info.ts'
import { persistenceAge } from './persistence.ts'
import { hasNews, parseSlowLog, rememberSlowLog, SLOW_LOG_FETCHED, type SlowLogMemory } from './slow-log.ts'
import { askSettings, SETTINGS_EVERY_MS } from './standing.ts'
import { redisValues } from './values.ts'

/** How often the `save` setting is asked for: people change it by hand, rarely. */
const SAVE_SETTING_EVERY_MS = 300_000

/** What the next look at the same server wants to know of this one. */
export interface NodeMemory {
  /** Monotonic, as all times in here. */
  readonly at: number
  readonly info: RedisInfo
  readonly slowLog: SlowLogMemory | null
  readonly snapshots: boolean | null
  readonly snapshotsAt: number
  /** When the settings are to be asked for again. */
  readonly settingsDueAt: number
  readonly lookups: readonly Lookups[]
}

/** Commands that are not answered, and which way. */
export interface Missing {
  /** The access list denies them. */
  readonly forbidden: readonly string[]
  /** The server does not know them: they were renamed away, or it is hosted without them. */
  readonly renamed: readonly string[]
  /** The statement that allows what is forbidden; `null` where nothing is. */
  readonly grant: string | null
}

export interface NodeReading {
  readonly name: string
  /** Why PING was not answered, though the server speaks: it loads, lost its primary, or cannot save. */
  readonly obstacle: Failure | null
  readonly sections: InfoSections
  readonly info: RedisInfo
  readonly values: MetricValues
  /** Of the last interval. */
  readonly hits: number | null
  readonly misses: number | null
  /** What `CLUSTER INFO` says, of a node of a cluster. */
  readonly cluster: { readonly isOk: boolean; readonly uncovered: number } | null
  /** Commands that were refused for want of memory since the look before; `null` where that is not known. */
  readonly outOfMemory: number | null
  readonly errors: ErrorRates | null
  readonly missing: Missing
  /** By name, where it was time to ask for them, and they may be read. */
  readonly settings: Readonly<Record<string, string>> | null
  readonly bytes: number
  readonly memory: NodeMemory
}

export interface NodeLookContext {
  readonly node: RedisNode
  readonly inCluster: boolean
  readonly before: NodeMemory | null
  /** Our own lookups there since that look; left out: none. */
  readonly own?: OwnLookups | undefined
  readonly now: number
  readonly monotonic: () => number
  readonly signal: AbortSignal
  /** For each of the questions. */
  readonly timeoutMs: () => number
}

/** Then it serves nobody, but says how it is. */
const SERVES_NOTHING = ['redis-loading', 'redis-primary-down'] as const

/** Throws a `ReachError` where the server is not reached, or does not answer. */
export async function lookAtNode(context: NodeLookContext): Promise<NodeReading> {
  const { node, before: remembered, now, monotonic } = context
  const missing = createMissing()
  /** `null` where this user may not ask. */
  const ask = async (name: string, ...args: (string | number)[]): Promise<unknown> => {
    try {
      return await node.command(name, args, { signal: context.signal, timeoutMs: context.timeoutMs() })
    } catch (error) {
      if (missing.take(error, name)) return null
      throw error
    }
  }

  const obstacle = await ask('PING').then(() => null, obstacleOf)
  const latencyMs = obstacle !== null || node.latencyMs === null ? null : round(node.latencyMs)
  const servesNothing = obstacle !== null && isFailure(obstacle, ...SERVES_NOTHING)
  const began = monotonic()
  const [infoAnswer, newest, clusterInfo] = await Promise.all([
    ask('INFO'),
    servesNothing ? null : ask('SLOWLOG', 'GET', 1),
    context.inCluster && !servesNothing ? ask('CLUSTER', 'INFO') : null,
  ])
  const text = String(infoAnswer ?? '')
  const sections = parseInfo(text)
  const info = readInfo(sections)

  // Another run of the server: its counters, its slow log and perhaps its settings started over.
  const before = remembered?.info.runId === info.runId ? remembered : null
  let slowLog: SlowLogMemory | null = null
  if (Array.isArray(newest)) {
    slowLog = before?.slowLog ?? null
    if (hasNews(slowLog, parseSlowLog(newest))) {
      slowLog = rememberSlowLog(slowLog, parseSlowLog(await ask('SLOWLOG', 'GET', SLOW_LOG_FETCHED)))
    }
  }
  let { snapshots, snapshotsAt } = before ?? { snapshots: null, snapshotsAt: Number.NEGATIVE_INFINITY }
  if (!servesNothing && began - snapshotsAt >= SAVE_SETTING_EVERY_MS) {
    snapshots = saveSetting(await ask('CONFIG', 'GET', 'save'))
    snapshotsAt = began
  }
  let settings: NodeReading['settings'] = null
  let settingsDueAt = before?.settingsDueAt ?? Number.NEGATIVE_INFINITY
  if (!servesNothing && began >= settingsDueAt) {
    settings = await askSettings((...patterns) => ask('CONFIG', 'GET', ...patterns), info)
    settingsDueAt = began + (settings === null ? SAVE_SETTING_EVERY_MS : SETTINGS_EVERY_MS)
  }

  const hits = withoutOwn(increase(before?.info.hits, info.hits), context.own?.hits ?? 0)
  const misses = withoutOwn(increase(before?.info.misses, info.misses), context.own?.misses ?? 0)
  const lookups =
    hits === null || misses === null
      ? (before?.lookups ?? [])
      : slideWindow(before?.lookups ?? [], { at: began, hits, misses })
  const elapsedMs = before === null ? 0 : elapsed(before, info, began)
  return {
    name: node.name,
    obstacle,
    sections,
    info,
    values: redisValues(info, before?.info ?? null, {
      isServing: !servesNothing,
      latencyMs,
      elapsedMs,
      hits,
      misses,
      slowCommands: slowLog?.total ?? null,
      persistenceAgeSeconds: persistenceAge(info, snapshots, now),
    }),
    hits,
    misses,
    cluster: parseClusterInfo(clusterInfo),
    outOfMemory: increase(before?.info.outOfMemoryErrors, info.outOfMemoryErrors),
    errors: errorRates(info, before?.info ?? null, elapsedMs),
    missing: missing.all(),
    settings,
    bytes: Buffer.byteLength(text),
    memory: { at: began, info, slowLog, snapshots, snapshotsAt, settingsDueAt, lookups },
  }
}

function obstacleOf(error: unknown): Failure {
  if (error instanceof ReachError && isFailure(error.failure, ...SERVES_NOTHING, 'redis-writes-refused')) {
    return error.failure
  }
  throw error
}

/** Collects what is refused; hosted servers rename commands away, and access lists deny them by name. */
export function createMissing() {
  const forbidden = new Set<string>()
  const renamed = new Set<string>()
  const rules = new Set<string>()
  let statement: string | null = null
  return {
    /** Whether an error says that this command is missing. */
    take(error: unknown, name: string): boolean {
      if (!(error instanceof ReachError)) return false
      if (isFailure(error.failure, 'redis-command-unknown')) {
        renamed.add(name)
        return true
      }
      if (!isFailure(error.failure, 'redis-command-denied')) return false
      forbidden.add(name)
      // `ACL SETUSER user +rule …`: one statement for all of them.
      const [acl, setuser, user, ...granted] = String(error.failure.params.grant ?? '').split(' ')
      for (const rule of granted) rules.add(rule)
      statement = [acl, setuser, user, ...rules].join(' ')
      return true
    },
    all: (): Missing => ({ forbidden: [...forbidden], renamed: [...renamed], grant: statement }),
  }
}

/** Time between two looks by the server's own clock where it tells, which the way there does not distort. */
function elapsed(before: NodeMemory, info: RedisInfo, at: number): number {
  const { serverTimeMs } = before.info
  return serverTimeMs !== null && info.serverTimeMs !== null
    ? info.serverTimeMs - serverTimeMs
    : at - before.at
}

/** `CONFIG GET save` answers a list of name and value; `null` where it does not say. */
function saveSetting(answer: unknown): boolean | null {
  const value: unknown = Array.isArray(answer) ? answer[1] : null
  return typeof value === 'string' ? value.trim() !== '' : null
}

const SLOTS = 16_384

/** `CLUSTER INFO`: `name:value` lines. A slot that is suspected to have failed is served as long as that is not agreed on. */
export function parseClusterInfo(answer: unknown): NodeReading['cluster'] {
  if (typeof answer !== 'string') return null
  const fields = parseInfo(`# cluster\n${answer}`).cluster ?? {}
  const state = fields.cluster_state
  const served = Number(fields.cluster_slots_ok) + Number(fields.cluster_slots_pfail ?? 0)
  if (state === undefined || !Number.isFinite(served)) return null
  return { isOk: state === 'ok', uncovered: Math.max(0, SLOTS - served) }
}
