/**
 * The way of PostgreSQL's own programs to a server: they know neither our SSH chains nor our secrets' references, so they
 * are given a unix socket in a private directory, and what they say on it goes over a connection that was dialled and
 * encrypted as a session of ours was that the server let in. A failure of that way is kept, because the program sees only a closed socket.
 */
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { type Duplex, finished, pipeline, Writable } from 'node:stream'
import { giveBackPacket } from '../../reach/give-back.ts'
import { endpointOf, postgresUrl, serverPlace } from '../../reach/postgres/address.ts'
import { encrypt, type PostgresDependencies } from '../../reach/postgres/connection.ts'
import { ReachError } from '../../reach/reach.ts'
import type { Wire } from '../../reach/way.ts'
import type { Admitted } from './admitted.ts'
import { readOffer } from './offer.ts'

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
  to: Admitted,
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
    const wire = await dialServer(dependencies, to, ending.signal)
    open.add(wire)
    // TLS, both pipelines and we listen for its end, which is more than is taken for an oversight.
    wire.setMaxListeners(20)
    wire.once('close', () => open.delete(wire))
    if (socket.destroyed || ending.signal.aborted) {
      wire.destroy()
      return
    }
    // An end at one side ends the other, and an error at one cuts the other.
    pipeline(socket, writingTo(wire), () => {})
    socket.resume()
    if (to.encryption === 'tls') socket.write(await readOffer(wire))
    pipeline(wire, writingTo(socket), () => {})
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

/** Ends with it and is cut with it. What it has written it frees: a whole database comes this way, and the garbage collector would take longer than the encryption. */
function writingTo(to: Duplex): Writable {
  const writing = new Writable({
    write: (chunk: Buffer, _encoding, done) => writeAll([{ chunk }], done),
    writev: (chunks, done) => writeAll(chunks, done),
    final: (done) => void to.end(done),
    destroy(error, done) {
      to.destroy(error ?? undefined)
      done(error)
    },
  })
  function writeAll(chunks: readonly { readonly chunk: Buffer }[], done: (error?: Error | null) => void) {
    const last = chunks.length - 1
    to.cork()
    for (const [index, { chunk }] of chunks.entries())
      to.write(chunk, (error) => {
        if (!error) giveBackPacket(chunk)
        if (index === last) done(error)
      })
    to.uncork()
  }
  // The pipeline hears it only until it is over.
  writing.on('error', () => {})
  finished(to, { readable: false }, (error) => {
    if (error) writing.destroy(error)
  })
  return writing
}

/**
 * A connection up to where somebody logs in, encrypted as it was when the server let us in: libpq tries the other way by itself where it is refused, but through
 * us it sees only one. Throws a `ReachError`.
 */
export async function dialServer(
  dependencies: PostgresDependencies,
  { server, encryption }: Admitted,
  signal: AbortSignal,
): Promise<Wire> {
  const url = postgresUrl(dependencies.postgres)
  const place = serverPlace(server)
  const limits = () => ({ signal, timeoutMs: PHASE_TIMEOUT_MS })
  const wire = await dependencies.way.dial(endpointOf(server), place, limits())
  if (encryption === 'plain') return wire
  const secured = await encrypt({ ...dependencies, url, server, place, limits }, wire)
  return secured?.wire ?? wire
}
