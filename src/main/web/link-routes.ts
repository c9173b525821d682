/**
 * `POST /api/v1/start-links`: another one-time link, as the one that the start prints. For whoever has the token of the data directory and asks
 * on the machine itself: with the rights of a file there, and neither from a browser's session nor through a proxy.
 */
import type { FastifyInstance } from 'fastify'
import type { Audit } from '../engine/audit/audit.ts'
import type { Actor } from '../engine/policy/actor.ts'
import type { Addresses } from './access/addresses.ts'
import { sendError } from './error-body.ts'
import { callerOf } from './guard.ts'
import { REST_PREFIX } from './rest-routes.ts'

export interface LinkRoutes {
  readonly audit: Audit
  /** Whose token the data directory has, and whom a link lets in. */
  readonly administrator: Actor
  readonly addresses: Addresses
  /** Makes a link under loopback, and one under the public address where there is one. */
  readonly make: { link(): string; publicLink(): string | null }
}

export function addLinkRoutes(
  app: FastifyInstance,
  { audit, administrator, addresses, make }: LinkRoutes,
): void {
  app.post(`${REST_PREFIX}/start-links`, async (request, reply) => {
    reply.header('cache-control', 'no-store')
    const { actor, session } = callerOf(request)
    const entry = { actor, action: 'session.link', target: null }
    const asked = addresses.of(request.headers.host)
    const isHere = asked !== null && !addresses.isPublic(asked.origin)
    if (session !== null || actor.id !== administrator.id || !isHere) {
      await audit.append({ ...entry, outcome: 'refused' })
      return sendError(request, reply, { status: 403, key: 'start-link-not-here' })
    }
    // On record before it is there: whoever has it comes in as an administrator.
    await audit.append({ ...entry, outcome: 'succeeded' })
    return { link: make.link(), publicLink: make.publicLink() }
  })
}
