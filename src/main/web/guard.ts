/** Puts the door before every route, and the security headers on every answer. */
import { randomBytes } from 'node:crypto'
import helmet from '@fastify/helmet'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { contentSecurityPolicy } from '#shared/page-policy.ts'
import type { Actor } from '../engine/policy/actor.ts'
import type { Door } from './access/door.ts'
import type { Session } from './access/sessions.ts'
import { errorBody, languageOf, sendError } from './error-body.ts'
import { continuePage, safeNext, startPage } from './pages/start-page.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Answers without a credential. */
    open?: boolean
  }
  interface FastifyRequest {
    caller: Caller | null
    /** Of this answer's content security policy; base64. */
    nonce: string
  }
}

interface Caller {
  readonly actor: Actor
  readonly session: Session | null
}

/** Who asks; on every route that is not open somebody does. */
export function callerOf(request: FastifyRequest): Caller {
  if (request.caller === null) throw new Error(`${request.method} ${request.routeOptions.url} let nobody in`)
  return request.caller
}

export async function addGuard(app: FastifyInstance, door: Door): Promise<void> {
  app.decorateRequest('caller', null)
  app.decorateRequest('nonce', '')
  await app.register(helmet, {
    // Ours carries a nonce and is the desktop shell's too. There is no TLS on loopback to be strict about.
    contentSecurityPolicy: false,
    hsts: false,
    frameguard: { action: 'deny' },
    // With `no-referrer` a browser would send `Origin: null` with the start page's own form.
    referrerPolicy: { policy: 'same-origin' },
  })

  app.addHook('onRequest', async (request, reply) => {
    request.nonce = randomBytes(16).toString('base64')
    reply.header('content-security-policy', contentSecurityPolicy(request.nonce))
    reply.header('permissions-policy', 'camera=(), geolocation=(), microphone=(), payment=(), usb=()')
    const foreign = door.refuseForeign(request)
    if (foreign !== null) return sendError(request, reply, foreign)
    if (request.routeOptions.config.open === true) return undefined
    const entry = door.admit(request)
    if (entry.let === 'in') {
      request.caller = entry
      return undefined
    }
    if (entry.refusal.status === 401 && opensPage(request)) return sendStartPage(request, reply)
    return sendError(request, reply, entry.refusal)
  })
}

/** A browser that goes to a page, not a script that asks for data. */
export function opensPage(request: FastifyRequest): boolean {
  if (request.method !== 'GET' || /^\/(api|rpc|assets|metrics|openapi\.json)(\/|\?|$)/.test(request.url))
    return false
  return (request.headers.accept ?? '').includes('text/html')
}

function sendStartPage(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const language = languageOf(request)
  // Somebody who followed a link on another site may be signed in: the cookie goes along with what this page begins.
  if (request.headers['sec-fetch-site'] === 'cross-site') {
    const next = safeNext(request.url)
    const page = continuePage({ language, nonce: request.nonce, next })
    return reply.status(401).header('cache-control', 'no-store').type('text/html').send(page)
  }
  const refused = request.headers.authorization !== undefined
  const fault = refused ? errorBody({ status: 401, key: 'unauthorized-token' }, { language }).message : null
  const html = startPage({ language, nonce: request.nonce, next: request.url, fault })
  return reply.status(401).header('cache-control', 'no-store').type('text/html').send(html)
}
