/** URLs of Redis as `redis-cli -u` and the libraries take them: servers by name and port, over TLS or not, or a unix socket. */
import { parseAddressList, type ServerAddress } from './address-list.ts'

export interface RedisUrl {
  /** None where it is a socket. */
  readonly servers: readonly ServerAddress[]
  /** Path of a unix socket; `null`: TCP. */
  readonly socket: string | null
  /** `null`: the default user. */
  readonly user: string | null
  readonly database: number
  readonly tls: boolean
}

/** A key of `locales/<language>/profile.ts` with its parameters. */
export interface RedisUrlFault {
  readonly message: string
  readonly params?: Record<string, string>
}

export const REDIS_URL_EXAMPLE = 'redis://127.0.0.1:6379/0'

const TCP = new Map([
  ['redis:', false],
  ['valkey:', false],
  ['rediss:', true],
  ['valkeys:', true],
])
const SOCKET: ReadonlySet<string> = new Set(['unix:', 'redis+unix:', 'redis-socket:', 'valkey+unix:'])
/** As redis-py and Lettuce call it. */
const DATABASE: ReadonlySet<string> = new Set(['db', 'database'])

export function readRedisUrl(text: string): RedisUrl | { readonly fault: RedisUrlFault } {
  const list = parseAddressList(text)
  if (list === null) return fault('bad-url')
  const { scheme, user, servers, path, parameters } = list
  const secret = parameters.some(([key]) => /^pass(word)?$/i.test(key))
  if (list.hasPassword || secret) return fault('password-in-url')
  const unknown = parameters.find(([key]) => !DATABASE.has(key))
  if (unknown !== undefined) return fault('unknown-url-parameter', { found: unknown[0], known: 'db' })

  const tls = TCP.get(scheme)
  const named = parameters.map(([, value]) => value)
  if (tls !== undefined) {
    if (servers.length === 0) return fault('bad-url')
    const database = databaseOf(path === '' ? named : [path, ...named])
    return typeof database === 'number' ? { servers, socket: null, user, database, tls } : database
  }
  if (!SOCKET.has(scheme)) return fault('bad-url')
  if (servers.length > 0 || path === '') return fault('redis-socket-path')
  const database = databaseOf(named)
  return typeof database === 'number'
    ? { servers: [], socket: `/${path}`, user, database, tls: false }
    : database
}

/** The database that is named at most once: 0 where it is not. */
function databaseOf(named: readonly string[]): number | { readonly fault: RedisUrlFault } {
  const [first, ...more] = named
  if (first === undefined) return 0
  if (more.some((one) => one !== first)) return fault('redis-database-twice')
  return /^\d{1,9}$/.test(first) ? Number(first) : fault('bad-redis-database', { found: first.slice(0, 40) })
}

function fault(message: string, params?: Record<string, string>): { readonly fault: RedisUrlFault } {
  return { fault: params === undefined ? { message } : { message, params } }
}
