/**
 * PostgreSQL's connection URL as libpq reads it (section 34.1.1.2 of its manual, parameters in 34.1.2): the servers in their
 * order, as whom, to which database, and on which terms. What is not supported is refused by name.
 */
import { parseAddressList } from './address-list.ts'

export const SSL_MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const
export type SslMode = (typeof SSL_MODES)[number]
export const CHANNEL_BINDINGS = ['disable', 'prefer', 'require'] as const
export const TARGET_SESSION_ATTRS = [
  'any',
  'read-write',
  'read-only',
  'primary',
  'standby',
  'prefer-standby',
] as const
export type TargetSessionAttrs = (typeof TARGET_SESSION_ATTRS)[number]
const SSL_NEGOTIATIONS = ['postgres', 'direct'] as const
const LOAD_BALANCES = ['disable', 'random'] as const

const DEFAULT_PORT = 5432
const LONGEST_CONNECT_TIMEOUT_S = 600
const EXAMPLE = 'postgresql://vakhta@db.internal:5432/shop'

export interface PostgresServer {
  /** A name or address; or a directory, of a unix socket, where it begins with a slash. */
  readonly host: string
  readonly port: number
}

export interface PostgresUrl {
  readonly user: string
  readonly database: string
  /** At least one. */
  readonly servers: readonly PostgresServer[]
  readonly sslmode: SslMode
  /** Path of a file of PEM certificates, or `system`: those that this machine trusts. */
  readonly sslrootcert: string | null
  readonly sslcert: string | null
  readonly sslkey: string | null
  readonly sslnegotiation: (typeof SSL_NEGOTIATIONS)[number]
  readonly channelBinding: (typeof CHANNEL_BINDINGS)[number]
  readonly targetSessionAttrs: TargetSessionAttrs
  /** The servers are tried in an order of chance rather than in theirs. */
  readonly shuffled: boolean
  /** For each server; `null`: Vakhta's own limit. */
  readonly connectTimeoutMs: number | null
}

/** A key of `locales/<language>/profile.ts` and its parameters. */
export interface PostgresUrlFault {
  readonly message: string
  readonly params: Record<string, string>
}

/** The terms in a URL, by libpq's names. */
const KNOWN = [
  'sslmode',
  'sslrootcert',
  'sslcert',
  'sslkey',
  'sslnegotiation',
  'channel_binding',
  'target_session_attrs',
  'load_balance_hosts',
  'connect_timeout',
  'host',
  'port',
  'user',
  'dbname',
]
/** They hold a secret, or say where one is: that is said in the profile. */
const SECRET = ['password', 'sslpassword', 'passfile']

class Fault extends Error {
  readonly fault: PostgresUrlFault
  constructor(message: string, params: Record<string, string> = {}) {
    super(message)
    this.fault = { message, params: { example: EXAMPLE, ...params } }
  }
}

/** Reads a URL, or says what is wrong with it. */
export function readPostgresUrl(text: string): { url: PostgresUrl } | { fault: PostgresUrlFault } {
  try {
    return { url: parsePostgresUrl(text) }
  } catch (error) {
    if (error instanceof Fault) return { fault: error.fault }
    // A percent sign that begins no escape.
    if (error instanceof URIError) return { fault: new Fault('bad-url').fault }
    throw error
  }
}

/** Reads a URL that a profile's schema has let through; throws on any other. */
export function parsePostgresUrl(text: string): PostgresUrl {
  const list = parseAddressList(text)
  if (list === null || !['postgresql:', 'postgres:'].includes(list.scheme)) throw new Fault('bad-url')
  if (list.hasPassword) throw new Fault('password-in-url')
  const given = parametersOf(list.parameters)
  const user = given.get('user') ?? list.user ?? ''
  if (user === '') throw new Fault('missing-user')
  const database = given.get('dbname') ?? list.path
  if (database === '') throw new Fault('missing-database')
  const terms = tlsTermsOf(given)
  return {
    user,
    database,
    servers: serversOf(list.servers, given),
    ...terms,
    targetSessionAttrs: oneOf(given, 'target_session_attrs', TARGET_SESSION_ATTRS) ?? 'any',
    shuffled: oneOf(given, 'load_balance_hosts', LOAD_BALANCES) === 'random',
    connectTimeoutMs: connectTimeoutOf(given),
  }
}

