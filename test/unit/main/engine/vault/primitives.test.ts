import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  keyFromMaterial,
  keyFromPassphrase,
  PRIMITIVES,
  randomKey,
  randomSalt,
  seal,
  sha256,
  unseal,
} from '../../../../../src/main/engine/vault/primitives.ts'

test('what was sealed opens with the same key and subject, and with no other', () => {
  const key = randomKey()
  const sealed = seal(key, 'тайна', 'subject')
  expect(unseal(key, sealed, 'subject')).toBe('тайна')
  expect(unseal(key, sealed, 'subjects')).toBeNull()
  expect(unseal(randomKey(), sealed, 'subject')).toBeNull()
})

test('a change of any single byte is noticed', () => {
  const key = randomKey()
  const sealed = seal(key, 'text', 'subject')
  for (let at = 0; at < sealed.length; at++) {
    const changed = Buffer.from(sealed)
    changed.writeUInt8((changed.readUInt8(at) + 1) % 256, at)
    expect(unseal(key, changed, 'subject')).toBeNull()
    expect(unseal(key, sealed.subarray(0, at), 'subject')).toBeNull()
  }
})

test('scrypt gives the key of RFC 7914', async () => {
  const key = await keyFromPassphrase('pleaseletmein', Buffer.from('SodiumChloride'), {
    N: 16_384,
    r: 8,
    p: 1,
  })
  // The first 32 of the 64 bytes in section 12.
  expect(key.toString('hex')).toBe('7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2')
})

test('HKDF gives the key of RFC 5869, test case 3', () => {
  const key = keyFromMaterial(Buffer.alloc(22, 0x0b), Buffer.alloc(0), '')
  // The first 32 of its 42 bytes.
  expect(key.toString('hex')).toBe('8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d')
})

test('keys of different uses differ', () => {
  const material = randomKey()
  const salt = randomSalt()
  expect(keyFromMaterial(material, salt, 'one')).not.toEqual(keyFromMaterial(material, salt, 'two'))
})

test('SHA-256 gives the digest of FIPS 180-4', () => {
  expect(sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
})

const root = join(import.meta.dirname, '../../../../../src/main')
const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => ({ name, text: readFileSync(join(root, name), 'utf8') }))

/** What SSH itself is made of is not ours to choose: AES-GCM of its packets, and what OpenSSH seals private keys with. */
const OF_SSH = ['packet-ciphers.ts', 'locked-key.ts'].map((name) => join('engine', 'reach', 'links', name))

test('ciphers, signatures and key derivation are imported nowhere else', () => {
  const functions =
    /\b(createCipheriv|createDecipheriv|scrypt(Sync)?|pbkdf2(Sync)?|hkdf(Sync)?|createSign|createVerify|createECDH|createDiffieHellman)\b\s*[,(}]/
  const known = [join('engine', 'vault', 'primitives.ts'), ...OF_SSH]
  const elsewhere = sources.filter(({ name, text }) => !known.includes(name) && functions.test(text))
  expect(elsewhere.map(({ name }) => name)).toEqual([])
})

test('every digest and cipher that is named is in the list', () => {
  // The names in a hashed known_hosts file are HMAC-SHA1: that is OpenSSH's format, and not ours to choose.
  const allowed: string[] = [...PRIMITIVES, 'sha1']
  const named = sources.flatMap(({ text }) =>
    [...text.matchAll(/\bcreate(?:Hash|Hmac|Cipheriv|Decipheriv)\(\s*'([^']+)'/g)].map((match) => match[1]),
  )
  expect(named).toContain('aes-256-gcm')
  expect(named.filter((name) => name === undefined || !allowed.includes(name))).toEqual([])
})
