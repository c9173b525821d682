/**
 * Stands between a wire and the client's parser and lets through nothing but RESP2 of a bounded size: the parser makes room
 * for as many items as a length says and goes as deep as a reply nests, so a far side that is no Redis, or means ill,
 * could otherwise take all memory. Protocol: https://redis.io/docs/latest/develop/reference/protocol-spec/ (RESP2).
 */
import { Duplex } from 'node:stream'
import type { Wire } from '../way.ts'

export const REPLY_BOUNDS = {
  /** A status, an error or a length. */
  lineBytes: 16 * 1024,
  /** One whole reply: `CLUSTER NODES` of a thousand nodes, or 64 entries of the slow log, are far below. */
  replyBytes: 8 * 1024 * 1024,
  items: 65_536,
  depth: 8,
} as const

/** `not-spoken`: this is no RESP2. `tls`: it is a record of TLS. `too-much`: beyond the bounds. */
export type ReplyFault = { readonly kind: 'not-spoken' | 'tls' | 'too-much'; readonly words: string }

const CR = 13
const LF = 10
const STATUS = 43
const ERROR = 45
const INTEGER = 58
const BULK = 36
const LIST = 42
/** Content types of TLS records: alert and handshake (RFC 8446, section 5.1). */
const TLS_RECORDS: readonly (number | undefined)[] = [21, 22]

/** Follows the framing of a stream of replies, chunk by chunk; says what is wrong as soon as that can be told. */
export function createReplyCheck(): (chunk: Uint8Array) => ReplyFault | null {
  /** Items still to come of each list that is open, the outermost first. */
  const open: number[] = []
  let line: number[] = []
  /** Bytes of a bulk string, with its line end, still to come. */
  let bulk = 0
  let replyBytes = 0
  let first = true

  function itemEnded(): void {
    while (open.length > 0) {
      const left = (open.pop() ?? 1) - 1
      if (left > 0) {
        open.push(left)
        return
      }
    }
    replyBytes = 0
  }

  function lineEnded(): ReplyFault | null {
    const [type] = line
    const text = String.fromCharCode(...line.slice(1))
    line = []
    if (type === STATUS || type === ERROR) {
      itemEnded()
      return null
    }
    if (!/^[+-]?\d{1,19}$/.test(text)) return notSpoken(`a length or number "${shown(text)}"`)
    if (type === INTEGER) {
      itemEnded()
      return null
    }
    const length = Number(text)
    if (length < -1) return notSpoken(`a length of ${length}`)
    if (type === BULK) {
      if (length > REPLY_BOUNDS.replyBytes) return tooMuch(`${length} bytes in one answer`)
      if (length === -1) itemEnded()
      else bulk = length + 2
      return null
    }
    if (length > REPLY_BOUNDS.items) return tooMuch(`a list of ${length} items`)
    if (length <= 0) {
      itemEnded()
      return null
    }
    open.push(length)
    return open.length > REPLY_BOUNDS.depth ? tooMuch(`lists ${open.length} deep`) : null
  }

  return (chunk) => {
    for (let at = 0; at < chunk.length; ) {
      if (bulk > 0) {
        const taken = Math.min(bulk, chunk.length - at)
        bulk -= taken
        at += taken
        replyBytes += taken
        if (bulk === 0) itemEnded()
      } else {
        const byte = chunk[at] ?? 0
        if (line.length === 0 && ![STATUS, ERROR, INTEGER, BULK, LIST].includes(byte)) {
          if (first && TLS_RECORDS.includes(byte)) return { kind: 'tls', words: 'a TLS record' }
          return notSpoken(`"${shown(Buffer.from(chunk.subarray(at, at + 40)).toString('latin1'))}"`)
        }
        at += 1
        replyBytes += 1
        if (byte === LF && line.at(-1) === CR) {
          line.pop()
          const fault = lineEnded()
          if (fault !== null) return fault
        } else {
          line.push(byte)
          if (line.length > REPLY_BOUNDS.lineBytes) return tooMuch('a line without end')
        }
        first = false
      }
      if (replyBytes > REPLY_BOUNDS.replyBytes) return tooMuch('an answer without end')
    }
    return null
  }
}

function notSpoken(words: string): ReplyFault {
  return { kind: 'not-spoken', words }
}

function tooMuch(words: string): ReplyFault {
  return { kind: 'too-much', words }
}

/** What came, as far as it can be printed. */
function shown(text: string): string {
  return text
    .replaceAll(/[^\x20-\x7e]+/g, ' ')
    .trim()
    .slice(0, 40)
}

/** The same wire, which ends where something else than bounded RESP2 comes; `onFault` is told before. */
export function guardReplies(wire: Wire, onFault: (fault: ReplyFault) => void): Wire {
  const check = createReplyCheck()
  const duplex = new Duplex({
    allowHalfOpen: false,
    read() {
      wire.resume()
    },
    write(chunk: Buffer, encoding, done) {
      wire.write(chunk, encoding, done)
    },
    final(done) {
      wire.end(done)
    },
    destroy(error, done) {
      wire.destroy()
      done(error)
    },
  })
  // Whoever uses the wire listens too; between two users an error would otherwise end the process.
  duplex.on('error', () => {})
  wire.on('data', (chunk: Buffer) => {
    const fault = check(chunk)
    if (fault !== null) {
      onFault(fault)
      duplex.destroy()
    } else if (!duplex.push(chunk)) wire.pause()
  })
  wire.once('end', () => duplex.push(null))
  wire.on('error', (error: Error) => duplex.destroy(error))
  wire.once('close', () => duplex.destroy())
  const self = (): Wire => guarded
  const guarded: Wire = Object.assign(duplex, {
    setNoDelay: self,
    setKeepAlive: self,
    setTimeout: self,
    ref: self,
    unref: self,
  })
  return guarded
}
