/** The web host: one HTTP server on loopback that serves the page, the contract over WebSocket and REST, and `/metrics`. */
import type { AddressInfo } from 'node:net'
import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify'
import type { Api } from '../api/router.ts'
import type { Clock } from '../engine/clock.ts'
import type { Engine } from '../engine/engine.ts'
import type { Log } from '../engine/log.ts'
import { createAddresses } from './access/addresses.ts'
import { createAttempts } from './access/attempts.ts'
import { createDoor } from './access/door.ts'
import type { PublicAddress } from './access/public-address.ts'
import { createSessions, type Sessions } from './access/sessions.ts'
import { createStartLinks } from './access/start-links.ts'
import { administratorOf, createTokens, openAdministratorToken, type TokenHolder } from './access/tokens.ts'
import { addConditionRoutes } from './condition-routes.ts'
import { leaveConsoleNote } from './console-note.ts'
import { addDocsRoutes } from './docs-routes.ts'
import { errorBody, sendError } from './error-body.ts'
import { addGuard, opensPage } from './guard.ts'
import { addIncidentRoutes } from './incident-routes.ts'
import { addLinkRoutes } from './link-routes.ts'
import { boundPipelining } from './pipelining.ts'
import { answerRaw, HEADERS_OF_NO_PAGE } from './raw-answer.ts'
import { addRendererFiles } from './renderer-files.ts'
import { addRest } from './rest.ts'
import { createSockets, type Sockets } from './sockets.ts'
import { addStartRoutes } from './start-routes.ts'
import { addUpgrades } from './upgrades.ts'
import { WebHostError } from './web-host-error.ts'

const LOOPBACK = '127.0.0.1'
const MOST_BODY_BYTES = 1024 * 1024
const MOST_CONNECTIONS = 512
const EXPIRY_MS = 60_000

export interface WebHostOptions {
  readonly engine: Engine
  readonly api: Api
  /** Claimed by this process. Holds `token`, `sessions.json` and, while the host runs, `console.json`. */
  readonly dataDirectory: string
  /** 0 for any free one. */
  readonly port: number
  /** Only loopback by now: other addresses need TLS. */
  readonly address?: string
  /** Of a reverse proxy in front of it that ends TLS. */
  readonly publicAddress?: PublicAddress | null
  /** `out/renderer` of a build. */
  readonly rendererDirectory: string
  readonly version: string
  readonly clock: Clock
  readonly log: Log
  /** Tokens beside the administrator's. */
  readonly tokens?: readonly TokenHolder[]
  /** How often sockets are asked for a sign of life. */
  readonly pingMs?: number
}

export interface WebHost {
  /** `http://127.0.0.1:PORT` */
  readonly url: string
  readonly sessions: Sessions
  readonly sockets: Sockets
  /** A new one-time link for an administrator's browser. */
  link(): string
  /** Another one, under the public address; `null` where there is none. */
  publicLink(): string | null
  /** Closes every connection and removes `console.json`; within about a second. */
  stop(): Promise<void>
}

