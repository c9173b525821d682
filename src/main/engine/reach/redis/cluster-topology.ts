/**
 * Reads which nodes a cluster has, from `CLUSTER NODES` (every node with its state) and `CLUSTER SLOTS` (under which name each
 * wants to be called). Both are there from Redis 3 to 8 and in Valkey; `CLUSTER SHARDS` came with 7 and says no more.
 * Formats: https://redis.io/docs/latest/commands/cluster-nodes/ and https://redis.io/docs/latest/commands/cluster-slots/
 */
import { z } from 'zod'
import type { ClusterMember } from '../reach.ts'
import { endpointName } from './address.ts'

export interface TopologyNode {
  readonly id: string
  /** Where it is dialled, as seen from the end of the way; `null` where the cluster knows no address. */
  readonly endpoint: { readonly host: string; readonly port: number } | null
  readonly member: ClusterMember
}

export type Topology = readonly TopologyNode[]

/** What nobody answers about is looked at no further: as many nodes as a cluster may reasonably have. */
const MOST_NODES = 1_000

/** `<ip:port@cport[,hostname[,name=value…]]>`; before Redis 4 without `@cport`. */
const ADDRESS = /^(.*):(\d+)(?:@\d+)?(?:,([^,]*))?(?:,.*)?$/

interface NodeLine {
  readonly id: string
  readonly host: string
  readonly hostname: string
  readonly port: number
  readonly flags: readonly string[]
  readonly slots: number
}

/**
 * @param nodes the answer to `CLUSTER NODES`; `null` where it is forbidden
 * @param slots the answer to `CLUSTER SLOTS`; `null` where it is forbidden
 * @param asked the host that was asked: nodes that announce none are at the same
 */
export function readTopology(nodes: unknown, slots: unknown, asked: string): Topology {
  const preferred = readSlots(slots)
  const lines = typeof nodes === 'string' ? readNodeLines(nodes) : []
  if (lines.length === 0) return fromSlots(preferred, asked)
  return lines.map(({ id, host, hostname, port, flags, slots: served }) => {
    const called = preferred.get(id)
    const at = {
      host: called === undefined ? host || hostname || asked : (called.host ?? asked),
      port: called?.port ?? port,
    }
    const dialable = at.port > 0 && !flags.includes('noaddr')
    return {
      id,
      endpoint: dialable ? at : null,
      member: {
        name: dialable ? endpointName(at) : id.slice(0, 8),
        role: flags.includes('slave') || flags.includes('replica') ? 'replica' : 'primary',
        state: stateOf(flags),
        slots: served,
      },
    }
  })
}

function stateOf(flags: readonly string[]): ClusterMember['state'] {
  if (flags.includes('fail') || flags.includes('noaddr')) return 'failed'
  if (flags.includes('fail?')) return 'suspected'
  return flags.includes('handshake') ? 'joining' : 'ok'
}

function readNodeLines(text: string): NodeLine[] {
  const lines: NodeLine[] = []
  for (const line of text.split('\n')) {
    const [id, address, flags, , , , , , ...served] = line.trim().split(' ')
    const [, host, port, hostname = ''] = ADDRESS.exec(address ?? '') ?? []
    if (id === undefined || flags === undefined || host === undefined) continue
    lines.push({
      id,
      host: host.replace(/^\[|\]$/g, ''),
      hostname,
      port: Number(port),
      flags: flags.split(','),
      slots: served.reduce((sum, range) => sum + slotsIn(range), 0),
    })
    if (lines.length === MOST_NODES) break
  }
  return lines
}

/** `0-5460`, `7`; a slot that moves, `[93->-…]`, is counted where its range stands. */
function slotsIn(range: string): number {
  const [, from, to] = /^(\d+)(?:-(\d+))?$/.exec(range) ?? []
  return from === undefined ? 0 : Number(to ?? from) - Number(from) + 1
}

interface Called {
  /** `null`: the host that was asked. */
  readonly host: string | null
  readonly port: number
  readonly role: ClusterMember['role']
  slots: number
}

/** `[endpoint, port, id, metadata?]`; the endpoint is empty, `?` or null where it is not known (7 and later). */
const SlotNode = z.tuple([z.string().nullable(), z.number(), z.string()]).rest(z.unknown())
const SlotRange = z.tuple([z.number(), z.number()]).rest(SlotNode)

function readSlots(answer: unknown): Map<string, Called> {
  const called = new Map<string, Called>()
  for (const range of Array.isArray(answer) ? (answer as unknown[]) : []) {
    const parsed = SlotRange.safeParse(range)
    if (!parsed.success) continue
    const [from, to, ...nodes] = parsed.data
    for (const [index, [host, port, id]] of nodes.entries()) {
      const role = index === 0 ? 'primary' : 'replica'
      const one = called.get(id) ?? {
        host: host === null || host === '' || host === '?' ? null : host,
        port,
        role,
        slots: 0,
      }
      if (role === 'primary') one.slots += to - from + 1
      called.set(id, one)
      if (called.size === MOST_NODES) return called
    }
  }
  return called
}

/** Where the nodes' states may not be asked for: those that serve slots, which are well as far as is known. */
function fromSlots(called: ReadonlyMap<string, Called>, asked: string): Topology {
  return [...called].map(([id, { host, port, role, slots }]) => {
    const endpoint = { host: host ?? asked, port }
    return { id, endpoint, member: { name: endpointName(endpoint), role, state: 'ok', slots } }
  })
}

/** How many nodes are watched; of a larger cluster some stand for all. */
export const WATCHED_NODES = 64

/** Those that are watched: primaries before replicas, by id, so that they stay the same as long as they can. */
export function watchedOf(topology: Topology): readonly TopologyNode[] {
  const dialable = topology.filter(({ endpoint, member }) => endpoint !== null && member.state !== 'joining')
  if (dialable.length <= WATCHED_NODES) return dialable
  const rank = ({ member }: TopologyNode): number => (member.role === 'primary' ? 0 : 1)
  return dialable
    .toSorted((one, other) => rank(one) - rank(other) || (one.id < other.id ? -1 : 1))
    .slice(0, WATCHED_NODES)
}
