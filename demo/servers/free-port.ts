/**
 * Free loopback ports, below the range that the system hands to outgoing connections: a client that keeps trying a
 * server which is down could otherwise be given the server's port, and connect to itself.
 */
import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

const LOWEST = 15_000
const HIGHEST = 32_000
const given = new Set<number>()

/** A port on 127.0.0.1 that nothing listens on now, and that this process was not given before. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const port = randomInt(LOWEST, HIGHEST)
    if (given.has(port)) continue
    given.add(port)
    if (await isFree(port)) return port
  }
  throw new Error(`no free port was found on 127.0.0.1 between ${LOWEST} and ${HIGHEST} in 200 attempts`)
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)))
  })
}
