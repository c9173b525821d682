import { randomBytes, randomInt } from 'node:crypto'
import { EventEmitter } from 'node:events'
import { createRequire } from 'node:module'
import { Duplex } from 'node:stream'
import type { Client } from 'ssh2'
import { beforeAll, describe, expect, it } from 'vitest'
import { preparePacketCiphers } from '../../../../../../src/main/engine/reach/links/packet-ciphers.ts'

interface Cipher {
  allocPacket(payloadLength: number): Buffer
  encrypt(packet: Buffer): void
  outSeqno: number
}
interface Decipher {
  decrypt(data: Buffer, start: number, end: number): number | false | undefined
  inSeqno: number
}
/** ssh2's own, which is the other side here. */
const ssh2: {
  readonly init: Promise<void>
  readonly CIPHER_INFO: Record<string, { readonly keyLen: number }>
  createCipher(config: object): Cipher
  createDecipher(config: object): Decipher
} = createRequire(import.meta.url)('ssh2/lib/protocol/crypto.js')

/** From the smallest to the largest, and around where a packet is made in another place. */
const SIZES = [1, 2, 10, 11, 12, 15, 16, 17, 100, 4_070, 4_080, 4_090, 4_096, 5_000, 32_768 + 9, 34_960]

beforeAll(() => ssh2.init)

describe.each(['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com'])('%s', (name) => {
  it('is understood by the other side, whatever is sent, also where the counter overflows', async () => {
    const { cipher, sent, theirs, heard } = twoSides(name)
    const payloads = [...SIZES, ...SIZES].map((size) => randomBytes(size))
    for (const payload of payloads) send(cipher, payload)
    await new Promise(setImmediate)
    const wire = Buffer.concat(sent)
    theirs.decrypt(wire, 0, wire.length)
    expect(heard.theirs.map(hex)).toEqual(payloads.map(hex))
    expect(cipher.outSeqno).toBe(payloads.length)
  })

  it('understands the other side, in whatever pieces it comes', () => {
    const { decipher, theirCipher, theirSent, heard } = twoSides(name)
    const payloads = [...SIZES, ...SIZES].map((size) => randomBytes(size))
    for (const payload of payloads) send(theirCipher, payload)
    const wire = Buffer.concat(theirSent)
    for (let at = 0; at < wire.length; ) {
      const piece = Buffer.from(wire.subarray(at, at + (at < 2_000 ? 1 : randomInt(1, 70_000))))
      expect(decipher.decrypt(piece, 0, piece.length)).toBeUndefined()
      at += piece.length
      // What was read is no longer needed.
      piece.fill(0)
    }
    expect(heard.ours.map(hex)).toEqual(payloads.map(hex))
    expect(decipher.inSeqno).toBe(payloads.length)
  })

  it('stops where it is told to, right behind the packet', () => {
    const { decipher, theirCipher, theirSent, heard } = twoSides(name, () =>
      heard.ours.length === 2 ? false : undefined,
    )
    for (const size of [100, 5_000, 100]) send(theirCipher, randomBytes(size))
    const wire = Buffer.concat(theirSent)
    const behind = wire.length - theirSent.slice(-3).reduce((sum, { length }) => sum + length, 0)
    expect(decipher.decrypt(wire, 0, wire.length)).toBe(behind)
  })

  it.each(['length', 'content', 'tag'] as const)(
    'takes nothing of a packet whose %s was changed',
    (where) => {
      const { decipher, theirCipher, theirSent, heard } = twoSides(name)
      send(theirCipher, randomBytes(5_000))
      const wire = Buffer.concat(theirSent)
      const index = { length: 3, content: 2_000, tag: wire.length - 1 }[where]
      // A length that a packet may have: shorter by one block.
      wire[index] = where === 'length' ? (wire[index] ?? 0) - 16 : (wire[index] ?? 0) ^ 1
      expect(() => decipher.decrypt(wire, 0, wire.length)).toThrow()
      expect(heard.ours).toEqual([])
    },
  )

  it.each([0, 8, 17, 34_992, 0xff_ff_ff_f0])(
    'refuses a packet of %d bytes without waiting for it',
    (length) => {
      const { decipher } = twoSides(name)
      const wire = Buffer.alloc(8)
      wire.writeUInt32BE(length)
      expect(() => decipher.decrypt(wire, 0, wire.length)).toThrow('Bad packet length')
      const { decipher: another } = twoSides(name)
      another.decrypt(wire, 0, 3)
      expect(() => another.decrypt(wire, 3, 8)).toThrow('Bad packet length')
    },
  )
})

it('writes what is sent at once to the socket at once', async () => {
  const { cipher, writes } = twoSides('aes128-gcm@openssh.com')
  for (let packet = 0; packet < 20; packet += 1) send(cipher, randomBytes(packet % 2 === 0 ? 20 : 32_000))
  expect(writes.length).toBe(0)
  await new Promise(setImmediate)
  expect(writes.length).toBe(1)
})

