/**
 * Lets ssh2 take host certificates: they are offered in the key exchange, what was negotiated is named as ssh2 expects it
 * at each point, and the server's signature is checked with the key in the certificate. Whether the certificate is to be
 * believed is decided where host keys are judged. A step that comes out of order fails the exchange; it passes nothing.
 */
import type { Client } from 'ssh2'
import { isCertificateType, plainType, readCertificate } from './ssh-certificates.ts'
import { type KeyExchange, type Offer, protocolOf, type Ssh2Protocol } from './ssh2-insides.ts'

/** @param client one that was just told to connect, and has heard nothing yet */
export function acceptHostCertificates(client: Client, algorithms: readonly string[]): void {
  const protocol = protocolOf(client)
  protocol._offer = offering(protocol._offer, algorithms)
  let current = protocol._kex
  Object.defineProperty(protocol, '_kex' satisfies keyof Ssh2Protocol, {
    get: () => current,
    set(exchange: KeyExchange | undefined) {
      current = exchange
      if (exchange !== undefined && isCertificateType(exchange.negotiated.serverHostKey)) prepare(exchange)
    },
  })
}

/** The same offer, with certificates before the keys. */
function offering(offer: Offer, algorithms: readonly string[]): Offer {
  const { kex, serverHostKey, cs, sc } = offer.lists
  const names = (direction: typeof cs) => ({
    cipher: [...direction.cipher.array],
    mac: [...direction.mac.array],
    compress: [...direction.compress.array],
    lang: [...direction.lang.array],
  })
  return Reflect.construct(offer.constructor, [
    {
      kex: [...kex.array],
      serverHostKey: [...algorithms, ...serverHostKey.array],
      cs: names(cs),
      sc: names(sc),
    },
  ])
}

function prepare(exchange: KeyExchange): void {
  const { negotiated } = exchange
  const signature = plainType(negotiated.serverHostKey)
  // First what the server shows is compared with what was negotiated: an RSA certificate has one name, its signatures two.
  if (signature.startsWith('rsa-')) negotiated.serverHostKey = 'ssh-rsa-cert-v01@openssh.com'
  let certificate: Buffer | undefined
  let wasRead = false
  Object.defineProperty(exchange, '_hostKey', {
    get() {
      if (certificate === undefined) return undefined
      // The exchange hash is over the certificate, and is made first; then the key is wanted, to verify the signature.
      if (wasRead) return readCertificate(certificate).key
      wasRead = true
      return certificate
    },
    set(shown: Buffer | undefined) {
      certificate = shown
      wasRead = false
      negotiated.serverHostKey = signature
    },
  })
}
