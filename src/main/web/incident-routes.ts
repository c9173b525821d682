/** `/incidents/ID`: the short page that links in messages lead to, and what can be done there. It takes no script. */
import { call, ORPCError } from '@orpc/server'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { MOST_ALERTS_AT_ONCE } from '#shared/contract/alerts.ts'
import type { ApiContext } from '../api/context.ts'
import type { Api } from '../api/router.ts'
import type { Clock } from '../engine/clock.ts'
import type { Engine } from '../engine/engine.ts'
import { roleSuffices } from '../engine/policy/authorize.ts'
import { languageOf } from './error-body.ts'
import { takeForms } from './forms.ts'
import { callerOf } from './guard.ts'
import { DEEDS, type Deed, gonePage, incidentPage, SILENCE_MINUTES } from './pages/incident-page.ts'

export interface IncidentRoutes {
  readonly engine: Pick<Engine, 'alerts' | 'notify'>
  readonly api: Api
  readonly clock: Clock
}

const Id = z.object({ id: z.string().max(64) })
const Asked = z.object({ done: z.enum(DEEDS).optional().catch(undefined) })
const Note = z.object({ note: z.string().trim().max(2_000).catch('') }).catch({ note: '' })

/** In a scope of its own: forms come as something else than JSON. */
export function addIncidentRoutes(app: FastifyInstance, { engine, api, clock }: IncidentRoutes): void {
  takeForms(app)

  async function sendPage(
    request: FastifyRequest,
    reply: FastifyReply,
    {
      done = null,
      fault = null,
      status = 200,
    }: { done?: Deed | null; fault?: string | null; status?: number },
  ) {
    const { id } = Id.parse(request.params)
    const language = languageOf(request)
    const { nonce } = request
    const newest = await engine.alerts.incident(id)
    const known = new Set(newest.map((alert) => alert.id))
    const alerts = [...newest, ...engine.alerts.openOf(id).filter((alert) => !known.has(alert.id))]
    reply.header('cache-control', 'no-store').type('text/html')
    if (alerts.length === 0) return reply.status(404).send(gonePage({ language, nonce }))
    const { name: reader, role } = callerOf(request).actor
    const mayAct = roleSuffices(role, 'OPERATOR')
    const timeZone = zoneOfMessages(engine.notify.channels.list().map(({ channel }) => channel))
    const now = clock.now()
    const html = incidentPage({
      ...{ language, nonce, id, alerts, now, timeZone, reader, mayAct, done, fault },
    })
    return reply.status(status).send(html)
  }

  /** Through the contract, as many at once as it takes: policy and record are as anywhere else, and one that is over by then is no fault. */
  async function act(
    request: FastifyRequest,
    reply: FastifyReply,
    deed: Exclude<Deed, 'nothing'>,
    toAll: (alerts: string[], context: ApiContext) => Promise<{ readonly done: readonly string[] }>,
  ) {
    const { id } = Id.parse(request.params)
    const context: ApiContext = { actor: callerOf(request).actor, language: languageOf(request), host: 'web' }
    const open = engine.alerts
      .openOf(id)
      .filter(({ acknowledgedAt, silencedUntil }) =>
        deed === 'acknowledged' ? acknowledgedAt === null : silencedUntil === null,
      )
      .map((alert) => alert.id)
    let count = 0
    try {
      for (let start = 0; start < open.length; start += MOST_ALERTS_AT_ONCE) {
        count += (await toAll(open.slice(start, start + MOST_ALERTS_AT_ONCE), context)).done.length
      }
    } catch (error) {
      if (!(error instanceof ORPCError)) throw error
      return sendPage(request, reply, { fault: error.message, status: error.status })
    }
    // Reloading it must not do it again.
    const done: Deed = count === 0 ? 'nothing' : deed
    return reply.redirect(`/incidents/${encodeURIComponent(id)}?done=${done}`, 303)
  }

  app.get('/incidents/:id', (request, reply) =>
    sendPage(request, reply, { done: Asked.parse(request.query).done ?? null }),
  )

  app.post('/incidents/:id/acknowledge', (request, reply) => {
    const { note } = Note.parse(request.body ?? {})
    return act(request, reply, 'acknowledged', (alerts, context) =>
      call(
        api.alerts.acknowledgeAll,
        { alerts, note: note === '' ? null : note },
        { context, path: ['alerts', 'acknowledgeAll'] },
      ),
    )
  })

  app.post('/incidents/:id/silence', (request, reply) =>
    act(request, reply, 'silenced', (alerts, context) =>
      call(
        api.alerts.silenceAll,
        { alerts, minutes: SILENCE_MINUTES },
        { context, path: ['alerts', 'silenceAll'] },
      ),
    ),
  )
}

/** The page is read beside the message that leads to it: in its zone, where all channels have the same; `null`: this machine's. */
export function zoneOfMessages(
  channels: readonly { readonly enabled: boolean; readonly timeZone: string | null }[],
): string | null {
  const zones = new Set(channels.filter(({ enabled }) => enabled).map(({ timeZone }) => timeZone))
  const [only = null] = zones
  return zones.size === 1 ? only : null
}
