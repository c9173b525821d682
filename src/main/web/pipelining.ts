/**
 * How many requests of one connection may be in the works. Browsers wait for each answer before they ask again; a client
 * that asks on and on without reading would have its answers, and the files that they are made of, pile up here.
 */
import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'

export const MOST_REQUESTS_AT_ONCE = 32

/** To be called before there are other hooks. */
export function boundPipelining(app: FastifyInstance): void {
  const underWay = new WeakMap<Socket, number>()
  app.server.prependListener('request', ({ socket }, response) => {
    const count = (underWay.get(socket) ?? 0) + 1
    underWay.set(socket, count)
    response.once('close', () => underWay.set(socket, (underWay.get(socket) ?? 1) - 1))
    if (count > MOST_REQUESTS_AT_ONCE) socket.destroy()
  })
  // What was read before the end is still parsed; nobody is there to be answered.
  app.addHook('onRequest', async (request, reply) => {
    if (request.socket.destroyed) reply.hijack()
  })
}
