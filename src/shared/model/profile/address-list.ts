/** URLs that name several servers, `scheme://USER@HOST:PORT,HOST:PORT/PATH?KEY=VALUE`, as libpq reads them (section 34.1.1.2). */

export interface ServerAddress {
  readonly host: string
  /** `null`: the scheme's own. */
  readonly port: number | null
}

export interface AddressList {
  /** With its colon: `postgresql:`. */
  readonly scheme: string
  readonly user: string | null
  /** Whether something stands where a password would. */
  readonly hasPassword: boolean
  /** None, where the URL names none: `postgresql://USER@/DATABASE?host=/run/postgresql`. */
  readonly servers: readonly ServerAddress[]
  /** Decoded, without its leading slash. */
  readonly path: string
  readonly parameters: readonly (readonly [key: string, value: string])[]
}

const SHAPE = /^([a-z][a-z0-9+.-]*:)\/\/(?:([^@/?#]*)@)?([^/?#]*)(?:\/([^?#]*))?(?:\?([^#]*))?$/i
const SERVER = /^(\[[0-9a-f:.%]+\]|[^:[\]\s]*)(?::(\d+))?$/i

/** `null` where the text is no such URL. Host names of IPv6 addresses come without their brackets. */
export function parseAddressList(text: string): AddressList | null {
  const [, scheme, login, authority = '', path = '', query = ''] = SHAPE.exec(text) ?? []
  if (scheme === undefined) return null
  const servers: ServerAddress[] = []
  for (const part of authority === '' ? [] : authority.split(',')) {
    const [, host, port] = SERVER.exec(part) ?? []
    if (host === undefined || host === '') return null
    const number = port === undefined ? null : Number(port)
    if (number !== null && (number < 1 || number > 65_535)) return null
    servers.push({ host: host.replace(/^\[|\]$/g, ''), port: number })
  }
  try {
    const [user, ...rest] = login === undefined ? [] : login.split(':')
    return {
      scheme: scheme.toLowerCase(),
      user: user === undefined || user === '' ? null : decodeURIComponent(user),
      hasPassword: rest.join(':') !== '',
      servers,
      path: decodeURIComponent(path),
      // A plus is a plus in libpq's URLs, not a blank.
      parameters: [...new URLSearchParams(query.replaceAll('+', '%2B'))],
    }
  } catch {
    return null
  }
}