it('makes each packet in a place of its own before the login, when a signature may take its time', () => {
  const { cipher, protocol } = twoSides('aes128-gcm@openssh.com')
  protocol._authenticated = false
  const [one, another] = [cipher.allocPacket(5_000), cipher.allocPacket(5_000)]
  expect(one.buffer === another.buffer && one.byteOffset === another.byteOffset).toBe(false)
  protocol._authenticated = true
  expect(cipher.allocPacket(5_000).buffer).toBe(cipher.allocPacket(32_000).buffer)
})

it('reads a packet to its end as it was begun, and the next one its own way', () => {
  const { theirCipher, theirSent, heard, plainDecipher, take } = twoSides('aes128-gcm@openssh.com')
  const payloads = [100, 5_000, 6_000].map((size) => randomBytes(size))
  for (const payload of payloads) send(theirCipher, payload)
  const wire = Buffer.concat(theirSent)
  plainDecipher.decrypt(wire, 0, 50)
  const before = plainDecipher.decrypt
  take()
  expect(plainDecipher.decrypt).not.toBe(before)
  plainDecipher.decrypt(wire, 50, 3_000)
  plainDecipher.decrypt(wire, 3_000, 5_300)
  plainDecipher.decrypt(wire, 5_300, wire.length)
  expect(heard.plain.map(hex)).toEqual(payloads.map(hex))
})

it('leaves other ciphers, and what it does not know, as they are', () => {
  const client = new EventEmitter()
  const cipher = {
    encrypt() {},
    _encSSLName: 'aes-128-ctr',
    _encKey: randomBytes(16),
    _encIV: randomBytes(16),
  }
  const before = { ...cipher }
  Object.assign(client, { _protocol: { _cipher: cipher, _decipher: null } })
  preparePacketCiphers(client as Client)
  client.emit('handshake')
  expect(cipher).toEqual(before)
})

/** Our two ciphers, prepared, and ssh2's two at the other side, with the counters just before they overflow. */
function twoSides(name: string, handled: () => false | undefined = () => undefined) {
  const info = ssh2.CIPHER_INFO[name]
  const key = randomBytes(info?.keyLen ?? 0)
  const iv = Buffer.concat([randomBytes(4), Buffer.from('00000000fffffffd', 'hex')])
  const heard = { ours: [] as Buffer[], theirs: [] as Buffer[], plain: [] as Buffer[] }
  const sent: Buffer[] = []
  const theirSent: Buffer[] = []
  const writes: number[] = []
  const wire = new Duplex({
    read() {},
    write(chunk: Buffer, _encoding, done) {
      writes.push(1)
      sent.push(Buffer.from(chunk))
      done()
    },
    writev(chunks: { chunk: Buffer }[], done) {
      writes.push(chunks.length)
      sent.push(...chunks.map(({ chunk }) => Buffer.from(chunk)))
      done()
    },
  })
  const outbound = (onWrite: (data: Buffer) => void) => ({
    outbound: { onWrite, seqno: 0, cipherInfo: info, cipherKey: Buffer.from(key), cipherIV: Buffer.from(iv) },
  })
  const inbound = (into: Buffer[]) => ({
    inbound: {
      onPayload(payload: Buffer) {
        into.push(Buffer.from(payload))
        return handled()
      },
      seqno: 0,
      decipherInfo: info,
      decipherKey: Buffer.from(key),
      decipherIV: Buffer.from(iv),
    },
  })
  const protocol = {
    _authenticated: true,
    _cipher: ssh2.createCipher(outbound(() => expect.fail('written past the prepared cipher'))),
    _decipher: ssh2.createDecipher(inbound(heard.ours)),
  }
  const plainDecipher = ssh2.createDecipher(inbound(heard.plain))
  const client = Object.assign(new EventEmitter(), { _protocol: protocol, _sock: wire })
  preparePacketCiphers(client as unknown as Client)
  client.emit('handshake')
  return {
    protocol,
    cipher: protocol._cipher,
    decipher: protocol._decipher,
    theirs: ssh2.createDecipher(inbound(heard.theirs)),
    theirCipher: ssh2.createCipher(outbound((data) => theirSent.push(Buffer.from(data)))),
    plainDecipher,
    /** The next key exchange, with a decipher that has begun to read. */
    take() {
      protocol._decipher = plainDecipher
      client.emit('handshake')
    },
    sent,
    theirSent,
    writes,
    heard,
  }
}

function send(cipher: Cipher, payload: Buffer): void {
  const packet = cipher.allocPacket(payload.length)
  packet.set(payload, 5)
  cipher.encrypt(packet)
}

const hex = (buffer: Buffer): string => buffer.toString('hex')
