/**
 * URLs of PostgreSQL and Redis as applications write them: with SQLAlchemy's and JDBC's schemes, with the password in
 * them, with parameters of a driver. What the profile knows is kept; the rest is noted by name.
 */
import { type AddressList, parseAddressList } from '#shared/model/profile/address-list.ts'
import { note, type PostgresFound, type RedisFound, type Sketch } from './sketch.ts'

export interface UrlPlace {
  /** What it is called where it was found: a variable, `URL`. */
  readonly from: string
  readonly line: number | null
}

const POSTGRES =
  /^(?:jdbc:)?(?:postgres(?:ql)?|postgis|psql|pgsql|timescale(?:gis|db)?)(?:\+[a-z0-9_]+)?:\/\//i
const REDIS = /^(?:redis|rediss|valkey|valkeys|unix|redis\+unix|redis-socket|valkey\+unix):\/\//i
const SENTINEL = /^(?:redis\+sentinels?|rediss\+sentinel|sentinel):\/\//i
const OTHER =
  /^(?:jdbc:)?(mysql|mariadb|mssql|sqlserver|oracle|sqlite|mongodb(?:\+srv)?|amqps?|rabbitmq|kafka|cockroachdb|clickhouse|memcached?|nats|cassandra)(?:\+[a-z0-9_]+)?:/i

export const isPostgresUrl = (text: string) => POSTGRES.test(text)
export const isRedisUrl = (text: string) => REDIS.test(text) || SENTINEL.test(text)
/** What other data store a URL is of; `null` where of none that is known. */
export const otherStoreOf = (text: string) => OTHER.exec(text)?.[1]?.toLowerCase() ?? null

/** Terms that the profile's URL may have. */
const KEPT = new Set([
  'sslmode',
  'sslrootcert',
  'sslcert',
  'sslkey',
  'sslnegotiation',
  'channel_binding',
  'target_session_attrs',
  'load_balance_hosts',
  'connect_timeout',
])
const SSL_WORDS: Readonly<Record<string, string>> = {
  true: 'require',
  '1': 'require',
  false: 'disable',
  '0': 'disable',
  no_verify: 'require',
}

/** @returns `null` where it is no URL, which is noted */
export function readPostgres(sketch: Sketch, text: string, place: UrlPlace): PostgresFound | null {
  const list = listOf(text.replace(/^jdbc:/i, '').replace(/^[a-z0-9_+]+:/i, 'postgresql:'))
  if (list === null) {
    note(sketch, 'look', 'url-unreadable', { from: place.from }, place.line)
    return null
  }
  const given = new Map(list.parameters)
  const take = (key: string) => {
    const value = given.get(key)
    given.delete(key)
    return value === undefined || value === '' ? null : value
  }
  const hosts = take('host')?.split(',') ?? null
  const ports = take('port')?.split(',').map(Number) ?? []
  const password = list.password ?? take('password')
  take('password')
  const user = take('user') ?? list.user
  const database = take('dbname') ?? (list.path === '' ? null : list.path)
  const name = take('application_name') ?? take('ApplicationName')
  const ssl = take('ssl') ?? take('ssl-mode')
  const terms = [...given].filter(([key]) => KEPT.has(key))
  if (ssl !== null && !given.has('sslmode')) terms.push(['sslmode', SSL_WORDS[ssl.toLowerCase()] ?? ssl])
  const dropped = [...given.keys()].filter((key) => !KEPT.has(key)).map((key) => key.slice(0, 40))
  if (dropped.length > 0) {
    note(
      sketch,
      'assumed',
      'parameters-left-out',
      { from: place.from, names: dropped.slice(0, 8).join(', ') },
      place.line,
    )
  }
  return {
    servers:
      hosts?.map((host, index) => ({ host, port: ports[index] ?? ports[0] ?? null })) ??
      list.servers.map(({ host, port }) => ({ host, port })),
    user,
    database,
    password: password === null ? null : { value: password, line: place.line },
    terms,
    application: name === null ? {} : { name },
    from: place.from,
    line: place.line,
  }
}

