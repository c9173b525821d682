/** A proxy before a server that loses the server, in silence, and goes on holding its clients' ends of the connections. */
import { connect, createServer, type Socket } from 'node:net'
import { freePort } from '../../demo/servers/free-port.ts'

export interface HoldingRelay {
  /** On 127.0.0.1. */
  readonly port: number
  /** What stands is cut off from the server, and held on this side whatever the client says; new ones are passed on. */
  lose(): void
  /** Connections that are held for nobody. */
  held(): number
  stop(): Promise<void>
}

export async function startHoldingRelay(to: number): Promise<HoldingRelay> {
  const passages = new Map<Socket, Socket>()
  const held = new Set<Socket>()
  const relay = createServer({ allowHalfOpen: true }, (client) => {
    const server = connect({ port: to, host: '127.0.0.1', allowHalfOpen: true })
    passages.set(client, server)
    client
      .on('error', () => {})
      .on('close', () => {
        passages.delete(client)
        held.delete(client)
        server.destroy()
      })
    server
      .on('error', () => {})
      .on('close', () => {
        if (!held.has(client)) client.destroy()
      })
    client.pipe(server)
    server.pipe(client)
  })
  const port = await freePort()
  await new Promise<void>((resolve) => relay.listen(port, '127.0.0.1', resolve))
  return {
    port,
    lose() {
      for (const [client, server] of passages) {
        held.add(client)
        client.unpipe(server).resume()
        server.unpipe(client).destroy()
      }
      passages.clear()
    },
    held: () => held.size,
    async stop() {
      for (const client of [...held, ...passages.keys()]) client.destroy()
      await new Promise((resolve) => relay.close(resolve))
    },
  }
}
