/** Which containers of a machine see the PostgreSQL that the machine itself reaches, and where they see it. Pure. */
import { z } from 'zod'
import type { PostgresServer } from '#shared/model/profile/postgres-url.ts'
import { FOUND, type Inside } from './script.ts'

const Container = z.object({
  /** Docker writes a slash before it. */
  name: z.string().transform((name) => name.replace(/^\//, '')),
  mode: z.string().catch(''),
  ports: z
    .record(z.string(), z.array(z.object({ HostIp: z.string().catch(''), HostPort: z.string() })).nullable())
    .nullable()
    .catch(null),
  networks: z
    .record(z.string(), z.object({ IPAddress: z.string().catch('') }))
    .nullable()
    .catch(null),
})

export type Container = Inside & Omit<z.infer<typeof Container>, 'name'>

export function readContainers(said: string): Container[] {
  return said.split('\n').flatMap((line) => {
    const [, engine, json = ''] = /^=vakhta=(docker|podman) (.*)$/.exec(line) ?? []
    if (engine !== 'docker' && engine !== 'podman') return []
    const read = Container.safeParse(jsonOf(json)).data
    // Names are given to a command line: what is none is nobody's.
    return read === undefined || !/^[\w][\w.-]*$/.test(read.name) ? [] : [{ ...read, engine }]
  })
}

/** Published on every address. */
const EVERYWHERE: ReadonlySet<string> = new Set(['', '0.0.0.0', '::'])
/** The machine itself. */
export const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/

/**
 * Where a container sees a server that its machine knows by this address; `null`: nothing says that it does. One that has the network of its machine sees all that
 * is there, which says nothing of whose container it is: it is given a password only where the profile names it.
 * @param isNamed the profile says that it is this one
 */
export function seenFrom(
  { ports, networks }: Container,
  server: PostgresServer,
  isNamed: boolean,
): PostgresServer | null {
  for (const [inside, published] of Object.entries(ports ?? {})) {
    const own = published?.some(
      ({ HostIp, HostPort }) =>
        HostPort === String(server.port) && (isNamed || isPublishedAt(HostIp, server.host)),
    )
    const port = /^(\d+)\/tcp$/.exec(inside)?.[1]
    if (own === true && port !== undefined) return { host: '127.0.0.1', port: Number(port) }
  }
  const isItself = Object.values(networks ?? {}).some(
    ({ IPAddress }) => IPAddress !== '' && IPAddress === server.host,
  )
  return isNamed || isItself ? server : null
}

/** `localhost` is any of the machine's own addresses; everywhere is another machine's, too, where the server is not here. */
function isPublishedAt(address: string, host: string): boolean {
  if (address === host) return address !== ''
  return LOOPBACK.test(host) && (EVERYWHERE.has(address) || (host === 'localhost' && LOOPBACK.test(address)))
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** What a finder printed, as pairs of a path and what the program there says of itself. */
export function readFound(said: string): { path: string; words: string }[] {
  const found: { path: string; words: string }[] = []
  for (const line of said.split('\n')) {
    if (line.startsWith(FOUND)) found.push({ path: line.slice(FOUND.length), words: '' })
    else {
      const last = found.at(-1)
      if (last !== undefined && last.words === '') last.words = line
    }
  }
  return found
}
