/** `/start`: how a browser comes in, by the one-time link or by the token; and how it leaves. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { errorText } from '../api/speech.ts'
import type { Actor } from '../engine/policy/actor.ts'
import type { Addresses, SessionCookie } from './access/addresses.ts'
import type { Door, Refused } from './access/door.ts'
import { endedCookie, openedCookie } from './access/session-cookie.ts'
import type { Sessions } from './access/sessions.ts'
import type { StartLinks } from './access/start-links.ts'
import { errorBody, languageOf, sendError } from './error-body.ts'
import { takeForms } from './forms.ts'
import { callerOf } from './guard.ts'
import { continuePage, safeNext, startPage } from './pages/start-page.ts'

export interface StartRoutes {
  readonly door: Door
  readonly sessions: Sessions
  readonly links: StartLinks
  readonly addresses: Addresses
}

export function addStartRoutes(
  app: FastifyInstance,
  { door, sessions, links, addresses }: StartRoutes,
): void {
  function letIn(request: FastifyRequest, reply: FastifyReply, actor: Actor, next: string): FastifyReply {
    reply
      .header('set-cookie', openedCookie(cookieOf(request), sessions.open(actor)))
      .header('cache-control', 'no-store')
    if (request.headers['sec-fetch-site'] !== 'cross-site') return reply.redirect(next, 303)
    const page = continuePage({ language: languageOf(request), nonce: request.nonce, next })
    return reply.type('text/html').send(page)
  }

  /** The guard lets nobody by who asks for another address. */
  function cookieOf({ headers: { host } }: FastifyRequest): SessionCookie {
    const address = addresses.of(host)
    if (address === null) throw new Error(`${host} is no address of this console`)
    return address.cookie
  }

  function sendPage(
    request: FastifyRequest,
    reply: FastifyReply,
    status: number,
    next: string,
    fault: string | null,
  ) {
    const html = startPage({ language: languageOf(request), nonce: request.nonce, next, fault })
    return reply.status(status).header('cache-control', 'no-store').type('text/html').send(html)
  }

  function turnAway(
    request: FastifyRequest,
    reply: FastifyReply,
    refusal: Refused,
    next: string,
    fault?: string,
  ) {
    if (!(request.headers.accept ?? '').includes('text/html')) return sendError(request, reply, refusal)
    if ('retryAfterSeconds' in refusal) reply.header('retry-after', String(refusal.retryAfterSeconds))
    const { message } = errorBody(refusal, { language: languageOf(request) })
    return sendPage(
      request,
      reply,
      refusal.status,
      next,
      refusal.status === 401 ? (fault ?? message) : message,
    )
  }

  takeForms(app)

  // A link that is only looked at (`HEAD`, by mail scanners and chat previews) is not spent.
  app.get('/start', { config: { open: true }, exposeHeadRoute: false }, (request, reply) => {
    const { token, next } = request.query as { token?: unknown; next?: unknown }
    const to = safeNext(next)
    if (typeof token !== 'string') return sendPage(request, reply, 200, to, null)
    const actor = links.redeem(token)
    if (actor !== null) return letIn(request, reply, actor, to)
    return turnAway(request, reply, door.fail(), to, errorText(languageOf(request), 'start-link-spent'))
  })

  app.post('/start', { config: { open: true } }, (request, reply) => {
    const { token, next } = (request.body ?? {}) as { token?: unknown; next?: unknown }
    const to = safeNext(next)
    const actor = door.tryToken(typeof token === 'string' ? token.trim() : '')
    return 'status' in actor ? turnAway(request, reply, actor, to) : letIn(request, reply, actor, to)
  })

  app.post('/session/end', (request, reply) => {
    const { session } = callerOf(request)
    if (session !== null) sessions.end(session.key)
    return reply
      .status(204)
      .header('set-cookie', endedCookie(cookieOf(request)))
      .send()
  })
}
