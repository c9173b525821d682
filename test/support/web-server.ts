/** Web servers of tests: plain or over TLS, on a free port, counting what is open. */
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer, type ServerOptions } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'

export interface WebServer {
  readonly port: number
  readonly server: Server
  /** Connections that are open now. */
  sockets(): number
  /** Connections that were made in all. */
  made(): number
  close(): Promise<void>
}

export async function startWebServer(listener: RequestListener, tls?: ServerOptions): Promise<WebServer> {
  const server =
    tls === undefined ? createServer(listener) : (createTlsServer(tls, listener) as unknown as Server)
  const open = new Set<Socket>()
  let made = 0
  server.on('connection', (socket: Socket) => {
    open.add(socket)
    made += 1
    socket.on('error', () => {})
    socket.once('close', () => open.delete(socket))
  })
  server.on('tlsClientError', () => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    server,
    sockets: () => open.size,
    made: () => made,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of open) socket.destroy()
      }),
  }
}
