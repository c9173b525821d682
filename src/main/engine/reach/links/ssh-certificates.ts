/**
 * OpenSSH certificates (PROTOCOL.certkeys of OpenSSH): read them, and judge whether one vouches for a host. The judgement
 * is pure; who the authorities are is told by `known_hosts`.
 */
import { keyFields, verifyWith, wireType } from './public-keys.ts'
import { MalformedWire, readWire, wireString } from './ssh-wire.ts'

const SUFFIX = '-cert-v01@openssh.com'
const KINDS: Readonly<Record<number, Certificate['kind']>> = { 1: 'user', 2: 'host' }
const MOST_PRINCIPALS = 256

export interface Certificate {
  /** Such as `ssh-ed25519-cert-v01@openssh.com`. */
  readonly type: string
  /** What it certifies, as a key in wire format. */
  readonly key: Buffer
  readonly kind: 'user' | 'host'
  readonly keyId: string
  /** Whom it is for; none means anybody. */
  readonly principals: readonly string[]
  /** Seconds since the epoch: valid from the first, until before the second. */
  readonly validAfter: bigint
  readonly validBefore: bigint
  /** Names of options that whoever does not know them has to refuse. */
  readonly criticalOptions: readonly string[]
  readonly authority: Buffer
  readonly signature: Buffer
  /** What the authority signed. */
  readonly signed: Buffer
}

/** Whether a type, or an algorithm (`rsa-sha2-512-cert-v01@openssh.com`), is one of certificates. */
export function isCertificateType(type: string): boolean {
  return type.endsWith(SUFFIX)
}

/** The type of the keys that a type of certificates is for; of algorithms likewise. */
export function plainType(type: string): string {
  return isCertificateType(type) ? type.slice(0, -SUFFIX.length) : type
}

/** The algorithm under which a certificate is shown, of the one that its key signs with. */
export function certificateAlgorithm(algorithm: string): string {
  return `${algorithm}${SUFFIX}`
}

/** Throws where the bytes are no certificate of a type that we know. */
export function readCertificate(blob: Buffer): Certificate {
  const reader = readWire(blob)
  const type = reader.text()
  const keyType = plainType(type)
  const fields = keyFields(keyType)
  if (!isCertificateType(type) || fields === null) throw new Error(`it is a ${type.slice(0, 60)}`)
  reader.string() // a nonce, so that authorities do not sign what is foreseen
  const key = Buffer.concat([
    wireString(keyType),
    ...Array.from({ length: fields }, () => wireString(reader.string())),
  ])
  reader.uint64() // a serial number
  const kind = KINDS[reader.uint32()]
  if (kind === undefined) throw new Error('it is neither for a user nor for a host')
  const keyId = reader.text()
  const principals = strings(reader.string(), MOST_PRINCIPALS)
  const [validAfter, validBefore] = [reader.uint64(), reader.uint64()]
  const criticalOptions = optionNames(reader.string())
  reader.string() // extensions: may be unknown
  reader.string() // reserved
  const authority = reader.string()
  const signed = blob.subarray(0, blob.length - reader.left())
  const signature = reader.string()
  if (reader.left() > 0) throw new MalformedWire('its end')
  if (isCertificateType(wireType(authority))) throw new Error('it is signed by another certificate')
  return {
    type,
    key,
    kind,
    keyId,
    principals,
    validAfter,
    validBefore,
    criticalOptions,
    authority,
    signature,
    signed,
  }
}

function strings(list: Buffer, most: number): string[] {
  const reader = readWire(list)
  const found: string[] = []
  while (reader.left() > 0) {
    if (found.length === most) throw new Error(`it lists more than ${most} names`)
    found.push(reader.text())
  }
  return found
}

/** Options are pairs of a name and data. */
function optionNames(list: Buffer): string[] {
  return strings(list, 2 * MOST_PRINCIPALS).filter((_, index) => index % 2 === 0)
}

/** Why a certificate does not vouch; dates as they are read by people, in UTC. */
export type CertificateFault =
  | { readonly fault: 'not-yet-valid'; readonly from: string }
  | { readonly fault: 'expired'; readonly until: string }
  | { readonly fault: 'wrong-host'; readonly names: string }
  /** `words`: what is wrong with it, in English. */
  | { readonly fault: 'invalid'; readonly words: string }

/**
 * Whether a certificate whose authority is trusted vouches for a host, as ssh(1) decides it.
 * @param host the name that it was asked for by, without a port
 * @param now milliseconds since the epoch
 */
export function judgeHostCertificate(
  certificate: Certificate,
  host: string,
  now: number,
): CertificateFault | null {
  if (certificate.kind !== 'host') return { fault: 'invalid', words: 'it is for users, not for hosts' }
  try {
    const { authority, signed, signature } = certificate
    if (!verifyWith(authority, signed, signature)) {
      return { fault: 'invalid', words: 'the signature of its authority is wrong' }
    }
  } catch (error) {
    return { fault: 'invalid', words: error instanceof Error ? error.message : String(error) }
  }
  const untimely = timeFault(certificate, now)
  if (untimely !== null) return untimely
  const [option] = certificate.criticalOptions
  if (option !== undefined) {
    return { fault: 'invalid', words: `it demands "${shown(option)}", which is not known` }
  }
  const { principals } = certificate
  if (principals.length > 0 && !principals.some((name) => name.toLowerCase() === host.toLowerCase())) {
    return { fault: 'wrong-host', names: shown(principals.join(', ')) }
  }
  return null
}

/** Whether it is in force; `null`: it is. */
export function timeFault(
  { validAfter, validBefore }: Pick<Certificate, 'validAfter' | 'validBefore'>,
  now: number,
): CertificateFault | null {
  const seconds = BigInt(Math.floor(now / 1_000))
  if (seconds < validAfter) return { fault: 'not-yet-valid', from: dateOf(validAfter) }
  if (seconds >= validBefore) return { fault: 'expired', until: dateOf(validBefore) }
  return null
}

/** Seconds since the epoch as people read them, in UTC. */
export function dateOf(seconds: bigint): string {
  const date = new Date(Number(seconds) * 1_000)
  // Beyond the range of dates it is as good as never.
  return Number.isNaN(date.getTime()) ? 'never' : `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`
}

function shown(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, '').slice(0, 200)
}
