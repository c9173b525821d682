/**
 * Makes ssh2's AES-GCM carry bulk data with a third to half less work. By itself it checks and copies the key for each packet, hands each to
 * the socket in three writes, and leaves several times what it carries to the garbage collector, whose marking takes more
 * time than the encryption. The fields are ssh2's own (1.17): where they are not as expected nothing is touched, and the
 * connection is merely slower.
 */
import {
  type CipherGCMTypes,
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  type KeyObject,
  randomFillSync,
} from 'node:crypto'
import { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import type { Client } from 'ssh2'
import { BULK_BYTES, giveBack } from '../give-back.ts'

const LENGTH_BYTES = 4
const TAG_BYTES = 16
const BLOCK_BYTES = 16
const PADDING_MIN_BYTES = 4
/** The most that ssh2 takes from a server, with its tag (RFC 4253, section 6.1). */
const PACKET_MAX_BYTES = 35_000

interface Cipher {
  readonly _encSSLName: CipherGCMTypes
  _encKey: Buffer | KeyObject
  readonly _encIV: Buffer
  readonly _dead: boolean
  outSeqno: number
  allocPacket: (payloadLength: number) => Buffer
  encrypt: (packet: Buffer) => void
}

/** What a message's handler says: where to go on, `false` for right behind it in new keys, or simply on. */
type Handled = number | false | undefined

interface Decipher {
  readonly _decipherSSLName: CipherGCMTypes
  _decipherKey: Buffer | KeyObject
  readonly _decipherIV: Buffer
  readonly _onPayload: (payload: Buffer) => Handled
  /** How much there is of the length of the packet that is being read: nothing between two packets. */
  readonly _lenBytes: number
  inSeqno: number
  decrypt: (data: Buffer, start: number, end: number) => Handled
}

/** Prepares the ciphers of each key exchange of a client's connection. */
export function preparePacketCiphers(client: Client): void {
  let isGiven = false
  let isHeard = false
  client.on('handshake', () => {
    const protocol: unknown = Reflect.get(client, '_protocol')
    const wire: unknown = Reflect.get(client, '_sock')
    const cipher = at(protocol, '_cipher')
    const decipher = at(protocol, '_decipher')
    if (wire instanceof Duplex && isCipher(cipher)) {
      prepareCipher(cipher, wire, () => at(protocol, '_authenticated') === true)
    }
    isGiven = isDecipher(decipher)
    if (isDecipher(decipher)) prepareDecipher(decipher)
    if (isHeard || !(wire instanceof Socket)) return
    isHeard = true
    // Heard after ssh2, which has read it then, and of these ciphers keeps nothing of it.
    wire.on('data', (chunk: Buffer) => {
      if (isGiven) giveBack(chunk)
    })
  })
}

function prepareCipher(cipher: Cipher, wire: Duplex, isLoggedIn: () => boolean): void {
  const key = keyObject(cipher._encKey)
  const allocate = cipher.allocPacket.bind(cipher)
  let room: Buffer | null = null
  let isCorked = false

  function uncork(): void {
    isCorked = false
    wire.uncork()
  }

  cipher._encKey = key
  // After the login each packet is encrypted as soon as it is filled, so that one room does for all of them.
  cipher.allocPacket = (payloadLength) => {
    const bare = 1 + payloadLength
    const rest = BLOCK_BYTES - (bare % BLOCK_BYTES)
    const padding = rest < PADDING_MIN_BYTES ? rest + BLOCK_BYTES : rest
    const size = LENGTH_BYTES + bare + padding
    if (size < BULK_BYTES || size > PACKET_MAX_BYTES || !isLoggedIn()) return allocate(payloadLength)
    room ??= Buffer.allocUnsafeSlow(PACKET_MAX_BYTES)
    const packet = room.subarray(0, size)
    packet.writeUInt32BE(bare + padding, 0)
    packet[LENGTH_BYTES] = padding
    return randomFillSync(packet, LENGTH_BYTES + bare, padding)
  }
  cipher.encrypt = (packet) => {
    if (cipher._dead) return
    const length = Buffer.from(packet.subarray(0, LENGTH_BYTES))
    const gcm = createCipheriv(cipher._encSSLName, key, cipher._encIV)
    gcm.setAAD(length)
    const encrypted = gcm.update(packet.subarray(LENGTH_BYTES))
    gcm.final()
    const tag = gcm.getAuthTag()
    countUp(cipher._encIV)
    cipher.outSeqno = (cipher.outSeqno + 1) >>> 0
    // As ssh2 does: nothing more is said to who has said good-bye.
    if (!wire.writable || wire.readableEnded) return
    // What is written at once goes to the system at once.
    if (!isCorked) {
      isCorked = true
      wire.cork()
      process.nextTick(uncork)
    }
    if (encrypted.length < BULK_BYTES) {
      wire.write(Buffer.concat([length, encrypted, tag]))
      return
    }
    wire.write(length)
    wire.write(encrypted, (error) => {
      if (!error) giveBack(encrypted)
    })
    wire.write(tag)
  }
}

function prepareDecipher(decipher: Decipher): void {
  const key = keyObject(decipher._decipherKey)
  const readAsBefore = decipher.decrypt.bind(decipher)
  let isTaken = false
  /** The beginning of a packet whose rest is still to come. */
  let part: Buffer | null = null
  let partLength = 0

  function open(packet: Buffer): Buffer {
    const gcm = createDecipheriv(decipher._decipherSSLName, key, decipher._decipherIV)
    gcm.setAAD(packet.subarray(0, LENGTH_BYTES))
    const plain = gcm.update(packet.subarray(LENGTH_BYTES, -TAG_BYTES))
    gcm.setAuthTag(packet.subarray(-TAG_BYTES))
    // Throws where it is not what the server has sent.
    gcm.final()
    countUp(decipher._decipherIV)
    decipher.inSeqno = (decipher.inSeqno + 1) >>> 0
    return plain.subarray(1, plain.length - (plain[0] ?? 0))
  }

  decipher._decipherKey = key
  decipher.decrypt = (data, start, end) => {
    // ssh2 reads the packet to its end that it has begun.
    isTaken ||= decipher._lenBytes === 0
    if (!isTaken) return readAsBefore(data, start, end)
    let from = start
    /** Adds to the part, up to so many bytes; whether they are there. */
    const gather = (wanted: number): boolean => {
      part ??= Buffer.allocUnsafeSlow(PACKET_MAX_BYTES)
      const more = Math.min(wanted - partLength, end - from)
      part.set(data.subarray(from, from + more), partLength)
      partLength += more
      from += more
      return partLength === wanted
    }
    while (from < end) {
      let packet: Buffer
      const whole = partLength === 0 && end - from >= LENGTH_BYTES ? packetSize(data, from) : Infinity
      if (whole <= end - from) {
        packet = data.subarray(from, from + whole)
        from += whole
      } else {
        if (partLength < LENGTH_BYTES && !gather(LENGTH_BYTES)) return undefined
        if (part === null || !gather(packetSize(part, 0))) return undefined
        packet = part.subarray(0, partLength)
        partLength = 0
      }
      const handled = decipher._onPayload(open(packet))
      if (handled !== undefined) return handled === false ? from : handled
    }
    return undefined
  }
}

/** With its length and its tag. Throws where no packet can be that long. */
function packetSize(data: Buffer, at: number): number {
  const length = data.readUInt32BE(at)
  const size = LENGTH_BYTES + length + TAG_BYTES
  if (size > PACKET_MAX_BYTES || length < BLOCK_BYTES || length % BLOCK_BYTES !== 0) {
    throw new Error('Bad packet length')
  }
  return size
}

/** The invocation counter: the last eight bytes (RFC 5647, section 7.1). */
function countUp(iv: Buffer): void {
  for (let index = 11; index >= 4; index -= 1) {
    const next = ((iv[index] ?? 0) + 1) & 0xff
    iv[index] = next
    if (next !== 0) return
  }
}

function keyObject(key: Buffer | KeyObject): KeyObject {
  return Buffer.isBuffer(key) ? createSecretKey(key) : key
}

function isCipher(value: unknown): value is Cipher {
  return (
    isGcm(value, '_encSSLName', '_encKey', '_encIV') &&
    typeof at(value, '_dead') === 'boolean' &&
    typeof at(value, 'outSeqno') === 'number' &&
    typeof at(value, 'allocPacket') === 'function' &&
    typeof at(value, 'encrypt') === 'function'
  )
}

function isDecipher(value: unknown): value is Decipher {
  return (
    isGcm(value, '_decipherSSLName', '_decipherKey', '_decipherIV') &&
    typeof at(value, '_lenBytes') === 'number' &&
    typeof at(value, 'inSeqno') === 'number' &&
    typeof at(value, '_onPayload') === 'function' &&
    typeof at(value, 'decrypt') === 'function'
  )
}

function isGcm(value: unknown, name: string, key: string, iv: string): boolean {
  const nonce = at(value, iv)
  return (
    /^aes-(128|256)-gcm$/.test(String(at(value, name))) &&
    Buffer.isBuffer(at(value, key)) &&
    Buffer.isBuffer(nonce) &&
    nonce.length === 12
  )
}

function at(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
