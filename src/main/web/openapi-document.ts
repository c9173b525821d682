/** The OpenAPI document of the REST routes: made from the contract, with the host's own endpoints beside it. */
import { type OpenAPI, OpenAPIGenerator } from '@orpc/openapi'
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4'
import { contract } from '#shared/contract/contract.ts'
import { hasRoute, REST_PREFIX } from './rest-routes.ts'

/** Imported when it is first asked for: making it takes longer than starting the console may. */
export async function openApiDocument(version: string): Promise<OpenAPI.Document> {
  const generator = new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] })
  const document = await generator.generate(contract, {
    filter: ({ contract: procedure }) => hasRoute(procedure),
    commonSchemas: { Error: { error: 'UndefinedError' } },
    info: {
      title: 'Vakhta',
      version,
      description:
        'The console of an on-call engineer, for scripts. Every error has the shape `{ defined, code, status, message, data }`: go by `code` and `data`; `message` is for people, in the language of `Accept-Language`.',
    },
    servers: [{ url: '/' }],
    tags: [
      { name: 'monitoring', description: 'What is seen now' },
      { name: 'alerts', description: 'What fires, and what people do about it' },
      { name: 'deployments', description: 'Profiles and how they do' },
      { name: 'access', description: 'Secrets and host keys' },
      { name: 'history', description: 'What was seen before' },
      { name: 'console', description: 'The console itself' },
    ],
    security: [{ token: [] }, { session: [] }],
    components: {
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          description: 'What stands in the file `token` of the data directory',
        },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'vakhta-PORT',
          description: 'A browser session, opened with the one-time link or on the start page',
        },
      },
    },
  })
  const routes = Object.entries(document.paths ?? {}).map(
    ([path, item]) => [`${REST_PREFIX}${path}`, item] as const,
  )
  return { ...document, paths: { ...ownPaths(), ...Object.fromEntries(routes) } }
}

/** The host's own endpoints, which are in no contract. */
function ownPaths(): OpenAPI.PathsObject {
  const answers = (description: string, type = 'application/json') => ({
    description,
    content: { [type]: {} },
  })
  const error = {
    description: 'The reason',
    content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
  }
  const get = (summary: string, responses: object, security?: []) => ({
    get: { tags: ['console'], summary, responses, ...(security && { security }) },
  })
  return {
    '/health': get('Whether the console lives', { 200: answers('It does') }, []),
    '/ready': get('Whether its store and engine are ready', { 200: answers('They are'), 503: error }, []),
    '/metrics': get('Every metric in the Prometheus text format, labelled by deployment and target', {
      200: answers('The exposition', 'text/plain'),
      401: error,
    }),
  } as OpenAPI.PathsObject
}
