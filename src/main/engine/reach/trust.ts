/** Which certificate authorities are trusted: Mozilla's list, the machine's own, and NODE_EXTRA_CA_CERTS. */
import { getCACertificates } from 'node:tls'

let authorities: string[] | null = null

/** PEM certificates; read once, because the machine's list takes tens of milliseconds. */
export function trustedAuthorities(): string[] {
  authorities ??= [...new Set([...getCACertificates('default'), ...getCACertificates('system')])]
  return authorities
}
