/** OAuth 2.0 client credentials on the wire: the request in its two styles, and what an answer says. Pure. */
import { z } from 'zod'
import type { OAuth2 } from '#shared/model/profile/service.ts'
import { errorWords, failed, type Place } from '../failed.ts'
import type { ReachError } from '../reach.ts'
import { hideSecrets } from '../secret.ts'
import type { Ask } from './asker.ts'
import type { RawAnswer } from './exchange.ts'
import { isRedirect, redirectTarget } from './redirect.ts'

const MAX_BYTES = 65_536
/** A token that claims to last longer is renewed daily all the same. */
const LONGEST_LIFE_SECONDS = 86_400

export interface Token {
  readonly value: string
  /** `null`: it does not say; it is used until it is refused. */
  readonly lifeMs: number | null
}

/** RFC 6749, section 4.4.2; `json` as services want it that take `{ client_id, client_secret }` and no `grant_type`. */
export function tokenRequest(oauth2: OAuth2, secret: string): Ask {
  const { clientId, scope, audience, style, clientAuthentication = 'basic' } = oauth2
  const asked = { ...(scope === undefined ? {} : { scope }), ...(audience === undefined ? {} : { audience }) }
  const client = { client_id: clientId, client_secret: secret }
  const common = { method: 'POST', maxBytes: MAX_BYTES } as const
  if (style === 'json') {
    const headers = { accept: 'application/json', 'content-type': 'application/json' }
    return { ...common, headers, body: JSON.stringify({ ...client, ...asked }) }
  }
  const inHeader = clientAuthentication === 'basic'
  const form = { grant_type: 'client_credentials', ...asked, ...(inHeader ? {} : client) }
  return {
    ...common,
    headers: {
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
      ...(inHeader ? { authorization: basic(clientId, secret) } : {}),
    },
    body: new URLSearchParams(form).toString(),
  }
}

/** Section 2.3.1: both are form-encoded before they are joined, so that a colon in one is none. */
function basic(client: string, secret: string): string {
  const encode = (text: string) => new URLSearchParams([['', text]]).toString().slice(1)
  return `Basic ${Buffer.from(`${encode(client)}:${encode(secret)}`).toString('base64')}`
}

/** Sections 5.1 and 5.2, and what frameworks answer instead. */
const Answer = z.looseObject({
  access_token: z.string().optional().catch(undefined),
  token_type: z.string().optional().catch(undefined),
  // One that says nothing usable is as one that is not there: the token is used until it is refused.
  expires_in: z
    .union([z.number(), z.string().regex(/^\d+$/).transform(Number)])
    .nullish()
    .catch(null),
})
const Refusal = z.looseObject({
  error: z.unknown().optional(),
  error_description: z.unknown().optional(),
  detail: z.unknown().optional(),
  message: z.unknown().optional(),
})

const BY_THEMSELVES = new Set(['temporarily_unavailable', 'server_error', 'slow_down'])
const REFUSALS = new Set([400, 401, 403, 422])
const MISSING = new Set([404, 405, 410, 415, 501])

/**
 * The token in an answer; throws a `ReachError` at step `authentication` where there is none.
 * @param now milliseconds since the epoch
 */
export function readToken(
  answer: RawAnswer,
  oauth2: OAuth2,
  { url, secret, place, now }: { url: URL; secret: string; place: Place; now: number },
): Token {
  const endpoint = `${url.origin}${url.pathname}`
  const { status, headers } = answer
  const body = parse(answer.body)
  if (status < 200 || status >= 300) throw refusal(body)
  const { data } = Answer.safeParse(body)
  const value = data?.access_token
  if (value === undefined) {
    const words =
      body === undefined ? `not JSON (${headers['content-type'] ?? 'no type'})` : 'no access_token'
    throw failed(place, 'authentication', 'oauth-answer-odd', { endpoint, words: words.slice(0, 100) })
  }
  if (!/^[\x21-\x7e]+$/.test(value)) {
    const words = 'an access_token with characters that no header carries'
    throw failed(place, 'authentication', 'oauth-answer-odd', { endpoint, words })
  }
  const type = data?.token_type ?? 'bearer'
  if (type.toLowerCase() !== 'bearer') {
    const words = `token_type ${type.slice(0, 40)}`
    throw failed(place, 'authentication', 'oauth-answer-odd', { endpoint, words })
  }
  const seconds = data?.expires_in ?? lifeInside(value, now)
  const isKnown = seconds !== null && Number.isFinite(seconds) && seconds > 0
  return { value, lifeMs: isKnown ? Math.min(seconds, LONGEST_LIFE_SECONDS) * 1_000 : null }

  function refusal(said: unknown): ReachError {
    if (isRedirect(status)) {
      const location = redirectTarget(headers.location, url) ?? ''
      return failed(place, 'authentication', 'oauth-endpoint-moved', { endpoint, status, location })
    }
    if (MISSING.has(status))
      return failed(place, 'authentication', 'oauth-endpoint-missing', { endpoint, status })
    const { error, error_description, detail, message } = Refusal.safeParse(said).data ?? {}
    const code = typeof error === 'string' ? error : ''
    if (!REFUSALS.has(status) || BY_THEMSELVES.has(code))
      return failed(place, 'authentication', 'oauth-endpoint-failing', { endpoint, status })
    const told = [code, error_description, detail, message].filter((text) => typeof text === 'string')
    const words = hideSecrets(told.filter((text) => text !== '').join(': ') || 'no reason given', [secret])
    return failed(place, 'authentication', 'oauth-client-refused', {
      endpoint,
      client: oauth2.clientId,
      status,
      words: errorWords(words),
    })
  }
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}

const Claims = z.looseObject({ exp: z.number(), iat: z.number().optional() })

/** How long a JWT (RFC 7519) is good, in seconds, as its claims say; `null` where the token is none. */
function lifeInside(token: string, now: number): number | null {
  const [, payload, signature] = token.split('.')
  if (payload === undefined || signature === undefined) return null
  const { data } = Claims.safeParse(parse(Buffer.from(payload, 'base64url')))
  return data === undefined ? null : data.exp - (data.iat ?? now / 1_000)
}
