/**
 * Makes a well-behaved socket of a forwarded SSH channel: it can be destroyed, it ends with an error when the channel is
 * cut, and it has the few methods that clients expect of `net.Socket`.
 */
import { Duplex } from 'node:stream'
import type { ClientChannel } from 'ssh2'
import type { Wire } from '../way.ts'
import { asWire } from './as-wire.ts'

export function channelWire(channel: ClientChannel): Wire {
  let closed = false
  const duplex = new Duplex({
    allowHalfOpen: false,
    emitClose: true,
    read() {
      channel.resume()
    },
    write(chunk: Buffer, _encoding, done) {
      send(chunk, done)
    },
    // As few packets as can be: a packet of a connection within comes in three pieces.
    writev(chunks: { chunk: Buffer }[], done) {
      send(Buffer.concat(chunks.map(({ chunk }) => chunk)), done)
    },
    final(done) {
      if (!closed) channel.end()
      done()
    },
    destroy(error, done) {
      settle(error ?? cut())
      if (!closed) {
        channel.resume()
        channel.destroy()
      }
      done(error)
    },
  })
  let pending: ((error?: Error | null) => void) | null = null

  function send(data: Buffer, done: (error?: Error | null) => void): void {
    if (closed) {
      done(cut())
      return
    }
    // ssh2 keeps what the window does not take and calls back when it is gone; a channel that closes never does.
    pending = done
    channel.write(data, () => settle(null))
  }

  function settle(error: Error | null): void {
    const done = pending
    pending = null
    done?.(error)
  }

  channel.on('data', (chunk: Buffer) => {
    if (!duplex.push(chunk)) channel.pause()
  })
  channel.on('end', () => duplex.push(null))
  channel.on('error', (error: Error) => duplex.destroy(error))
  channel.on('close', () => {
    closed = true
    // After an orderly end the reader sees the end first; destroying at once would take that from it.
    if (duplex.readableEnded) duplex.destroy()
    else duplex.once('end', () => duplex.destroy())
    settle(cut())
  })

  return asWire(duplex)
}

function cut(): Error {
  return Object.assign(new Error('The SSH channel was closed'), { code: 'ECONNRESET' })
}
