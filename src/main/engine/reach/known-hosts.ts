/**
 * Reads OpenSSH's `known_hosts` (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"): plain, wildcard, negated and hashed names,
 * `[host]:port`, `@revoked` and `@cert-authority`.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { matchesPattern } from './links/config/patterns.ts'

export interface KnownHost {
  /** `authority`: the key signs host certificates; it is no host's own. */
  readonly marker: 'revoked' | 'authority' | null
  readonly names: readonly string[]
  readonly keyType: string
  readonly key: Buffer
  /** 1-based. */
  readonly line: number
}

const MARKERS: Readonly<Record<string, KnownHost['marker']>> = {
  '@revoked': 'revoked',
  '@cert-authority': 'authority',
}

/** What a line says; `null` for comments and what is malformed, which is passed over as ssh does. */
export function parseKnownHost(raw: string, line: number): KnownHost | null {
  const fields = raw.trim().split(/\s+/)
  if (fields[0] === undefined || fields[0] === '' || fields[0].startsWith('#')) return null
  const marker = fields[0].startsWith('@') ? fields.shift() : null
  if (marker !== null && !Object.hasOwn(MARKERS, marker ?? '')) return null
  const [names, keyType, encoded] = fields
  if (names === undefined || keyType === undefined || encoded === undefined) return null
  const key = Buffer.from(encoded, 'base64')
  if (keyTypeOf(key) !== keyType) return null
  return { marker: MARKERS[marker ?? ''] ?? null, names: names.split(','), keyType, key, line }
}

/** Whether a line speaks of this host: on port 22 under its bare name, else as `[host]:port`. */
export function speaksOf(known: KnownHost, host: string, port: number): boolean {
  const lower = host.toLowerCase()
  const name = port === 22 ? lower : `[${lower}]:${port}`
  let matches = false
  for (const pattern of known.names) {
    if (pattern.startsWith('|')) {
      if (hashedMatches(pattern, name)) matches = true
    } else if (pattern.startsWith('!')) {
      // A negated name rules the whole line out, whatever else matches.
      if (matchesPattern(name, pattern.slice(1).toLowerCase())) return false
    } else if (matchesPattern(name, pattern.toLowerCase())) {
      matches = true
    }
  }
  return matches
}

/** The name at the beginning of a public key in SSH's wire format; `null` where it is none. */
export function keyTypeOf(key: Buffer): string | null {
  if (key.length < 4) return null
  const length = key.readUInt32BE(0)
  return length > 0 && length <= 64 && key.length > 4 + length ? key.toString('latin1', 4, 4 + length) : null
}

/** `SHA256:…` as OpenSSH prints it. */
export function fingerprintOf(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`
}

/** `|1|salt|hash`: HMAC-SHA1 of the name under the salt. */
function hashedMatches(pattern: string, name: string): boolean {
  const [, version, salt, hash] = pattern.split('|')
  if (version !== '1' || salt === undefined || hash === undefined) return false
  const expected = Buffer.from(hash, 'base64')
  const actual = createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest()
  return expected.length === actual.length && timingSafeEqual(expected, actual)
}
