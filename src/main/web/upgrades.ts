/** Which upgrades become WebSockets: those to `/rpc` that the door lets in, while there is room. */
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Door, Refused } from './access/door.ts'
import { errorBody, type HostFault, languageOf } from './error-body.ts'
import { answerRaw } from './raw-answer.ts'
import type { Sockets } from './sockets.ts'

export function addUpgrades(server: Server, door: Door, sockets: Sockets): void {
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const refuse = (fault: Refused | HostFault) => {
      const { host, origin } = request.headers
      const wait = 'retryAfterSeconds' in fault ? { 'Retry-After': String(fault.retryAfterSeconds) } : {}
      answerRaw(socket, errorBody(fault, { host, origin, language: languageOf(request) }), wait)
    }
    const method = request.method ?? 'GET'
    const [path = ''] = (request.url ?? '').split('?', 1)
    const entry = door.admit({ method, headers: request.headers, upgrade: true })
    if (entry.let === 'out') return refuse(entry.refusal)
    if (path !== '/rpc') return refuse({ status: 404, key: 'no-such-path', method, path })
    if (!sockets.hasRoom()) return refuse({ status: 503, key: 'too-many-sockets' })
    sockets.accept(request, socket, head, { actor: entry.actor, sessionKey: entry.session?.key ?? null })
  })
}
