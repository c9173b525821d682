/** Who is connected: `CLIENT LIST`, which is asked for only where it is of a bounded size. */
import {
  CLIENT_GROUPINGS,
  type ClientGrouping,
  type RedisAnswer,
  type RedisClient,
  type RedisClientGroup,
  type RedisClients,
} from '#shared/model/redis-server.ts'
import type { Asker } from './asker.ts'
import { type Info, numberIn, readInfo } from './info.ts'

/** The server writes the whole list in one go: some 400 bytes each, about a millisecond for a thousand. */
const MOST_CLIENTS = 10_000
const LISTED = 500
const LISTED_GROUPS = 50
/** From where on idle and connected ones are counted together, in seconds. */
const AGES = [604_800, 86_400, 3_600, 600, 60, 0] as const
const OWN_NAME = 'vakhta'

export async function askClients(asker: Asker): Promise<RedisClients> {
  const [clients, stats] = await Promise.all([asker.ask('INFO', 'clients'), asker.ask('INFO', 'stats')])
  const info = readInfo(`${String(clients ?? '')}\n${String(stats ?? '')}`)
  const connected = info.number('clients', 'connected_clients')
  const tooMany = connected !== null && connected > MOST_CLIENTS
  const list = tooMany ? null : await asker.ask('CLIENT LIST')
  const all = parseClients(String(list ?? ''))
  return clientsOf(all, info, tooMany, asker.frame(all.length))
}

export function clientsOf(
  all: readonly RedisClient[],
  info: Info,
  tooMany: boolean,
  frame: RedisAnswer,
): RedisClients {
  return {
    ...frame,
    connected: info.number('clients', 'connected_clients') ?? (all.length === 0 ? null : all.length),
    blocked: info.number('clients', 'blocked_clients'),
    most: info.number('clients', 'maxclients'),
    rejected: info.number('stats', 'rejected_connections'),
    clients: all.toSorted(byInterest).slice(0, LISTED),
    groups: groupsOf(all),
    tooMany,
  }
}

/** One client a line, `name=value` with spaces between. https://redis.io/docs/latest/commands/client-list/ */
export function parseClients(text: string): RedisClient[] {
  return text.split('\n').flatMap((line) => {
    const fields = new Map<string, string>()
    for (const pair of line.trim().split(' ')) {
      const equals = pair.indexOf('=')
      if (equals > 0) fields.set(pair.slice(0, equals), pair.slice(equals + 1))
    }
    const id = numberIn(fields.get('id'))
    if (id === null) return []
    const flags = fields.get('flags') ?? ''
    const name = fields.get('name') ?? ''
    const library = [fields.get('lib-name'), fields.get('lib-ver')].filter(
      (part) => part !== undefined && part !== '',
    )
    const command = fields.get('cmd') ?? ''
    return {
      id,
      address: fields.get('addr') ?? '',
      name: name === '' ? null : name,
      user: fields.get('user') ?? null,
      command: command === '' || command === 'NULL' ? null : command.replace('|', ' ').toUpperCase(),
      library: library.length === 0 ? null : library.join(' '),
      database: numberIn(fields.get('db')) ?? 0,
      connectedSeconds: numberIn(fields.get('age')) ?? 0,
      idleSeconds: numberIn(fields.get('idle')) ?? 0,
      kind: kindOf(flags),
      blocked: flags.includes('b'),
      outputBytes: numberIn(fields.get('omem')) ?? 0,
      memoryBytes: numberIn(fields.get('tot-mem')),
      own: name === OWN_NAME,
    }
  })
}

function kindOf(flags: string): RedisClient['kind'] {
  // A monitor is flagged as a replica too.
  if (flags.includes('O')) return 'monitor'
  if (flags.includes('S')) return 'replica'
  if (flags.includes('M')) return 'primary'
  return flags.includes('P') ? 'subscriber' : 'normal'
}

function byInterest(one: RedisClient, other: RedisClient): number {
  return (
    Number(other.kind === 'monitor') - Number(one.kind === 'monitor') ||
    Number(other.blocked) - Number(one.blocked) ||
    other.outputBytes - one.outputBytes ||
    one.idleSeconds - other.idleSeconds ||
    (other.memoryBytes ?? 0) - (one.memoryBytes ?? 0)
  )
}

const VALUE_OF: Record<ClientGrouping, (client: RedisClient) => string | null> = {
  name: ({ name }) => name,
  address: ({ address }) => hostOf(address),
  command: ({ command }) => command,
  user: ({ user }) => user,
  library: ({ library }) => library,
  idle: ({ idleSeconds }) => ageOf(idleSeconds),
  connected: ({ connectedSeconds }) => ageOf(connectedSeconds),
}

/** Without the port; a local socket is told as its path with `:0`. */
function hostOf(address: string): string {
  return address.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1')
}

function ageOf(seconds: number): string {
  return String(AGES.find((least) => seconds >= least) ?? 0)
}

function groupsOf(all: readonly RedisClient[]): RedisClients['groups'] {
  const of = (grouping: ClientGrouping) => [grouping, groupBy(all, VALUE_OF[grouping])] as const
  return Object.fromEntries(CLIENT_GROUPINGS.map(of)) as RedisClients['groups']
}

function groupBy(
  all: readonly RedisClient[],
  shared: (client: RedisClient) => string | null,
): RedisClientGroup[] {
  const groups = new Map<string | null, RedisClientGroup>()
  for (const client of all) {
    const value = shared(client)
    let group = groups.get(value)
    if (group === undefined) {
      group = { value, clients: 0, blocked: 0, longestIdleSeconds: 0, outputBytes: 0, memoryBytes: null }
      groups.set(value, group)
    }
    group.clients += 1
    group.blocked += client.blocked ? 1 : 0
    group.longestIdleSeconds = Math.max(group.longestIdleSeconds, client.idleSeconds)
    group.outputBytes += client.outputBytes
    if (client.memoryBytes !== null) group.memoryBytes = (group.memoryBytes ?? 0) + client.memoryBytes
  }
  return [...groups.values()].toSorted((one, other) => other.clients - one.clients).slice(0, LISTED_GROUPS)
}
