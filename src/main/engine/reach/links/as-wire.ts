/** Gives a stream the few methods that clients expect of a socket. */
import type { Duplex } from 'node:stream'
import type { Wire } from '../way.ts'

/** The same stream; an error that nobody hears does not end the process. */
export function asWire(duplex: Duplex): Wire {
  // Whoever uses the wire listens too; between two users an error would otherwise end the process.
  duplex.on('error', () => {})
  const self = (): Wire => wire
  const wire: Wire = Object.assign(duplex, {
    setNoDelay: self,
    setKeepAlive: self,
    setTimeout: self,
    ref: self,
    unref: self,
  })
  return wire
}
