/**
 * The insides of ssh2 (1.17) that certificates and the order of a login need: read with care, and refused where
 * they are not as expected, which a test would tell at the first change of version.
 */
import type { Client } from 'ssh2'

/** A key exchange, from when both sides' offers are known to when it has ended. */
export interface KeyExchange {
  readonly sessionID: Buffer
  readonly negotiated: { serverHostKey: string }
}

type NameList = { readonly array: readonly string[] }
type Direction = Readonly<Record<'cipher' | 'mac' | 'compress' | 'lang', NameList>>

/** What we offer in a key exchange. */
export interface Offer {
  readonly lists: {
    readonly kex: NameList
    readonly serverHostKey: NameList
    readonly cs: Direction
    readonly sc: Direction
  }
}

export interface Ssh2Protocol {
  _offer: Offer
  _kex: KeyExchange | undefined
  /** Ours, while a key exchange is under way: everything else waits in the queue then. */
  readonly _kexinit: Buffer | undefined
  _queue: Buffer[] | undefined
  readonly _cipher: { encrypt(packet: Buffer): void }
  readonly _packetRW: {
    readonly write: {
      readonly allocStart: number
      alloc(length: number): Buffer
      finalize(packet: Buffer): Buffer
    }
  }
  /** The methods of the login requests that are not answered yet. */
  readonly _authsQueue: string[]
  readonly _handlers: Record<string, ((...args: unknown[]) => unknown) | undefined>
  authPK: (...args: unknown[]) => void
  /** Takes each message after the first key exchange. */
  _onPayload: (payload: Buffer) => unknown
}

/** Of a client that was told to connect. Throws where it is another version's. */
export function protocolOf(client: Client): Ssh2Protocol {
  const protocol: unknown = Reflect.get(client, '_protocol')
  if (!isExpected(protocol)) throw new TypeError('the SSH library is not the version that this was made for')
  return protocol
}

function isExpected(protocol: unknown): protocol is Ssh2Protocol {
  return (
    typeof at(protocol, 'authPK') === 'function' &&
    typeof at(protocol, '_onPayload') === 'function' &&
    typeof at(protocol, '_handlers', 'EXT_INFO') === 'function' &&
    typeof at(protocol, '_packetRW', 'write', 'alloc') === 'function' &&
    typeof at(protocol, '_packetRW', 'write', 'finalize') === 'function' &&
    typeof at(protocol, '_packetRW', 'write', 'allocStart') === 'number' &&
    typeof at(protocol, '_cipher', 'encrypt') === 'function' &&
    Array.isArray(at(protocol, '_authsQueue')) &&
    Array.isArray(at(protocol, '_offer', 'lists', 'serverHostKey', 'array')) &&
    Array.isArray(at(protocol, '_offer', 'lists', 'sc', 'lang', 'array'))
  )
}

function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (found, name) => (typeof found === 'object' && found !== null ? Reflect.get(found, name) : undefined),
    value,
  )
}

/** Sends one message, in its turn. */
export function sendPayload(protocol: Ssh2Protocol, payload: Buffer): void {
  const { write } = protocol._packetRW
  const packet = write.alloc(payload.length)
  packet.set(payload, write.allocStart)
  const finalized = write.finalize(packet)
  if (protocol._kexinit === undefined) {
    protocol._cipher.encrypt(finalized)
    return
  }
  protocol._queue ??= []
  protocol._queue.push(finalized)
}
