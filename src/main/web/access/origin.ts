/**
 * Whose page a request comes from: `Origin` and `Sec-Fetch-Site` defend against other sites, other ports of this machine among
 * them, where cookies go along.
 */
import type { IncomingHttpHeaders } from 'node:http'

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])

export interface Knock {
  readonly method: string
  readonly headers: IncomingHttpHeaders
  /** A WebSocket counts as a request that changes something. */
  readonly upgrade?: boolean
}

/**
 * What is wrong with where a request comes from; `null` where nothing is.
 * @param by.own the origin of the address that was asked for
 * @param by.byCookie whether it is let in by a cookie, which browsers attach by themselves
 */
export function judgeOrigin(
  asked: Knock,
  by: { own: string; byCookie: boolean },
): 'foreign-origin' | 'no-origin' | null {
  const { origin } = asked.headers
  if (origin !== undefined) return origin.toLowerCase() === by.own ? null : 'foreign-origin'
  const site = asked.headers['sec-fetch-site']
  const navigates = asked.headers['sec-fetch-mode'] === 'navigate'
  if ((site === 'cross-site' || site === 'same-site') && !navigates) return 'foreign-origin'
  const changes = asked.upgrade === true || !SAFE_METHODS.has(asked.method)
  return changes && by.byCookie ? 'no-origin' : null
}
