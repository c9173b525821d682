/** `/health`, `/ready` and `/metrics`: how the console itself does. */
import type { FastifyInstance } from 'fastify'
import type { Engine } from '../engine/engine.ts'
import { EXPOSITION_TYPE, exposition } from './exposition.ts'

export interface ConditionRoutes {
  readonly engine: Engine
  readonly version: string
  readonly sockets: () => number
}

export function addConditionRoutes(
  app: FastifyInstance,
  { engine, version, sockets }: ConditionRoutes,
): void {
  const open = { config: { open: true } }

  app.get('/health', open, (_request, reply) =>
    reply.header('cache-control', 'no-store').send({ status: 'ok' }),
  )

  // Browsers ask for it on pages that name no icon; nobody needs an error for that.
  app.get('/favicon.ico', open, (_request, reply) => reply.status(204).send())

  app.get('/ready', open, async (_request, reply) => {
    reply.header('cache-control', 'no-store')
    const { ready, reason } = await engine.condition()
    if (ready) return { status: 'ready' }
    const message = reason ?? 'The console is not ready.'
    const data = { reason: message }
    return reply.status(503).send({ defined: false, code: 'SERVICE_UNAVAILABLE', status: 503, message, data })
  })

  app.get('/metrics', async (_request, reply) => {
    const deployments = engine.deployments.list()
    const observations = deployments.flatMap(({ profile }) => engine.live.latest(profile.name))
    const { user, system } = process.cpuUsage()
    const text = exposition(observations, {
      alerts: engine.alerts.counts(),
      isHeard: (await engine.unheard()) === null,
      condition: await engine.condition(),
      version,
      deployments: deployments.length,
      sockets: sockets(),
      memory: process.memoryUsage(),
      cpuMicroseconds: user + system,
    })
    return reply.header('cache-control', 'no-store').type(EXPOSITION_TYPE).send(text)
  })
}
