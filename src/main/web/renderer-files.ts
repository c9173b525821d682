/** The console's page: its built files, and `index.html` with a fresh nonce in every answer. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { withNonce } from '#shared/page-policy.ts'
import { languageOf } from './error-body.ts'
import { notBuiltPage } from './pages/start-page.ts'

/** Sends the page; `/deployments/shop` and its likes are places within it. */
export type SendPage = (request: FastifyRequest, reply: FastifyReply) => FastifyReply

/** @param directory `out/renderer` of a build; where there is none, the page says so */
export async function addRendererFiles(app: FastifyInstance, directory: string): Promise<SendPage> {
  const index = join(directory, 'index.html')
  const html = existsSync(index) ? readFileSync(index, { encoding: 'utf8' }) : null
  if (html !== null) {
    await app.register(fastifyStatic, {
      root: directory,
      // Only what is there at the start is served; nothing is looked up by a path that somebody sends.
      wildcard: false,
      globIgnore: ['index.html', '**/*.map'],
      index: false,
      cacheControl: false,
      setHeaders(reply, path) {
        const hashed = path.startsWith(join(directory, 'assets'))
        reply.header('cache-control', hashed ? 'private, max-age=31536000, immutable' : 'private, no-cache')
      },
    })
  }

  function sendPage(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const { nonce } = request
    reply.header('cache-control', 'no-store').type('text/html')
    if (html !== null) return reply.send(withNonce(html, nonce))
    return reply.status(503).send(notBuiltPage({ language: languageOf(request), nonce }))
  }
  app.get('/', sendPage)
  return sendPage
}
