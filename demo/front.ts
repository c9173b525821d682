/** TLS before a demo service, as a balancer would end it: with a certificate of an authority of its own, that can be replaced. */
import { once } from 'node:events'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { createServer } from 'node:tls'
import { createAuthority } from './servers/authority.ts'
import { joinSockets } from './servers/joined-sockets.ts'

const HOST = '127.0.0.1'
const DAY_MS = 86_400_000
/** As public authorities give them. */
const GOOD_DAYS = 90

export interface Front {
  readonly port: number
  /** PEM of the authority's certificate: whom to trust. */
  readonly authority: string
  /** Shows a certificate that ends in so many days, or ended as many ago; connections that stand are closed. */
  present(daysLeft: number): void
  /** Shows a good one again. */
  renew(): void
  stop(): Promise<void>
}

/** @param service the port of the service behind it, on this machine */
export async function startFront(service: number): Promise<Front> {
  const authority = createAuthority('Demo Authority', { days: 3_650 })
  const sockets = new Set<Socket>()
  const issue = (daysLeft: number) => {
    const end = Date.now() + daysLeft * DAY_MS
    const { key, chain } = authority.issue({
      names: [HOST],
      notBefore: new Date(end - GOOD_DAYS * DAY_MS),
      notAfter: new Date(end),
    })
    return { key, cert: chain }
  }
  const server = createServer(issue(GOOD_DAYS - 1), (outer) => {
    joinSockets(outer, connect({ host: HOST, port: service }))
  })
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  // Whoever does not like the certificate goes away; that is theirs to tell.
  server.on('tlsClientError', (_error, socket) => socket.destroy())
  server.listen(0, HOST)
  await once(server, 'listening')
  const present = (daysLeft: number) => {
    server.setSecureContext(issue(daysLeft))
    for (const socket of sockets) socket.destroy()
  }
  return {
    port: (server.address() as AddressInfo).port,
    authority: authority.certificate,
    present,
    renew: () => present(GOOD_DAYS - 1),
    async stop() {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
