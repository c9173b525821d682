/** Headers of HTTP that a profile sends with every request: what may be one, and what may not stand in it. */
import { z } from 'zod'
import { SecretReference } from './fields.ts'

const MOST_HEADERS = 32
const LONGEST_VALUE = 4_096
/** A token of RFC 9110, section 5.6.2. */
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
const VALUE = /^[\x20-\x7e]*$/

/** Those that belong to the connection and to how a message is framed (RFC 9110, section 7.6.1), and what Vakhta itself can decode. */
const NOT_ALLOWED = new Set([
  'host',
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
  'content-length',
  'content-type',
  'expect',
  'accept-encoding',
  'range',
])

/** What these hold is a secret by its nature: a profile never holds one. */
const SECRET = new Set([
  'authorization',
  'cookie',
  'x-api-key',
  'api-key',
  'apikey',
  'x-auth-token',
  'x-access-token',
])

/** Whether a header's value is a reference to a secret rather than the value itself. */
export function isReference(value: string): boolean {
  return /^(secret|env|file):/.test(value)
}

/** By name; a value is a reference to a secret, or stands as it is. */
export const Headers = z.record(z.string(), z.string()).superRefine((headers, context) => {
  const seen = new Set<string>()
  for (const [name, value] of Object.entries(headers)) {
    const message = faultOf(name, value, seen)
    if (message !== null) context.addIssue({ code: 'custom', path: [name], message, params: { name } })
    seen.add(name.toLowerCase())
  }
  if (seen.size > MOST_HEADERS) {
    context.addIssue({
      code: 'too_big',
      origin: 'array',
      maximum: MOST_HEADERS,
      inclusive: true,
      input: headers,
    })
  }
})

function faultOf(name: string, value: string, seen: ReadonlySet<string>): string | null {
  const known = name.toLowerCase()
  if (!NAME.test(name)) return 'bad-header-name'
  if (NOT_ALLOWED.has(known)) return 'header-not-allowed'
  if (seen.has(known)) return 'header-twice'
  if (isReference(value)) return SecretReference.safeParse(value).success ? null : 'bad-secret-reference'
  if (SECRET.has(known)) return 'header-literal-secret'
  return VALUE.test(value) && value.length <= LONGEST_VALUE ? null : 'bad-header-value'
}
