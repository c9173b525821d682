/** A relay before a server that breaks every connection in the middle of an answer, when it is told to. */
import { connect, createServer, type Socket } from 'node:net'
import { freePort } from '../../demo/servers/free-port.ts'

export interface CuttingRelay {
  /** On 127.0.0.1. */
  readonly port: number
  /** Each connection, those that stand too, hears so many bytes more of the server, and then that it is gone. */
  cutAfter(bytes: number): void
  /** Cuts no more. */
  fair(): void
  /** How many were cut. */
  cuts(): number
  /** Connections that stand. */
  connections(): number
  stop(): Promise<void>
}

export async function startCuttingRelay(to: number): Promise<CuttingRelay> {
  /** What each client may still hear, in bytes. */
  const left = new Map<Socket, number>()
  let atMost = Number.POSITIVE_INFINITY
  let cuts = 0

  const relay = createServer((client) => {
    const server = connect({ port: to, host: '127.0.0.1' })
    left.set(client, atMost)
    client
      .on('error', () => server.destroy())
      .on('close', () => {
        left.delete(client)
        server.destroy()
      })
    // What was written before the end is still heard.
    server.on('error', () => client.end()).on('close', () => client.end())
    client.pipe(server)
    server.on('data', (chunk) => {
      const allowed = left.get(client) ?? 0
      left.set(client, allowed - chunk.length)
      if (chunk.length < allowed) {
        client.write(chunk)
      } else if (allowed > 0) {
        cuts += 1
        client.end(chunk.subarray(0, allowed))
        server.destroy()
      }
    })
  })
  const port = await freePort()
  await new Promise<void>((resolve) => relay.listen(port, '127.0.0.1', resolve))

  function allow(bytes: number): void {
    atMost = bytes
    for (const client of left.keys()) left.set(client, bytes)
  }

  return {
    port,
    cutAfter: allow,
    fair: () => allow(Number.POSITIVE_INFINITY),
    cuts: () => cuts,
    connections: () => left.size,
    async stop() {
      for (const client of left.keys()) client.destroy()
      await new Promise((resolve) => relay.close(resolve))
    },
  }
}
