/**
 * Opens OpenSSH private keys that a passphrase locks (PROTOCOL.key of OpenSSH). What makes guessing slow takes a quarter of
 * a second, and seconds where somebody asked for it (`ssh-keygen -a 100`): it is done in small steps, between which
 * everything else goes on, and for one key at a time.
 */
import { createDecipheriv, createHash } from 'node:crypto'
import { setImmediate as turn } from 'node:timers/promises'
import { HASHSIZE, hash } from 'bcrypt-pbkdf'
import { createGate } from '../gate.ts'
import { readWire, uint32, wireString } from './ssh-wire.ts'

const PEM = /^-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]+)-----END OPENSSH PRIVATE KEY-----/
const MAGIC = Buffer.from('openssh-key-v1\0', 'latin1')
/** What is not here is left to the SSH library. */
const CIPHER = /^aes(128|192|256)-(ctr|cbc)$/
const IV_BYTES = 16
/** ssh-keygen takes 24 by default; this many are a minute. */
const MOST_ROUNDS = 2_000

const oneAtATime = createGate(1)
const never = new AbortController().signal

export class WrongPassphrase extends Error {
  constructor() {
    super('the passphrase is wrong')
    this.name = 'WrongPassphrase'
  }
}

interface KeyEnvelope {
  readonly cipher: string
  readonly derivation: string
  readonly options: Buffer
  readonly count: number
  readonly publicHalf: Buffer
  readonly privateHalf: Buffer
}

/** The parts of a key in OpenSSH's own format; `null` where it is in another. */
export function readEnvelope(text: string): KeyEnvelope | null {
  const [, encoded] = PEM.exec(text) ?? []
  if (encoded === undefined) return null
  const bytes = Buffer.from(encoded, 'base64')
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) return null
  try {
    const reader = readWire(bytes.subarray(MAGIC.length))
    return {
      cipher: reader.text(),
      derivation: reader.text(),
      options: reader.string(),
      count: reader.uint32(),
      publicHalf: reader.string(),
      privateHalf: reader.string(),
    }
  } catch {
    return null
  }
}

/**
 * The same key without its lock; `null` where it is of a kind that is left to the SSH library.
 * @throws WrongPassphrase, or what is wrong with the key
 */
export async function unlock(text: string, passphrase: string): Promise<string | null> {
  const envelope = readEnvelope(text)
  const [, bits, mode] = CIPHER.exec(envelope?.cipher ?? '') ?? []
  if (envelope === null || bits === undefined || envelope.derivation !== 'bcrypt') return null
  const keyBytes = Number(bits) / 8
  const options = readWire(envelope.options)
  const [salt, rounds] = [options.string(), options.uint32()]
  if (rounds < 1 || rounds > MOST_ROUNDS) {
    throw new Error(`it was locked with ${rounds} rounds; at most ${MOST_ROUNDS} are done here`)
  }
  const derived = await oneAtATime.pass(never, () =>
    derive(Buffer.from(passphrase, 'utf8'), salt, keyBytes + IV_BYTES, rounds),
  )
  const decipher = createDecipheriv(
    `aes-${bits}-${mode}`,
    derived.subarray(0, keyBytes),
    derived.subarray(keyBytes),
  ).setAutoPadding(false)
  const opened = Buffer.concat([decipher.update(envelope.privateHalf), decipher.final()])
  // Twice the same number stands at the beginning, for this.
  if (opened.length < 8 || !opened.subarray(0, 4).equals(opened.subarray(4, 8))) throw new WrongPassphrase()
  const { count, publicHalf } = envelope
  const plain = Buffer.concat([
    ...[MAGIC, wireString('none'), wireString('none'), wireString('')],
    ...[uint32(count), wireString(publicHalf), wireString(opened)],
  ])
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${plain.toString('base64')}\n-----END OPENSSH PRIVATE KEY-----\n`
}

/** bcrypt_pbkdf of OpenBSD, whose output is spread over blocks in an order of its own. */
async function derive(passphrase: Buffer, salt: Buffer, length: number, rounds: number): Promise<Buffer> {
  const size = HASHSIZE
  const stride = Math.ceil(length / size)
  const amount = Math.ceil(length / stride)
  const summed = sha512(passphrase)
  const key = Buffer.alloc(length)
  for (let block = 0; block < stride; block += 1) {
    const last = Buffer.alloc(size)
    hash(summed, sha512(Buffer.concat([salt, uint32(block + 1)])), last)
    const sum = Buffer.from(last)
    for (let round = 1; round < rounds; round += 1) {
      await turn()
      hash(summed, sha512(last), last)
      for (let at = 0; at < size; at += 1) sum[at] = (sum[at] ?? 0) ^ (last[at] ?? 0)
    }
    for (let at = 0; at < amount && at * stride + block < length; at += 1) {
      key[at * stride + block] = sum[at] ?? 0
    }
  }
  return key
}

function sha512(data: Buffer): Buffer {
  return createHash('sha512').update(data).digest()
}
