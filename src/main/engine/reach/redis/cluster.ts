/**
 * A cluster: its nodes are learned from one of those that the profile names, each is watched on one connection of its own,
 * and what the cluster says of itself is read again every half minute and where a node is lost. While no node is reached
 * the named ones are asked again.
 */
import type { ConnectionHop } from '#shared/model/connection.ts'
import { failed, type Place } from '../failed.ts'
import { createGate } from '../gate.ts'
import { type Limits, ReachError, type RedisNodes } from '../reach.ts'
import { createSupervisor, type Opened } from '../supervisor.ts'
import type { Endpoint } from '../way.ts'
import { endpointName, type RedisAddress, serverPlace } from './address.ts'
import { askTopology, askTopologyAt } from './ask-topology.ts'
import { type Topology, type TopologyNode, watchedOf } from './cluster-topology.ts'
import { openRedis } from './connection.ts'
import { createNode, type NodeDependencies, type SupervisedNode, waitsForPerson } from './node.ts'
import type { SupervisedRedis } from './session.ts'

const REFRESH_MS = 30_000
/** A node that is lost is asked about soon, but not for each of many that are lost together. */
const REFRESH_SOON_MS = 1_000
const REFRESH_TIMEOUT_MS = 5_000
/** How long one of several named nodes may take for the way there, and for the login; another may be well. */
const NAMED_TIMEOUT_MS = 3_000
/** Connections that are made at once: a bastion and its channels are shared with others. */
const OPENING_AT_ONCE = 8
/** Nodes that are not reached and are named on the path; there may be many, and one cause. */
const SHOWN_UNREACHED = 8

interface WatchedNode extends SupervisedNode {
  readonly endpoint: { readonly host: string; readonly port: number }
}

interface OpenCluster {
  nodes(): RedisNodes
  states(): ConnectionHop[]
  connected(): WatchedNode | null
  refreshSoon(): void
  retry(): void
  wayIsUp(): void
}

