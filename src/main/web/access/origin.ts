/**
 * Whose page a request comes from. `Host` defends against DNS rebinding: a foreign name that resolves to loopback is not
 * ours. `Origin` and `Sec-Fetch-Site` defend against other sites, other ports of this machine among them, where cookies go
 * along.
 */
import type { IncomingHttpHeaders } from 'node:http'

const LOOPBACK_NAMES = new Set(['localhost', '127.0.0.1', '[::1]'])
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * The port is not compared: through `ssh -L 9000:127.0.0.1:8080` the browser asks for `localhost:9000`.
 */
export function isOwnHost(host: string | undefined): boolean {
  if (host === undefined) return false
  return LOOPBACK_NAMES.has(host.replace(/:\d+$/, '').toLowerCase())
}

export interface Knock {
  readonly method: string
  readonly headers: IncomingHttpHeaders
  /** A WebSocket counts as a request that changes something. */
  readonly upgrade?: boolean
}

/**
 * What is wrong with where a request comes from; `null` where nothing is.
 * @param by.byCookie whether it is let in by a cookie, which browsers attach by themselves
 */
export function judgeOrigin(asked: Knock, by: { byCookie: boolean }): 'foreign-origin' | 'no-origin' | null {
  const { origin, host } = asked.headers
  if (origin !== undefined) {
    const own = host !== undefined && origin.toLowerCase() === `http://${host.toLowerCase()}`
    return own ? null : 'foreign-origin'
  }
  const site = asked.headers['sec-fetch-site']
  const navigates = asked.headers['sec-fetch-mode'] === 'navigate'
  if ((site === 'cross-site' || site === 'same-site') && !navigates) return 'foreign-origin'
  const changes = asked.upgrade === true || !SAFE_METHODS.has(asked.method)
  return changes && by.byCookie ? 'no-origin' : null
}
