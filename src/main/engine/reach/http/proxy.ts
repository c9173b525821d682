/** An HTTP proxy between the end of the way and a service: `CONNECT` for TLS (RFC 9110, section 9.3.6). */
import { request } from 'node:http'
import type { FailureCode } from '#shared/model/failure.ts'
import type { HttpProxy } from '#shared/model/profile/service.ts'
import type { Clock } from '../../clock.ts'
import type { SecretResolver } from '../../vault/resolve.ts'
import { bareHost } from '../bare-host.ts'
import { within } from '../deadline.ts'
import { errorCode, errorWords, failed, type Place } from '../failed.ts'
import type { Limits, ReachError } from '../reach.ts'
import { needSecret } from '../secret.ts'
import type { Wire } from '../way.ts'

export interface Proxy {
  readonly host: string
  readonly port: number
  readonly encrypted: boolean
  readonly place: Place
}

export function proxyOf({ url }: HttpProxy): Proxy {
  const { hostname, port, protocol } = new URL(url)
  const encrypted = protocol === 'https:'
  const number = port === '' ? (encrypted ? 443 : 80) : Number(port)
  // It is on the way: while it is down nothing is known of what is behind it.
  return {
    host: bareHost(hostname),
    port: number,
    encrypted,
    place: { hop: `proxy ${hostname}:${number}`, on: 'path' },
  }
}

/** The value of `Proxy-Authorization`; `null` where the profile names nobody. */
export async function proxyLogin(
  { url, password }: HttpProxy,
  resolveSecret: SecretResolver,
  place: Place,
): Promise<string | null> {
  const user = decoded(new URL(url).username)
  if (user === '') return null
  const secret =
    password === undefined ? '' : await needSecret(resolveSecret, password, place, 'authentication')
  return `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Has the proxy connect the wire to a host and port behind it. The wire is destroyed where that fails. */
export async function connectThrough(
  wire: Wire,
  {
    proxy,
    login,
    to,
    target,
  }: { proxy: Proxy; login: string | null; to: Place; target: { host: string; port: number } },
  clock: Clock,
  limits: Limits,
): Promise<Wire> {
  const { host, port } = target
  const authority = `${host.includes(':') ? `[${host}]` : host}:${port}`
  const outcome = Promise.withResolvers<Wire>()
  const asked = request({
    method: 'CONNECT',
    path: authority,
    headers: {
      host: authority,
      connection: 'keep-alive',
      ...(login === null ? {} : { 'proxy-authorization': login }),
    },
    createConnection: () => wire,
  })
  asked.on('error', (error) => outcome.reject(cut(error)))
  asked.once('connect', ({ statusCode = 0 }, _socket, head) => {
    const failure =
      statusCode >= 200 && statusCode < 300 ? null : refusal(statusCode, proxy, login !== null, to, target)
    if (failure !== null) return outcome.reject(failure)
    if (head.length > 0) wire.unshift(head)
    outcome.resolve(wire)
  })
  // Answers to CONNECT always come as `connect`; a proxy that says nothing and hangs up ends in `error`.
  asked.end()

  function cut(error: unknown): ReachError {
    const params = { proxy: name, words: errorWords(error) }
    const spoken = errorCode(error)?.startsWith('HPE_') !== true
    return failed(proxy.place, 'forward', spoken ? 'proxy-cut' : 'proxy-not-spoken', params, error)
  }

  const name = nameOf(proxy)
  const seconds = Math.round(limits.timeoutMs / 1_000)
  const late = (): ReachError =>
    failed(proxy.place, 'forward', 'proxy-silent', { proxy: name, host, port, seconds })
  try {
    return await within(clock, limits, late, () => outcome.promise)
  } catch (error) {
    wire.destroy()
    throw error
  }
}

export function nameOf({ host, port }: Proxy): string {
  return `${host}:${port}`
}

const UNREACHABLE = new Set([502, 503, 504])
const DENIED = new Set([403, 405])

/** Why a proxy did not let us through: its own no, or what is behind it did not answer. */
function refusal(
  status: number,
  proxy: Proxy,
  loggedIn: boolean,
  to: Place,
  { host, port }: { host: string; port: number },
): ReachError {
  const params = { proxy: nameOf(proxy), host, port, status }
  if (status === 407) return proxyRefusal(proxy, loggedIn)
  if (UNREACHABLE.has(status)) return failed(to, 'forward', 'proxy-target-unreachable', params)
  return failed(proxy.place, 'forward', DENIED.has(status) ? 'proxy-denied' : 'proxy-refused', params)
}

/** The proxy does not know us (407). */
export function proxyRefusal(proxy: Proxy, loggedIn: boolean): ReachError {
  const code: FailureCode = loggedIn ? 'proxy-credentials-refused' : 'proxy-credentials-needed'
  return failed(proxy.place, 'authentication', code, { proxy: nameOf(proxy) })
}
