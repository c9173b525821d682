/** A relay whose far side can be left stranded: it hears of nothing, and its connections stand on for hours. */
import { connect, createServer, type Socket } from 'node:net'
import { freePort } from '../../demo/servers/free-port.ts'

export interface StrandingRelay {
  readonly port: number
  /** Every client is reset, and the server hears nothing of it: a laptop that changed its network. */
  strand(): void
  stop(): Promise<void>
}

/** Passes connections on to a port of this machine. */
export async function startStrandingRelay(to: number): Promise<StrandingRelay> {
  const port = await freePort()
  const clients = new Set<Socket>()
  const servers = new Set<Socket>()
  const relay = createServer((client) => {
    const server = connect({ port: to, host: '127.0.0.1' })
    clients.add(client)
    servers.add(server)
    client.on('error', () => {}).pipe(server)
    server.on('error', () => {}).pipe(client)
    client.once('close', () => clients.delete(client))
    server.once('close', () => servers.delete(server))
  })
  await new Promise<void>((resolve, reject) => {
    relay.once('error', reject)
    relay.listen(port, '127.0.0.1', resolve)
  })
  return {
    port,
    strand() {
      for (const client of clients) {
        client.unpipe()
        client.resetAndDestroy()
      }
      for (const server of servers) server.unpipe().resume()
    },
    async stop() {
      for (const socket of [...clients, ...servers]) socket.destroy()
      await new Promise((resolve) => relay.close(resolve))
    },
  }
}