function parametersOf(parameters: readonly (readonly [string, string])[]): Map<string, string> {
  const given = new Map<string, string>()
  for (const [name, value] of parameters) {
    if (SECRET.includes(name)) throw new Fault('password-in-url')
    if (!KNOWN.includes(name)) {
      throw new Fault('unknown-url-parameter', { found: name, known: KNOWN.join(', ') })
    }
    if (given.has(name)) throw new Fault('url-parameter-twice', { name })
    given.set(name, value)
  }
  return given
}

function oneOf<T extends string>(
  given: ReadonlyMap<string, string>,
  name: string,
  known: readonly T[],
): T | null {
  const found = given.get(name)
  if (found === undefined) return null
  const value = known.find((each) => each === found)
  if (value === undefined) {
    throw new Fault('bad-url-parameter', { name, found, expected: known.join(', ') })
  }
  return value
}

/** What stands after the question mark counts, where both say it, as it does for libpq. */
function serversOf(
  inAuthority: readonly { host: string; port: number | null }[],
  given: ReadonlyMap<string, string>,
): PostgresServer[] {
  const hosts = given.get('host')?.split(',') ?? inAuthority.map(({ host }) => decodeURIComponent(host))
  if (hosts.length === 0 || hosts.includes('')) throw new Fault('missing-host')
  const ports =
    given.get('port')?.split(',').map(portOf) ?? inAuthority.map(({ port }) => port ?? DEFAULT_PORT)
  const [only = DEFAULT_PORT] = ports
  if (ports.length > 1 && ports.length !== hosts.length) {
    throw new Fault('hosts-and-ports', { hosts: String(hosts.length), ports: String(ports.length) })
  }
  return hosts.map((host, index) => ({ host, port: ports.length > 1 ? (ports[index] ?? only) : only }))
}

function portOf(text: string): number {
  const port = text === '' ? DEFAULT_PORT : Number(text)
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new Fault('bad-url-parameter', { name: 'port', found: text, expected: '1 – 65535' })
  }
  return port
}

function connectTimeoutOf(given: ReadonlyMap<string, string>): number | null {
  const text = given.get('connect_timeout')
  if (text === undefined) return null
  const seconds = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN
  if (!(seconds <= LONGEST_CONNECT_TIMEOUT_S)) {
    const expected = `0 – ${LONGEST_CONNECT_TIMEOUT_S} (s)`
    throw new Fault('bad-url-parameter', { name: 'connect_timeout', found: text, expected })
  }
  return seconds === 0 ? null : seconds * 1_000
}

const STRONG: readonly SslMode[] = ['require', 'verify-ca', 'verify-full']

function tlsTermsOf(given: ReadonlyMap<string, string>) {
  const sslrootcert = given.get('sslrootcert') || null
  const sslcert = given.get('sslcert') || null
  const sslkey = given.get('sslkey') || null
  const sslnegotiation = oneOf(given, 'sslnegotiation', SSL_NEGOTIATIONS) ?? 'postgres'
  const channelBinding = oneOf(given, 'channel_binding', CHANNEL_BINDINGS) ?? 'prefer'
  const sslmode = oneOf(given, 'sslmode', SSL_MODES) ?? (sslrootcert === 'system' ? 'verify-full' : 'prefer')
  const refuseWeak = (because: string, expected: readonly SslMode[]) => {
    if (!expected.includes(sslmode)) {
      throw new Fault('weak-sslmode', { sslmode, wants: because, expected: expected.join(', ') })
    }
  }
  if ((sslcert === null) !== (sslkey === null)) throw new Fault('sslcert-and-sslkey')
  if (sslrootcert === 'system') refuseWeak('sslrootcert=system', ['verify-full'])
  if (sslnegotiation === 'direct') refuseWeak('sslnegotiation=direct', STRONG)
  if (channelBinding === 'require' && sslmode === 'disable') refuseWeak('channel_binding=require', STRONG)
  return { sslmode, sslrootcert, sslcert, sslkey, sslnegotiation, channelBinding }
}
