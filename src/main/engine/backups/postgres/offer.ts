/**
 * What a server offers to log in with, as a program behind our relay can take it. A login that is bound to TLS (`SCRAM-SHA-256-PLUS`) is for who speaks TLS himself; the program
 * hears from us in clear, and takes the offer for a sign of somebody in between: libpq breaks off. The offer is passed on without it.
 */
import { once } from 'node:events'
import type { Wire } from '../../reach/way.ts'

const VERSIONS = 'v'
const AUTHENTICATION = 'R'
const SASL = 10
const BOUND = '-PLUS'
/** Of a message before the login; a longer one is none that is looked into. */
const MOST_BYTES = 8_192

/** Reads what a server says first. @returns what the program is to hear of it; empty, where it hung up */
export async function readOffer(wire: Wire): Promise<Buffer> {
  let head: Buffer = Buffer.alloc(0)
  for (;;) {
    const chunk: Buffer | null = wire.read()
    if (chunk !== null) head = Buffer.concat([head, chunk])
    const offer = withoutBinding(head)
    if (offer !== null) return offer
    if (wire.readableEnded || wire.destroyed) return head
    if (chunk === null) await more(wire)
  }
}

async function more(wire: Wire): Promise<void> {
  const heard = new AbortController()
  const event = (name: string) => once(wire, name, { signal: heard.signal }).catch(() => {})
  await Promise.race(['readable', 'end', 'close'].map(event))
  heard.abort()
}

/** Section 55.7 of the manual: `NegotiateProtocolVersion` may come before `AuthenticationSASL`. Pure. @returns `null`: more is needed to tell */
export function withoutBinding(head: Buffer): Buffer | null {
  for (let at = 0; ; ) {
    const type = head.toString('latin1', at, at + 1)
    if (type !== '' && type !== VERSIONS && type !== AUTHENTICATION) return head
    if (head.length < at + 5) return null
    const length = head.readInt32BE(at + 1)
    if (length < 8 || length > MOST_BYTES) return head
    const end = at + 1 + length
    if (head.length < end) return null
    if (type === AUTHENTICATION) {
      if (head.readInt32BE(at + 5) !== SASL) return head
      const offered = head
        .toString('latin1', at + 9, end)
        .split('\0')
        .filter(Boolean)
      const left = offered.filter((mechanism) => !mechanism.endsWith(BOUND))
      // Nothing but that is for the program to refuse, in its own words.
      if (left.length === 0 || left.length === offered.length) return head
      return Buffer.concat([head.subarray(0, at), saslOf(left), head.subarray(end)])
    }
    at = end
  }
}

function saslOf(mechanisms: readonly string[]): Buffer {
  const list = Buffer.from(`${mechanisms.join('\0')}\0\0`, 'latin1')
  const start = Buffer.alloc(9)
  start.write(AUTHENTICATION, 'latin1')
  start.writeInt32BE(8 + list.length, 1)
  start.writeInt32BE(SASL, 5)
  return Buffer.concat([start, list])
}
