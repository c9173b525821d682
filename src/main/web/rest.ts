/** The REST routes of the contract, under `/api/v1`. */
import { OpenAPIHandler } from '@orpc/openapi/fastify'
import type { FastifyInstance } from 'fastify'
import { LONGEST_KEY } from '#shared/contract/operations.ts'
import type { ApiContext } from '../api/context.ts'
import type { Api } from '../api/router.ts'
import { languageOf, sendError } from './error-body.ts'
import { callerOf } from './guard.ts'
import { hasRoute, REST_PREFIX } from './rest-routes.ts'

export function addRest(app: FastifyInstance, api: Api): void {
  const handler = new OpenAPIHandler<ApiContext>(api, {
    filter: ({ contract }) => hasRoute(contract),
    // JSON leaves out what is undefined; scripts are promised a `data` in every error.
    customErrorResponseBodyEncoder: (error) => ({ ...error.toJSON(), data: error.data ?? null }),
  })

  app.all(`${REST_PREFIX}/*`, async (request, reply) => {
    reply.header('cache-control', 'no-store')
    const key = request.headers['idempotency-key']
    const context: ApiContext = {
      ...{ actor: callerOf(request).actor, language: languageOf(request), host: 'web' },
      idempotencyKey: typeof key === 'string' && key !== '' ? key.slice(0, LONGEST_KEY) : null,
      onCreated: (path) => void reply.header('location', `${REST_PREFIX}${path}`),
    }
    const { matched } = await handler.handle(request, reply, { prefix: REST_PREFIX, context })
    if (matched) return reply
    const [path = ''] = request.url.split('?', 1)
    return sendError(request, reply, { status: 404, key: 'no-such-path', method: request.method, path })
  })
}
