/**
 * SSH's public keys and signatures between their wire format and Node's: RFC 4253 (RSA), RFC 5656 (ECDSA), RFC 8332 (RSA
 * with SHA-2), RFC 8709 (Ed25519).
 */
import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { MalformedWire, mpint, readWire, wireString } from './ssh-wire.ts'

/** What a key signs with. `ssh-rsa`, with SHA-1, only where somebody asks for it by name; no such signature is believed. */
export type SignatureAlgorithm =
  | 'ssh-ed25519'
  | 'ecdsa-sha2-nistp256'
  | 'ecdsa-sha2-nistp384'
  | 'ecdsa-sha2-nistp521'
  | 'rsa-sha2-512'
  | 'rsa-sha2-256'
  | 'ssh-rsa'

interface Curve {
  readonly jwk: 'P-256' | 'P-384' | 'P-521'
  readonly name: string
  /** Of one coordinate. */
  readonly bytes: number
}

const CURVES: Readonly<Record<string, Curve>> = {
  'ecdsa-sha2-nistp256': { jwk: 'P-256', name: 'nistp256', bytes: 32 },
  'ecdsa-sha2-nistp384': { jwk: 'P-384', name: 'nistp384', bytes: 48 },
  'ecdsa-sha2-nistp521': { jwk: 'P-521', name: 'nistp521', bytes: 66 },
}

const HASHES: Readonly<Record<SignatureAlgorithm, string | null>> = {
  'ssh-ed25519': null,
  'ecdsa-sha2-nistp256': 'sha256',
  'ecdsa-sha2-nistp384': 'sha384',
  'ecdsa-sha2-nistp521': 'sha512',
  'rsa-sha2-512': 'sha512',
  'rsa-sha2-256': 'sha256',
  'ssh-rsa': 'sha1',
}

/** What RSA keys smaller than this sign can be forged. */
const RSA_LEAST_BITS = 1_024

/** The first name in a key, a certificate or a signature. */
export function wireType(blob: Buffer): string {
  return readWire(blob).text()
}

/** The algorithms of today that a key of a type signs with, the best first; none for a type that we cannot do. */
export function signatureAlgorithms(keyType: string): readonly SignatureAlgorithm[] {
  if (keyType === 'ssh-rsa') return ['rsa-sha2-512', 'rsa-sha2-256']
  return keyType === 'ssh-ed25519' || Object.hasOwn(CURVES, keyType) ? [keyType as SignatureAlgorithm] : []
}

/** How many fields stand in a key of a type after its name; `null` for one that we do not know. */
export function keyFields(keyType: string): number | null {
  if (keyType === 'ssh-ed25519') return 1
  return keyType === 'ssh-rsa' || Object.hasOwn(CURVES, keyType) ? 2 : null
}

/** Throws where the bytes are no key of a type that we know. */
export function publicKeyOf(blob: Buffer): KeyObject {
  const reader = readWire(blob)
  const type = reader.text()
  const encode = (bytes: Buffer) => bytes.toString('base64url')
  if (type === 'ssh-ed25519') {
    return createPublicKey({
      format: 'jwk',
      key: { kty: 'OKP', crv: 'Ed25519', x: encode(reader.string()) },
    })
  }
  if (type === 'ssh-rsa') {
    const [e, n] = [reader.string(), reader.string()]
    const key = createPublicKey({ format: 'jwk', key: { kty: 'RSA', e: encode(e), n: encode(n) } })
    if ((key.asymmetricKeyDetails?.modulusLength ?? 0) < RSA_LEAST_BITS)
      throw new Error('the key is too short')
    return key
  }
  const curve = CURVES[type]
  if (curve === undefined) throw new Error(`keys of type ${type.slice(0, 60)} are not known`)
  if (reader.text() !== curve.name) throw new MalformedWire('the curve')
  const point = reader.string()
  if (point.length !== 1 + 2 * curve.bytes || point[0] !== 4) throw new MalformedWire('the point')
  const [x, y] = [point.subarray(1, 1 + curve.bytes), point.subarray(1 + curve.bytes)]
  return createPublicKey({ format: 'jwk', key: { kty: 'EC', crv: curve.jwk, x: encode(x), y: encode(y) } })
}

/** The public half of a key in SSH's wire format; `null` where SSH (or we) has no such keys. */
export function blobOf(key: KeyObject): Buffer | null {
  const jwk = (key.type === 'private' ? createPublicKey(key) : key).export({ format: 'jwk' })
  const decode = (text = '') => Buffer.from(text, 'base64url')
  if (jwk.kty === 'OKP' && jwk.crv === 'Ed25519') {
    return Buffer.concat([wireString('ssh-ed25519'), wireString(decode(jwk.x))])
  }
  if (jwk.kty === 'RSA')
    return Buffer.concat([wireString('ssh-rsa'), mpint(decode(jwk.e)), mpint(decode(jwk.n))])
  const [type, curve] = Object.entries(CURVES).find(([, { jwk: name }]) => name === jwk.crv) ?? []
  if (jwk.kty !== 'EC' || type === undefined || curve === undefined) return null
  const point = Buffer.concat([Buffer.of(4), decode(jwk.x), decode(jwk.y)])
  return Buffer.concat([wireString(type), wireString(curve.name), wireString(point)])
}

/** A signature in SSH's wire format. */
export function signWith(key: KeyObject, algorithm: SignatureAlgorithm, data: Buffer): Buffer {
  const raw = sign(HASHES[algorithm], data, { key, dsaEncoding: 'ieee-p1363' })
  const half = raw.length / 2
  const value = algorithm.startsWith('ecdsa-')
    ? Buffer.concat([mpint(raw.subarray(0, half)), mpint(raw.subarray(half))])
    : raw
  return Buffer.concat([wireString(algorithm), wireString(value)])
}

/** Whether a signature in SSH's wire format over some data was made with a key; throws where either is malformed. */
export function verifyWith(keyBlob: Buffer, data: Buffer, signature: Buffer): boolean {
  const reader = readWire(signature)
  const algorithm = reader.text()
  const allowed = signatureAlgorithms(wireType(keyBlob)).find((each) => each === algorithm)
  if (allowed === undefined) throw new Error(`it is signed with ${algorithm.slice(0, 60)}`)
  const value = reader.string()
  const curve = CURVES[algorithm]
  const raw = curve === undefined ? value : fixedHalves(value, curve.bytes)
  return verify(HASHES[allowed], data, { key: publicKeyOf(keyBlob), dsaEncoding: 'ieee-p1363' }, raw)
}

/** The two numbers of an ECDSA signature side by side, each as long as a coordinate. */
function fixedHalves(value: Buffer, bytes: number): Buffer {
  const reader = readWire(value)
  return Buffer.concat([reader.string(), reader.string()].map((number) => fixed(number, bytes)))
}

function fixed(number: Buffer, bytes: number): Buffer {
  let start = 0
  while (start < number.length && number[start] === 0) start += 1
  const digits = number.subarray(start)
  if (digits.length > bytes) throw new MalformedWire('the signature')
  return Buffer.concat([Buffer.alloc(bytes - digits.length), digits])
}
