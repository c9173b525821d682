/**
 * The way of PostgreSQL's own programs to a server: they know neither our SSH chains nor our secrets' references, so they
 * are given a unix socket in a private directory, and what they say on it goes over a connection that was dialled and
 * encrypted as those of the watch are. A failure of that way is kept, because the program sees only a closed socket.
 */
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { pipeline } from 'node:stream'
import type { PostgresServer } from '#shared/model/profile/postgres-url.ts'
import { endpointOf, postgresUrl, serverPlace } from '../../reach/postgres/address.ts'
import { encrypt, type PostgresDependencies } from '../../reach/postgres/connection.ts'
import { encryptions, mayBeOtherwise } from '../../reach/postgres/encryption.ts'
import { ReachError } from '../../reach/reach.ts'
import type { Wire } from '../../reach/way.ts'

const PHASE_TIMEOUT_MS = 10_000
const PORT = 5432

export interface Relay {
  /** What a program takes for its host: the directory of the socket. */
  readonly host: string
  readonly port: number
  /** What went wrong on the way; `null`: nothing. */
  failure(): ReachError | null
  /** Cuts what is open. */
  close(): Promise<void>
}

/** @param directory private to us; the caller removes it */
export async function openRelay(
  dependencies: PostgresDependencies,
  server: PostgresServer,
  directory: string,
): Promise<Relay> {
  const ending = new AbortController()
  const open = new Set<{ destroy(): void }>()
  let failure: ReachError | null = null

  const listener = createServer({ pauseOnConnect: true }, (socket) => {
    void carry(socket).catch((error: unknown) => {
      if (error instanceof ReachError) failure ??= error
      socket.destroy()
    })
  })

  async function carry(socket: Socket): Promise<void> {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
    socket.on('error', () => {})
    const { wire } = await dialServer(dependencies, server, ending.signal)
    open.add(wire)
    wire.once('close', () => open.delete(wire))
    if (socket.destroyed || ending.signal.aborted) {
      wire.destroy()
      return
    }
    // An end at one side ends the other, and an error at one cuts the other.
    pipeline(socket, wire, () => {})
    pipeline(wire, socket, () => {})
    socket.resume()
  }

  const listening = Promise.withResolvers<void>()
  listener.once('error', listening.reject)
  listener.listen(join(directory, `.s.PGSQL.${PORT}`), listening.resolve)
  await listening.promise
  return {
    host: directory,
    port: PORT,
    failure: () => failure,
    async close() {
      ending.abort(new Error('the relay was closed'))
      const closed = new Promise((resolve) => listener.close(resolve))
      for (const each of open) each.destroy()
      await closed
    },
  }
}

export interface Dialled {
  readonly wire: Wire
  readonly isEncrypted: boolean
}

/** A connection as those of the watch are, up to where somebody logs in. Throws a `ReachError`. */
export async function dialServer(
  dependencies: PostgresDependencies,
  server: PostgresServer,
  signal: AbortSignal,
): Promise<Dialled> {
  const url = postgresUrl(dependencies.postgres)
  const place = serverPlace(server)
  const limits = () => ({ signal, timeoutMs: PHASE_TIMEOUT_MS })
  const attempt = { ...dependencies, url, server, place, limits }
  let first: unknown = null
  for (const encryption of encryptions(url.sslmode, server)) {
    try {
      const wire = await dependencies.way.dial(endpointOf(server), place, limits())
      if (encryption === 'plain') return { wire, isEncrypted: false }
      const secured = await encrypt(attempt, wire)
      return { wire: secured?.wire ?? wire, isEncrypted: secured !== null }
    } catch (error) {
      if (!(error instanceof ReachError) || !mayBeOtherwise(error)) throw error
      first ??= error
    }
  }
  throw first
}
