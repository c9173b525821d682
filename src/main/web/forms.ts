/** Forms of the host's own pages: bounded, and read in the scope that asks for them alone. */
import type { FastifyInstance } from 'fastify'

const MOST_BYTES = 16_384

export function takeForms(app: FastifyInstance): void {
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: MOST_BYTES },
    (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(body as string))),
  )
}
