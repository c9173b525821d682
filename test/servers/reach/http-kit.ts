/** What the tests of HTTP share: servers that are closed after the test, and one question through a reach. */
import type { RequestListener } from 'node:http'
import type { ServerOptions } from 'node:https'
import { afterEach } from 'vitest'
import type { HttpAnswer } from '../../../src/main/engine/reach/reach.ts'
import { startHttpProxy } from '../../support/http-proxy.ts'
import { startWebServer, type WebServer } from '../../support/web-server.ts'
import { type Kit, soon } from './reach-kit.ts'

const closes: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const close of closes.splice(0)) await close()
})

/** @param listener may take its time: what it throws ends the test's process */
export async function serve(
  listener: (...request: Parameters<RequestListener>) => unknown,
  tls?: ServerOptions,
): Promise<WebServer> {
  const server = await startWebServer((...request) => void listener(...request), tls)
  closes.push(server.close)
  return server
}

export async function serveProxy(options: Parameters<typeof startHttpProxy>[0] = {}) {
  const proxy = await startHttpProxy(options)
  closes.push(proxy.close)
  return proxy
}

export function closeAfterwards(close: () => Promise<void>): void {
  closes.push(close)
}

/** A profile with one service. */
export const service = (url: string, more = {}) => ({ services: [{ name: 'api', url, ...more }] })

/** One GET through a reach of its own. */
export function ask(
  kit: Kit,
  profile: Parameters<Kit['reach']>[0],
  { path = '/health', timeoutMs = 5_000, maxBytes = 10_000 } = {},
): Promise<HttpAnswer> {
  return kit
    .reach(profile)
    .http('api')
    .get(path, { ...soon(timeoutMs), maxBytes })
}

export const ok: RequestListener = (_request, response) => void response.end('ok')
