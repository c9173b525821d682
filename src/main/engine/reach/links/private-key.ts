/** Reads the keys of an SSH hop, in whatever form they are kept, and says in words what is wrong with one. */
import { createHash, createPrivateKey, type KeyObject } from 'node:crypto'
// Node finds no named `utils` in this CommonJS module.
import ssh2, { type ParsedKey } from 'ssh2'
import { errorCode, errorWords, failed, type Place } from '../failed.ts'
import type { ReachError } from '../reach.ts'
import { readEnvelope, unlock, WrongPassphrase } from './locked-key.ts'
import { blobOf, keyFields, wireType } from './public-keys.ts'
import { isCertificateType, readCertificate } from './ssh-certificates.ts'

const STEP = 'ssh-authentication'
const PKCS8 = /^-----BEGIN (ENCRYPTED )?PRIVATE KEY-----/
/** `TYPE BASE64 comment`, as in a `.pub` file. */
const PUBLIC_LINE = /^([a-z0-9@.-]+) ([A-Za-z0-9+/=]+)(?:\s|$)/

export interface KeyText {
  /** How the profile refers to it. */
  readonly name: string
  readonly text: string
  readonly passphrase: string | null
}

export interface KeyFile {
  /** `null` where it cannot be opened, or holds a public key alone: an agent may have it all the same. */
  readonly secret: KeyObject | null
  /** The public half in SSH's wire format; `null` where it cannot be told. */
  readonly blob: Buffer | null
  /** Why there is no secret half; waits for a person. */
  readonly problem: ReachError | null
}

export async function readKey({ name, text, passphrase }: KeyText, place: Place): Promise<KeyFile> {
  const trimmed = text.trim()
  const line = readPublicLine(trimmed)
  if (line !== null) {
    return { secret: null, blob: line.key, problem: failed(place, STEP, 'key-is-public', { name }) }
  }
  try {
    const secret = PKCS8.test(trimmed) ? openPkcs8(trimmed, passphrase) : await openKept(trimmed, passphrase)
    const blob = blobOf(secret)
    if (blob === null) throw new Error('no key of this kind is known')
    return { secret, blob, problem: null }
  } catch (error) {
    return { secret: null, blob: publicHalf(trimmed), problem: problemOf(error, name, passphrase, place) }
  }
}

/** What a line of a `.pub` file holds: a key, or a certificate and the key that it is for. */
export function readPublicLine(
  text: string,
): { readonly key: Buffer; readonly certificate: Buffer | null } | null {
  const [, type, encoded] = PUBLIC_LINE.exec(text.trim()) ?? []
  if (type === undefined || encoded === undefined) return null
  const blob = Buffer.from(encoded, 'base64')
  try {
    if (wireType(blob) !== type) return null
    return isCertificateType(type)
      ? { key: readCertificate(blob).key, certificate: blob }
      : { key: blob, certificate: null }
  } catch {
    return null
  }
}

class NeedsPassphrase extends Error {}

function openPkcs8(text: string, passphrase: string | null): KeyObject {
  if (text.startsWith('-----BEGIN ENCRYPTED') && passphrase === null) throw new NeedsPassphrase()
  return createPrivateKey({ key: text, format: 'pem', ...(passphrase === null ? {} : { passphrase }) })
}

/** What was locked, under a sum of it and its passphrase: it is not opened again for each reconnection. */
const opened = new Map<string, Promise<KeyObject>>()
/** More than a console watches: with fewer each would push out the one that is wanted next. */
const MOST_OPENED = 1_024

async function openKept(text: string, passphrase: string | null): Promise<KeyObject> {
  if (passphrase === null) return openSsh(text, passphrase)
  const id = createHash('sha256')
    .update(JSON.stringify([text, passphrase]))
    .digest('base64')
  const kept = opened.get(id)
  if (kept !== undefined) return kept
  const opening = openLocked(text, passphrase)
  const [oldest] = opened.keys()
  if (opened.size >= MOST_OPENED && oldest !== undefined) opened.delete(oldest)
  opened.set(id, opening)
  opening.catch(() => opened.delete(id))
  return opening
}

async function openLocked(text: string, passphrase: string): Promise<KeyObject> {
  const unlocked = await unlock(text, passphrase)
  return unlocked === null ? openSsh(text, passphrase) : openSsh(unlocked, null)
}

function openSsh(text: string, passphrase: string | null): KeyObject {
  const parsed: ParsedKey | ParsedKey[] | Error = ssh2.utils.parseKey(text, passphrase ?? undefined)
  const key = Array.isArray(parsed) ? parsed[0] : parsed
  if (key === undefined) throw new Error('there is no key in it')
  if (key instanceof Error) throw key
  if (keyFields(key.type) === null) throw new Error(`keys of type ${key.type} are not used any more`)
  if (!key.isPrivateKey()) throw new Error('there is no private key in it')
  return createPrivateKey(key.getPrivatePEM())
}

function problemOf(error: unknown, name: string, passphrase: string | null, place: Place): ReachError {
  const words = errorWords(error)
  // ssh2 tells these apart by its message alone.
  if (
    error instanceof NeedsPassphrase ||
    errorCode(error) === 'ERR_MISSING_PASSPHRASE' ||
    /no passphrase given/i.test(words)
  ) {
    return failed(place, STEP, 'key-passphrase-missing', { name })
  }
  if (
    error instanceof WrongPassphrase ||
    (passphrase !== null && /passphrase|integrity check|decrypt/i.test(words))
  ) {
    return failed(place, STEP, 'key-passphrase-wrong', { name })
  }
  return failed(place, STEP, 'key-unsupported', { name, words })
}

/** An OpenSSH key shows its public half also while it is locked. */
function publicHalf(text: string): Buffer | null {
  const envelope = readEnvelope(text)
  return envelope === null || envelope.count === 0 ? null : envelope.publicHalf
}
