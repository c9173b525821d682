/**
 * The cryptography that Vakhta uses, in one list: Electron's is BoringSSL, which lacks some of what OpenSSL has, so
 * ciphers, signatures and key derivation are taken from here and from nowhere else. Everything is 256 bits.
 */
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type Hash,
  hkdfSync,
  pbkdf2Sync,
  randomBytes,
  scrypt,
  sign as signWith,
  verify as verifyWith,
} from 'node:crypto'

/** What OpenSSL and BoringSSL both have, and Vakhta may use. */
export const PRIMITIVES = [
  'scrypt',
  'hkdf-sha256',
  'pbkdf2-sha256',
  'aes-256-gcm',
  'chacha20-poly1305',
  'ed25519',
  'x25519',
  'sha256',
  'sha512',
] as const

export const KEY_BYTES = 32
const NONCE_BYTES = 12
export const TAG_BYTES = 16

/** Costs of scrypt (RFC 7914): 128 MiB and some tenths of a second. */
export interface ScryptCosts {
  readonly N: number
  readonly r: number
  readonly p: number
}
export const SCRYPT_COSTS: ScryptCosts = { N: 2 ** 17, r: 8, p: 1 }

/** Hex SHA-256 of a text as UTF-8. */
export function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex')
}

/** SHA-256 of what comes piece by piece. */
export function sha256OfStream(): Hash {
  return createHash('sha256')
}

export function randomKey(): Buffer {
  return randomBytes(KEY_BYTES)
}

export function randomSalt(): Buffer {
  return randomBytes(16)
}

/** A key from a passphrase; deliberately slow, off the calling thread. */
export function keyFromPassphrase(passphrase: string, salt: Buffer, costs: ScryptCosts): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  const maxmem = 256 * costs.N * costs.r
  // The same passphrase typed on two keyboards may be composed differently.
  scrypt(passphrase.normalize('NFKC'), salt, KEY_BYTES, { ...costs, maxmem }, (error, key) =>
    error === null ? resolve(key) : reject(error),
  )
  return promise
}

/** A key from key material that is random already; `purpose` keeps keys of different uses apart. */
export function keyFromMaterial(material: Buffer, salt: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', material, salt, purpose, KEY_BYTES))
}

/**
 * Encrypts with AES-256-GCM under a random nonce.
 * @param about authenticated but not encrypted: what the text belongs to
 * @returns nonce, ciphertext and tag, one behind the other
 */
export function seal(key: Buffer, text: string, about: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
  cipher.setAAD(Buffer.from(about, 'utf8'))
  return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
}

/** Decrypts what `seal` made; `null` where the key or `about` is another, or a bit was changed. */
export function unseal(key: Buffer, sealed: Buffer, about: string): string | null {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) return null
  const nonce = sealed.subarray(0, NONCE_BYTES)
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
  decipher.setAAD(Buffer.from(about, 'utf8'))
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES))
  const text = decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES))
  try {
    return Buffer.concat([text, decipher.final()]).toString('utf8')
  } catch {
    return null
  }
}

/**
 * Encrypts one piece of a stream with ChaCha20-Poly1305.
 * @param nonce 12 bytes that no other piece under this key has
 * @returns ciphertext and tag, one behind the other
 */
export function sealPiece(key: Buffer, nonce: Buffer, piece: Buffer): Buffer {
  const cipher = createCipheriv('chacha20-poly1305', key, nonce, { authTagLength: TAG_BYTES })
  return Buffer.concat([cipher.update(piece), cipher.final(), cipher.getAuthTag()])
}

/** Decrypts what `sealPiece` made; `null` where key or nonce are others, or a bit was changed. */
export function openPiece(key: Buffer, nonce: Buffer, sealed: Buffer): Buffer | null {
  if (sealed.length < TAG_BYTES) return null
  const decipher = createDecipheriv('chacha20-poly1305', key, nonce, { authTagLength: TAG_BYTES })
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES))
  const piece = decipher.update(sealed.subarray(0, -TAG_BYTES))
  try {
    // Of a stream cipher nothing is left over.
    decipher.final()
    return piece
  } catch {
    return null
  }
}

/** A new Ed25519 key to sign with, as PKCS #8 in base64. */
export function newSigningKey(): string {
  const { privateKey } = generateKeyPairSync('ed25519')
  return privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64')
}

function signingKey(key: string) {
  return createPrivateKey({ key: Buffer.from(key, 'base64'), type: 'pkcs8', format: 'der' })
}

/** What checks the signatures of a key: SubjectPublicKeyInfo in base64. */
export function verificationKey(key: string): string {
  return createPublicKey(signingKey(key)).export({ type: 'spki', format: 'der' }).toString('base64')
}

/** Signs a text as UTF-8; in base64. */
export function sign(key: string, text: string): string {
  return signWith(null, Buffer.from(text, 'utf8'), signingKey(key)).toString('base64')
}

/** Whether a signature is that of this text by the key that `verificationKey` told. False also for what is no key. */
export function isSignedBy(key: string, text: string, signature: string): boolean {
  try {
    const publicKey = createPublicKey({ key: Buffer.from(key, 'base64'), type: 'spki', format: 'der' })
    if (publicKey.asymmetricKeyType !== 'ed25519') return false
    return verifyWith(null, Buffer.from(text, 'utf8'), publicKey, Buffer.from(signature, 'base64'))
  } catch {
    return false
  }
}

const SCRAM_ROUNDS = 4096

/** What PostgreSQL keeps of a password (RFC 5803): given in its place, the password itself stands in no log of the server. @param password ASCII */
export function scramVerifier(password: string): string {
  const salt = randomBytes(16)
  const salted = pbkdf2Sync(password, salt, SCRAM_ROUNDS, KEY_BYTES, 'sha256')
  const hmac = (text: string) => createHmac('sha256', salted).update(text).digest()
  const stored = createHash('sha256').update(hmac('Client Key')).digest('base64')
  return `SCRAM-SHA-256$${SCRAM_ROUNDS}:${salt.toString('base64')}$${stored}:${hmac('Server Key').toString('base64')}`
}

/** A password that is used once. */
export function passingPassword(): string {
  return randomBytes(KEY_BYTES).toString('base64url')
}
