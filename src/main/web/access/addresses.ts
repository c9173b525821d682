/**
 * The addresses that this console answers under, by the `Host` of a request: loopback, under any port (through `ssh -L
 * 9000:127.0.0.1:8080` the browser asks for `localhost:9000`), and the one of a reverse proxy, where it was told. Nothing else that a
 * proxy says of itself (`X-Forwarded-…`) decides anything: whoever reaches the port could say it too.
 */
import type { PublicAddress } from './public-address.ts'

export interface Address {
  /** Of its pages. */
  readonly origin: string
  readonly cookie: SessionCookie
}

/** How the session's cookie is kept under an address. */
export interface SessionCookie {
  readonly name: string
  readonly isSecure: boolean
}

export interface Addresses {
  /** `null`: a foreign one, as in DNS rebinding. */
  of(host: string | undefined): Address | null
  /** Whether an `Origin` is that of the public address. */
  isPublic(origin: string): boolean
}

const LOOPBACK_NAMES = new Set(['localhost', '127.0.0.1', '[::1]'])

/** @param options.port of the listener, once it listens */
export function createAddresses({
  port,
  publicAddress,
}: {
  readonly port: () => number
  readonly publicAddress: PublicAddress | null
}): Addresses {
  const outside: Address | null = publicAddress && {
    origin: publicAddress.origin,
    // Of this very host, over TLS: no sibling under the same domain can set one in its place.
    cookie: { name: `__Host-vakhta-${publicAddress.port}`, isSecure: true },
  }
  // Scrapers of Prometheus name the port of https, too.
  const { host: name = null, port: namedPort } = publicAddress ?? {}
  const outsideHosts = name === null ? [] : namedPort === 443 ? [name, `${name}:443`] : [name]

  return {
    of(host) {
      if (host === undefined) return null
      const asked = host.toLowerCase()
      if (outsideHosts.includes(asked)) return outside
      if (!LOOPBACK_NAMES.has(asked.replace(/:\d+$/, ''))) return null
      // Ports of one machine share a browser's cookies: each console needs a name of its own.
      return { origin: `http://${asked}`, cookie: { name: `vakhta-${port()}`, isSecure: false } }
    },
    isPublic: (origin) => origin.toLowerCase() === outside?.origin,
  }
}