export function createClusterSession({
  place,
  address,
  ...dependencies
}: NodeDependencies & { place: Place; address: RedisAddress }): SupervisedRedis {
  const { way, clock, random, log, onChange } = dependencies
  const supervisor = createSupervisor<OpenCluster>({
    place,
    way,
    clock,
    random,
    log,
    onChange,
    open: async (signal) => openCluster(await learn(signal)),
  })

  /** Asks the named nodes in turn, each on a connection that is closed before any node is watched. */
  async function learn(signal: AbortSignal): Promise<Topology> {
    let last: ReachError | null = null
    const briefly = address.endpoints.length > 1 ? { timeoutMs: NAMED_TIMEOUT_MS } : {}
    for (const endpoint of address.endpoints) {
      try {
        return await askTopologyAt(
          { endpoint, login: address.login, place: serverPlace(endpoint), ...briefly },
          dependencies,
          signal,
        )
      } catch (error) {
        if (!(error instanceof ReachError) || signal.aborted || waitsForPerson(error)) throw error
        last = error
      }
    }
    throw last ?? failed(place, 'protocol', 'connection-failed', { words: 'no node is named' })
  }

  function openCluster(first: Topology): Opened<OpenCluster> {
    const gate = createGate(OPENING_AT_ONCE)
    const watched = new Map<string, WatchedNode>()
    const closing = new Set<Promise<void>>()
    const ended = Promise.withResolvers<ReachError>()
    const stopping = new AbortController()
    let topology = first
    let running: Promise<void> = Promise.resolve()
    let cancelRefresh = clock.after(REFRESH_MS, beginRefresh)
    let refreshing = false
    let isSoon = false

    function watchNode({ endpoint }: TopologyNode): WatchedNode | null {
      if (endpoint === null) return null
      const at = serverPlace(endpoint)
      const name = endpointName(endpoint)
      let wasUp = false
      const supervised = createNode({
        ...dependencies,
        place: at,
        name,
        onChange() {
          const { status } = one.state()
          if (wasUp && status !== 'CONNECTED') refreshSoon()
          wasUp = status === 'CONNECTED'
          endIfAllAreLost()
          onChange()
        },
        open: (signal) =>
          gate.pass(signal, async () => ({
            connection: await openRedis({ endpoint, login: address.login, place: at }, dependencies, signal),
            place: at,
            name,
            release: () => Promise.resolve(),
          })),
      })
      const one: WatchedNode = { ...supervised, endpoint }
      return one
    }

    /** Watches what is new, and closes what has left or moved: that first, so that no server ever has two of ours. */
    function follow(next: Topology): void {
      const wasFailed = new Set(
        topology.filter(({ member }) => member.state === 'failed').map(({ id }) => id),
      )
      topology = next
      const wanted = new Map(watchedOf(next).map((node) => [node.id, node]))
      for (const [id, node] of watched) {
        const same = wanted.get(id)
        if (same?.endpoint != null && endpointName(same.endpoint) === endpointName(node.endpoint)) {
          // The others hear it again; its own backoff need not be waited for. What waits for a person still does.
          const isBack = wasFailed.has(id) && same.member.state === 'ok'
          if (isBack && node.state().error?.recovery === 'by-itself') node.retry()
          continue
        }
        watched.delete(id)
        const closed = node.close().finally(() => closing.delete(closed))
        closing.add(closed)
      }
      const isNew = [...wanted].filter(([id]) => !watched.has(id))
      void Promise.all(closing).then(() => {
        if (stopping.signal.aborted) return
        for (const [id, node] of isNew) {
          if (watched.has(id) || topology !== next) continue
          const one = watchNode(node)
          if (one !== null) watched.set(id, one)
        }
        onChange()
      })
    }

    function endIfAllAreLost(): void {
      const states = [...watched.values()].map((node) => node.state())
      const isUp = ({ status }: ConnectionHop) => status === 'CONNECTED' || status === 'CONNECTING'
      if (states.length === 0 || states.some(isUp)) return
      const failure = way.down() ?? states.find(({ error }) => error !== null)?.error
      if (failure != null) ended.resolve(new ReachError(failure))
    }

    function connected(): WatchedNode | null {
      return [...watched.values()].find((node) => node.state().status === 'CONNECTED') ?? null
    }

    function beginRefresh(): void {
      isSoon = false
      if (refreshing || stopping.signal.aborted) return
      refreshing = true
      running = refresh().finally(() => {
        refreshing = false
        if (!stopping.signal.aborted && !isSoon) cancelRefresh = clock.after(REFRESH_MS, beginRefresh)
      })
    }

    function refreshSoon(): void {
      if (isSoon || stopping.signal.aborted) return
      isSoon = true
      cancelRefresh()
      cancelRefresh = clock.after(REFRESH_SOON_MS, beginRefresh)
    }

    async function refresh(): Promise<void> {
      const from = connected()
      if (from === null) return
      const limits: Limits = { signal: stopping.signal, timeoutMs: REFRESH_TIMEOUT_MS }
      const call = (command: string, args: readonly string[]) => from.node.command(command, args, limits)
      const next = await askTopology(call, from.endpoint, serverPlace(from.endpoint)).catch(() => null)
      if (next !== null && !stopping.signal.aborted) follow(next)
    }

    follow(first)
    return {
      value: {
        nodes: () => ({
          nodes: [...watched].map(([id, { node }]) => ({
            get name() {
              return node.name
            },
            get latencyMs() {
              return node.latencyMs
            },
            command: node.command,
            member: topology.find((one) => one.id === id)?.member ?? null,
          })),
          members: topology.map(({ member }) => member),
        }),
        states: () => [...watched.values()].map((node) => node.state()),
        connected,
        refreshSoon,
        retry: () => watched.forEach((node) => void node.retry()),
        wayIsUp: () => watched.forEach((node) => void node.wayIsUp()),
      },
      ended: ended.promise,
      async close() {
        stopping.abort(failed(place, 'protocol', 'watch-ended'))
        cancelRefresh()
        await Promise.all([...[...watched.values()].map((node) => node.close()), ...closing, running])
      },
    }
  }

  let latencyMs: number | null = null
  return {
    session: {
      get name() {
        return endpointName(address.endpoints[0] as Endpoint)
      },
      get latencyMs() {
        return latencyMs
      },
      async command(command, args, limits) {
        const cluster = await supervisor.get(limits)
        const [any] = cluster.nodes().nodes
        const node = cluster.connected()?.node ?? any
        if (node === undefined)
          throw failed(place, 'protocol', 'connection-slow', { seconds: limits.timeoutMs / 1_000 })
        const answer = await node.command(command, args, limits)
        latencyMs = node.latencyMs
        return answer
      },
      nodes: async (limits) => (await supervisor.get(limits)).nodes(),
      doubt: () => supervisor.current()?.refreshSoon(),
    },
    states() {
      const { status, failure } = supervisor.status()
      const states = supervisor.current()?.states() ?? []
      const ms = states.reduce<number | null>(
        (most, state) => (state.ms === null ? most : Math.max(most ?? 0, state.ms)),
        null,
      )
      const whole: ConnectionHop = { hop: place.hop, kind: 'redis', status, ms, error: failure }
      const unreached = states.filter((state) => state.status !== 'CONNECTED')
      return [whole, ...unreached.slice(0, SHOWN_UNREACHED)]
    },
    retry() {
      supervisor.current()?.retry()
      supervisor.retry()
    },
    wayIsUp() {
      supervisor.current()?.wayIsUp()
      supervisor.wayIsUp()
    },
    close: supervisor.close,
  }
}