/** @returns `null` where it is no URL, which is noted */
export function readRedis(
  sketch: Sketch,
  text: string,
  place: UrlPlace & { name: string },
): RedisFound | null {
  // Celery names each sentinel with a URL of its own.
  const [first = '', ...others] = text.split(';')
  const list = listOf(first)
  if (list === null) {
    note(sketch, 'look', 'url-unreadable', { from: place.from }, place.line)
    return null
  }
  const isSocket = list.servers.length === 0
  const given = new Map(list.parameters)
  const password = list.password ?? given.get('password') ?? null
  const sentinel = SENTINEL.test(first)
  const [master, number] = sentinel ? sentinelPath(list.path) : [null, list.path]
  const servers = [...list.servers, ...others.flatMap((other) => listOf(other.trim())?.servers ?? [])]
  const requirement = given.get('ssl_cert_reqs')?.toLowerCase() ?? ''
  const database = Number(given.get('db') ?? given.get('database') ?? (isSocket ? '0' : number || '0'))
  const known = ['db', 'database', 'password', 'ssl_cert_reqs', 'sentinel', 'master_name', 'virtual_host']
  const dropped = [...given.keys()].filter((key) => !known.includes(key)).map((key) => key.slice(0, 40))
  if (dropped.length > 0) {
    note(
      sketch,
      'assumed',
      'parameters-left-out',
      { from: place.from, names: dropped.slice(0, 8).join(', ') },
      place.line,
    )
  }
  const primary = master ?? given.get('master_name') ?? null
  if (sentinel && primary === null) {
    note(sketch, 'look', 'sentinel-primary', { from: place.from }, place.line)
  }
  return {
    name: place.name,
    servers: isSocket ? [] : servers,
    socket: isSocket ? `/${list.path}` : null,
    user: list.user === 'default' ? null : list.user,
    database: Number.isInteger(database) && database >= 0 ? database : 0,
    password: password === null ? null : { value: password, line: place.line },
    tls: /^(rediss|valkeys)/i.test(first),
    unchecked: ['none', 'cert_none'].includes(requirement),
    sentinel: sentinel ? (primary ?? 'mymaster') : null,
    cluster: false,
    from: place.from,
    line: place.line,
  }
}

/** `/PRIMARY/0`, `/0/PRIMARY`, `/PRIMARY`. */
function sentinelPath(path: string): [string | null, string] {
  const parts = path.split('/').filter((part) => part !== '')
  const name = parts.find((part) => !/^\d+$/.test(part)) ?? null
  return [name, parts.find((part) => /^\d+$/.test(part)) ?? '0']
}

type WithPassword = Omit<AddressList, 'hasPassword'> & { readonly password: string | null }

/** The URL's parts with its password, which the profile's own reader never gives away. */
function listOf(text: string): WithPassword | null {
  const strict = /^([^:/]+:\/\/)(?:([^@/?#]*)@)?(.*)$/s.exec(text)
  const read = strict === null ? null : partsOf(strict)
  const inServers = read?.servers.some(({ host }) => host.includes('@')) === true
  if (read !== null && !inServers && !read.path.includes('@')) return read
  // Passwords hold "@", "/" and "#" that nobody escaped: the last "@" is the one that ends them.
  const loose = /^([^:/]+:\/\/)(.*)@(.*)$/s.exec(text)
  return (loose === null ? null : partsOf(loose)) ?? (inServers ? null : read)
}

function partsOf([, scheme = '', login = '', rest = '']: RegExpExecArray): WithPassword | null {
  const list = parseAddressList(`${scheme}${rest}`)
  if (list === null) return null
  const colon = login.indexOf(':')
  const user = decoded(colon < 0 ? login : login.slice(0, colon))
  const password = colon < 0 ? '' : decoded(login.slice(colon + 1))
  return { ...list, user: user === '' ? null : user, password: password === '' ? null : password }
}

/** A percent sign that begins no escape is one. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
