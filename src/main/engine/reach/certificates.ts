/** The certificates that a server showed: whom they are for, who vouches for them, and which ends first. */
import { X509Certificate } from 'node:crypto'
import type { DetailedPeerCertificate, TLSSocket } from 'node:tls'
import type { Certificate } from '#shared/model/certificate.ts'

/** Chains of the public authorities hold three or four; nothing keeps a server from sending more. */
const MOST_CERTIFICATES = 8
const MOST_NAMES = 20
const LONGEST_TEXT = 200

/**
 * The server's own certificate first, then each that vouches for the one before, up to the authority that is trusted.
 * What a server sends beyond that does not matter: an old cross-signature may end long before anybody needs it.
 * @param authorities PEM certificates of whom is trusted
 */
export function chainOf(socket: TLSSocket, authorities: readonly string[]): Certificate[] {
  // Not `getPeerX509Certificate`: it takes the chain from the session, and whoever asks next finds none (Node 24).
  let next: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true)
  const found: X509Certificate[] = []
  while (next?.raw !== undefined && found.length < MOST_CERTIFICATES) {
    const certificate = new X509Certificate(next.raw)
    if (found.some(({ fingerprint256 }) => fingerprint256 === certificate.fingerprint256)) break
    found.push(certificate)
    const anchor = anchorOf(certificate, authorities)
    if (anchor !== null) {
      if (anchor.fingerprint256 !== certificate.fingerprint256) found.push(anchor)
      break
    }
    next = next.issuerCertificate
  }
  return found.map(describe)
}

/** When the first of them ends, milliseconds since the epoch; `null` where there are none. */
export function chainEnd(chain: readonly Certificate[]): number | null {
  return chain.length === 0 ? null : Math.min(...chain.map(({ validTo }) => validTo))
}

/** Whether nobody but itself vouches for it. */
export function isSelfSigned({ subject, issuer }: X509Certificate): boolean {
  return subject === issuer
}

const anchorsOf = new WeakMap<readonly string[], ReadonlyMap<string, readonly X509Certificate[]>>()

/** The trusted authority that signed a certificate; of several with one key the one that lasts longest. */
function anchorOf(certificate: X509Certificate, authorities: readonly string[]): X509Certificate | null {
  const anchors = anchorsOf.get(authorities) ?? bySubject(authorities)
  // Reading some hundreds of them takes ten milliseconds: once for each list.
  anchorsOf.set(authorities, anchors)
  const signers = (anchors.get(certificate.issuer) ?? []).filter(
    (anchor) => certificate.checkIssued(anchor) && certificate.verify(anchor.publicKey),
  )
  return signers.toSorted((a, b) => endOf(b) - endOf(a))[0] ?? null
}

function bySubject(authorities: readonly string[]): ReadonlyMap<string, readonly X509Certificate[]> {
  const anchors = authorities.flatMap((pem) => certificatesIn(pem) ?? [])
  return Map.groupBy(anchors, ({ subject }) => subject)
}

const PEM_CERTIFICATE =
  /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----[^-]+-----END (?:X509 |TRUSTED )?CERTIFICATE-----/g

/** The certificates in a PEM text; `null` where it holds none, or one that cannot be read. */
export function certificatesIn(pem: string): X509Certificate[] | null {
  try {
    const found = (pem.match(PEM_CERTIFICATE) ?? []).map((each) => new X509Certificate(each))
    return found.length === 0 ? null : found
  } catch {
    return null
  }
}

function describe(certificate: X509Certificate): Certificate {
  return {
    subject: nameOf(certificate.subject),
    issuer: nameOf(certificate.issuer),
    names: namesOf(certificate),
    validFrom: certificate.validFromDate.getTime(),
    validTo: endOf(certificate),
    fingerprint: certificate.fingerprint256,
    key: keyOf(certificate),
  }
}

function endOf({ validToDate }: X509Certificate): number {
  return validToDate.getTime()
}

/** Organization and common name of a distinguished name; all of it where it has neither. */
function nameOf(name: string): string {
  const lines = name.split('\n')
  const values = ['O', 'CN'].flatMap((attribute) => {
    const line = lines.find((each) => each.startsWith(`${attribute}=`))
    return line === undefined ? [] : [line.slice(attribute.length + 1)]
  })
  return (values.length === 0 ? lines : values).join(', ').slice(0, LONGEST_TEXT)
}

/** Node quotes a name that could be taken for several, as a string of JSON. */
const ALTERNATIVE = /(?:DNS|IP Address):("(?:[^"\\]|\\.)*"|[^,]*)/g

function namesOf({ subjectAltName = '' }: X509Certificate): string[] {
  return [...subjectAltName.matchAll(ALTERNATIVE)]
    .slice(0, MOST_NAMES)
    .map(([, name = '']) => name.slice(0, LONGEST_TEXT))
}

function keyOf({ publicKey }: X509Certificate): string {
  const { asymmetricKeyType = 'unknown', asymmetricKeyDetails } = publicKey
  const size = asymmetricKeyDetails?.modulusLength ?? asymmetricKeyDetails?.namedCurve
  const type = /^(rsa|dsa|ec)/.test(asymmetricKeyType) ? asymmetricKeyType.toUpperCase() : asymmetricKeyType
  return size === undefined ? type : `${type} ${size}`
}