/** @throws WebHostError where the port or the address cannot be had, or the token cannot be read */
export async function startWebHost(options: WebHostOptions): Promise<WebHost> {
  const { engine, api, dataDirectory, clock, log, version } = options
  refuseAddress(options.address ?? LOOPBACK)
  const administratorToken = openAdministratorToken(dataDirectory)
  const administrator = administratorOf(administratorToken)
  const sessions = createSessions({ dataDirectory, administratorToken, clock, log })
  const links = createStartLinks({ clock })
  const publicAddress = options.publicAddress ?? null
  const addresses = createAddresses({ port: () => portOf(app), publicAddress })
  const door = createDoor({
    tokens: createTokens([administrator, ...(options.tokens ?? [])]),
    sessions,
    attempts: createAttempts({ clock }),
    addresses,
  })
  const sockets = createSockets({ api, ...(options.pingMs === undefined ? {} : { pingMs: options.pingMs }) })
  sessions.onEnd((key) => sockets.endSession(key))
  const expiry = setInterval(() => sessions.endExpired(), EXPIRY_MS)
  expiry.unref()

  const app = createServer(log)
  await addGuard(app, door)
  addConditionRoutes(app, { engine, version, sockets: sockets.count })
  addDocsRoutes(app, version)
  addRest(app, api)
  // A scope of its own: only the start page's form comes as something else than JSON.
  await app.register(async (scope) => addStartRoutes(scope, { door, sessions, links, addresses }))
  const startLink = (origin: string) => `${origin}/start?token=${links.issue(administrator.actor)}`
  const make = {
    link: () => startLink(`http://${LOOPBACK}:${portOf(app)}`),
    publicLink: () => publicAddress && startLink(publicAddress.origin),
  }
  addLinkRoutes(app, { audit: engine.audit, administrator: administrator.actor, addresses, make })
  await app.register(async (scope) => addIncidentRoutes(scope, { engine, api, clock }))
  const sendPage = await addRendererFiles(app, options.rendererDirectory)
  app.setNotFoundHandler((request, reply) => {
    if (opensPage(request)) return sendPage(request, reply)
    const [path = ''] = request.url.split('?', 1)
    return sendError(request, reply, { status: 404, key: 'no-such-path', method: request.method, path })
  })
  addUpgrades(app.server, door, sockets)

  await listen(app, options.port).catch(async (error: unknown) => {
    clearInterval(expiry)
    sockets.stop()
    await app.close()
    throw error
  })
  const url = `http://${LOOPBACK}:${portOf(app)}`
  const removeNote = leaveConsoleNote(dataDirectory, { pid: process.pid, url, version })
  log.info({ url, publicUrl: publicAddress?.origin ?? null }, 'web host listens')

  return {
    url,
    sessions,
    sockets,
    ...make,
    async stop() {
      removeNote()
      clearInterval(expiry)
      sockets.stop()
      await app.close()
    },
  }
}

function createServer(log: Log): FastifyInstance {
  const fail = (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
    const status = error.statusCode ?? 500
    if (status === 413) return sendError(request, reply, { status, key: 'too-large', limit: MOST_BODY_BYTES })
    if (status === 415) return sendError(request, reply, { status, key: 'unsupported-media' })
    if (status >= 400 && status < 500) return sendError(request, reply, { status: 400, key: 'malformed' })
    log.error(
      { err: error, method: request.method, route: request.routeOptions.url },
      'a request failed unexpectedly',
    )
    return sendError(request, reply, { status: 500, key: 'internal' })
  }
  const app = Fastify({
    bodyLimit: MOST_BODY_BYTES,
    requestTimeout: 30_000,
    // A client that neither sends nor reads any more.
    connectionTimeout: 60_000,
    http: { headersTimeout: 10_000, connectionsCheckingInterval: 5_000 },
    forceCloseConnections: true,
    // No hook runs before this, so it brings the headers that matter for an answer that is no page.
    frameworkErrors: (error, request, reply) => void fail(error, request, reply.headers(HEADERS_OF_NO_PAGE)),
    clientErrorHandler: (_error, socket) => {
      if (socket.writable) answerRaw(socket, errorBody({ status: 400, key: 'malformed' }, { language: 'en' }))
      else socket.destroy()
    },
  })
  app.server.maxConnections = MOST_CONNECTIONS
  boundPipelining(app)
  app.setErrorHandler(fail)
  // Forms of other sites can send text without asking; nothing here is asked for in it.
  app.removeContentTypeParser('text/plain')
  // Clients that always name the type of a body send it without one, too: with what is removed, say.
  const parseJson = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined)
    else void parseJson(request, String(body), done)
  })
  return app
}

function refuseAddress(address: string): void {
  if (address === LOOPBACK || address === 'localhost') return
  throw new WebHostError(
    'address-refused',
    `The console does not listen on ${address}: this version serves ${LOOPBACK} only, because other machines would need TLS. Reach it from elsewhere through SSH (ssh -L 8080:${LOOPBACK}:PORT HOST), or through a reverse proxy on this machine (--public-url).`,
  )
}

async function listen(app: FastifyInstance, port: number): Promise<void> {
  try {
    await app.listen({ host: LOOPBACK, port })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE') {
      throw new WebHostError(
        'port-in-use',
        `Port ${port} of ${LOOPBACK} is in use by another program. Choose another with --port, or --port 0 for any free one.`,
        { cause: error },
      )
    }
    if (code === 'EACCES') {
      throw new WebHostError(
        'port-forbidden',
        `This user may not listen on port ${port} of ${LOOPBACK}. Choose one above 1023 with --port.`,
        { cause: error },
      )
    }
    throw error
  }
}

function portOf(app: FastifyInstance): number {
  return (app.server.address() as AddressInfo).port
}
