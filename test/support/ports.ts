/** Ports that behave badly in a known way. */
import { createServer, type Server, type Socket } from 'node:net'
import { freePort } from '../../demo/servers/free-port.ts'

/** A port on 127.0.0.1 that nothing listens on. */
export const closedPort = freePort

export interface SilentPort {
  readonly port: number
  /** Connections that are open now. */
  connections(): number
  close(): Promise<void>
}

/** Takes connections and never says a word: a hung server, or a proxy whose other side is a silent firewall. */
export async function listenSilently(): Promise<SilentPort> {
  return listen((socket) => socket.resume())
}

/** Answers as `answer` says to each chunk, as text; with `null` it keeps silent. */
export async function listenWith(answer: (said: string) => string | Buffer | null): Promise<SilentPort> {
  return listen((socket) =>
    socket.setEncoding('latin1').on('data', (said) => {
      const reply = answer(String(said))
      if (reply !== null) socket.write(reply)
    }),
  )
}

/** Takes connections and closes each at once. */
export async function listenAndHangUp(): Promise<SilentPort> {
  return listen((socket) => socket.destroy())
}

async function listen(onSocket: (socket: Socket) => void): Promise<SilentPort> {
  const port = await freePort()
  const open = new Set<Socket>()
  const server: Server = createServer((socket) => {
    open.add(socket)
    socket.on('error', () => {})
    socket.once('close', () => open.delete(socket))
    onSocket(socket)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    port,
    connections: () => open.size,
    async close() {
      for (const socket of open) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
