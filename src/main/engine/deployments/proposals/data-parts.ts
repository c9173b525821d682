/** PostgreSQL and Redis of a profile from what was found of them: one place once, and its URL without a password. */
import type { DeploymentProfileInput } from '#shared/model/profile/deployment.ts'
import {
  type Found,
  note,
  type PostgresFound,
  type RedisFound,
  type ServerFound,
  type Sketch,
} from './sketch.ts'

/** Gives a password a name in the vault, and refers to it. */
type Refer = (what: string, password: Found | null) => { password?: `secret:${string}` }

const MOST_REDIS = 50

/** Whether a name means the machine itself. */
export function samePlace(host: string): boolean {
  return ['localhost', '127.0.0.1', '::1'].includes(host)
}

/** What a container calls the machine that it runs on. */
const MACHINE = new Set([
  'host.docker.internal',
  'gateway.docker.internal',
  'host.containers.internal',
  '0.0.0.0',
])

function serverOf({ host, port }: ServerFound): ServerFound {
  return { host: MACHINE.has(host) ? 'localhost' : host, port }
}

/** The first that was found; a profile has one, and the others are noted. `null`: none. */
export function databaseOf(sketch: Sketch, refer: Refer): DeploymentProfileInput['postgres'] | null {
  const [first, ...others] = sketch.postgres
  if (first === undefined) return null
  noteOthers(sketch, first, others)
  const servers = first.servers.map(serverOf)
  for (const { host } of servers) noteInnerName(sketch, host, first)
  if (first.user === null) note(sketch, 'look', 'user-assumed', { from: first.from }, first.line)
  const user = first.user ?? 'vakhta'
  if (first.database === null) {
    note(sketch, 'assumed', 'database-assumed', { from: first.from, database: user }, first.line)
  }
  if (first.user !== null) note(sketch, 'assumed', 'login-is-not-its-own', { user: first.user }, first.line)
  if (first.password === null) note(sketch, 'assumed', 'no-password', { from: first.from }, first.line)
  return {
    url: postgresUrl(servers, user, first.database ?? user, first.terms),
    ...refer('postgres', first.password),
    ...(Object.keys(first.application).length === 0 ? {} : { application: first.application }),
  }
}

function noteOthers(sketch: Sketch, first: PostgresFound, others: readonly PostgresFound[]): void {
  const placeOf = ({ servers }: PostgresFound) => JSON.stringify(servers.map(serverOf).map(withPort5432))
  for (const other of others) {
    const address = other.servers.map(({ host }) => host).join(', ')
    if (placeOf(other) !== placeOf(first)) {
      note(sketch, 'look', 'other-server', { from: other.from, address }, other.line)
    } else if (other.database !== first.database && other.database !== null) {
      note(sketch, 'look', 'other-databases', { service: address, names: other.database }, other.line)
    }
  }
}

function withPort5432({ host, port }: ServerFound): string {
  return `${host}:${port ?? 5432}`
}

/** A name of one label is known within a network of containers, and seldom outside of it. */
function noteInnerName(
  sketch: Sketch,
  host: string,
  { from, line }: { readonly from: string; readonly line: number | null },
): void {
  const isInner = /^[a-z0-9_-]+$/i.test(host) && !samePlace(host) && host !== from
  if (isInner) note(sketch, 'look', 'inner-name', { host }, line)
}

function postgresUrl(
  servers: readonly ServerFound[],
  user: string,
  database: string,
  terms: PostgresFound['terms'],
): string {
  const inUrl = servers.filter(({ host }) => !host.startsWith('/'))
  const sockets = servers.filter(({ host }) => host.startsWith('/'))
  const authority = inUrl.map(({ host, port }) => `${inBrackets(host)}${port === null ? '' : `:${port}`}`)
  const parameters = [
    ...terms,
    ...(sockets.length > 0 ? [['host', sockets.map(({ host }) => host).join(',')] as const] : []),
  ].map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(value).replaceAll('%2F', '/')}`)
  const query = parameters.length === 0 ? '' : `?${parameters.join('&')}`
  return `postgresql://${encodeURIComponent(user)}@${authority.join(',')}/${encodeURIComponent(database)}${query}`
}

function inBrackets(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}

/** One for each server: several variables often name databases of the same. */
export function redisServersOf(sketch: Sketch, refer: Refer) {
  const byPlace = new Map<string, RedisFound>()
  for (const found of sketch.redis.slice(0, 1_000)) {
    const servers = found.servers.map(serverOf)
    const place =
      found.socket ??
      servers
        .map(({ host, port }) => `${host}:${port ?? 6379}`)
        .sort()
        .join(',')
    const known = byPlace.get(place)
    if (known === undefined) byPlace.set(place, { ...found, servers })
    else {
      if (known.from !== found.from) {
        note(sketch, 'found', 'same-redis', { from: found.from, other: known.from }, found.line)
      }
      byPlace.set(place, { ...known, password: known.password ?? found.password })
    }
  }
  return [...byPlace.values()].slice(0, MOST_REDIS).map((found) => {
    for (const { host } of found.servers) noteInnerName(sketch, host, found)
    const cluster = found.cluster || (found.servers.length > 1 && found.sentinel === null)
    if (cluster && !found.cluster)
      note(sketch, 'assumed', 'cluster-assumed', { from: found.from }, found.line)
    const what = /redis|valkey/i.test(found.name) ? found.name : `redis-${found.name}`
    return {
      name: found.name,
      url: redisUrl(found, cluster),
      ...refer(what.toLowerCase(), found.password),
      ...(found.tls && found.unchecked ? { tls: { check: 'none' as const } } : {}),
      ...(found.sentinel === null ? {} : { sentinel: { primary: found.sentinel } }),
      ...(cluster ? { cluster } : {}),
    }
  })
}

function redisUrl({ servers, socket, user, database, tls, sentinel }: RedisFound, cluster: boolean): string {
  if (socket !== null) return `unix://${socket}${database === 0 ? '' : `?db=${database}`}`
  const usual = sentinel === null ? 6379 : 26_379
  const authority = servers.map(({ host, port }) => `${inBrackets(host)}:${port ?? usual}`).join(',')
  const login = user === null ? '' : `${encodeURIComponent(user)}@`
  return `${tls ? 'rediss' : 'redis'}://${login}${authority}/${cluster ? 0 : database}`
}
