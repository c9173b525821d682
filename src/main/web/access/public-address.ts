/** The address under which people reach this console from outside, through a reverse proxy that ends TLS. Pure. */

export interface PublicAddress {
  /** `https://watch.example.com`, as browsers spell it in `Origin`. */
  readonly origin: string
  /** `watch.example.com`, with the port where it is not that of https. */
  readonly host: string
  /** 443 mostly. */
  readonly port: number
}

const EXAMPLE = 'https://watch.example.com'

/** @returns what it means, or why it cannot be used, as the end of a sentence about it */
export function readPublicUrl(text: string): PublicAddress | { readonly refused: string } {
  const url = URL.parse(text)
  if (url === null) return { refused: `expects an address such as ${EXAMPLE}.` }
  // Said before anything that would repeat what was given.
  if (url.username !== '' || url.password !== '') {
    return { refused: 'takes no user and no password: people sign in with the token, or by a start link.' }
  }
  if (url.protocol === 'http:') {
    return {
      refused: `takes no http address: the token, the session's cookie and all that is shown would cross the network in the clear. Put TLS in front (${EXAMPLE}); through "ssh -L" nothing has to be given here, as it answers under every port of localhost.`,
    }
  }
  if (url.protocol !== 'https:') return { refused: `expects an https address such as ${EXAMPLE}.` }
  if (text.includes('?') || text.includes('#')) return { refused: 'takes no query and no fragment.' }
  if (url.pathname !== '/') {
    return { refused: `takes no path: the console needs a name of its own, such as ${EXAMPLE}.` }
  }
  // A pattern, most likely; browsers ask for one name.
  if (!/^([\p{L}\p{N}_.-]+|\[[\da-f:]+\])$/u.test(url.hostname)) {
    return { refused: `expects one name, such as ${EXAMPLE}.` }
  }
  return { origin: url.origin, host: url.host, port: url.port === '' ? 443 : Number(url.port) }
}
