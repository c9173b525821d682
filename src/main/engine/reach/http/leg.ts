/** Tests the way to an HTTP service: whether it answers as one, where its tokens come from, and whether it takes who we are. */
import type { OAuth2, Service } from '#shared/model/profile/service.ts'
import { failed } from '../failed.ts'
import type { HttpAnswer } from '../reach.ts'
import { needSecret } from '../secret.ts'
import { type LegContext, QUESTION_TIMEOUT_MS, type TargetLeg } from '../walk.ts'
import type { OnStep } from '../way.ts'
import { httpPlace } from './address.ts'
import { createAsker } from './asker.ts'
import { fetchToken, tokenPlace, tokenUrl } from './oauth.ts'
import { isRedirect } from './redirect.ts'
import { createHttpSession } from './session.ts'

const MAX_BYTES = 65_536
/** Stands for a token that was just fetched: no reference of a profile looks like it. */
const FETCHED = 'fetched token'

/** What an answer turns out to be; `null` where it is not what it should be. */
export type ReadAnswer = (answer: HttpAnswer) => string | null

/** @param read where more is wanted than an answer: what exposes metrics is to expose them */
export function serviceLeg(service: Service, read?: ReadAnswer): TargetLeg {
  const { oauth2, ...rest } = service
  const place = httpPlace(service)
  const planned = service.url.startsWith('https:') ? (['tls', 'protocol'] as const) : (['protocol'] as const)
  if (oauth2 === undefined) {
    return {
      place,
      planned: [...planned, 'authentication'],
      async walk(context, onStep, signal) {
        await askLive(service, context, onStep, signal, true, read)
        return []
      },
    }
  }
  return {
    place,
    planned,
    async walk(context, onStep, signal) {
      // Without a token, to see the service for itself; whether it wants one is asked once there is one.
      await askLive(rest, context, onStep, signal, false)
      return [tokenLeg(service, oauth2)]
    },
  }
}

function tokenLeg(service: Service, oauth2: OAuth2): TargetLeg {
  const url = tokenUrl(service, oauth2)
  const place = tokenPlace(url)
  const isEncrypted = url.protocol === 'https:'
  return {
    place,
    planned: [...(isEncrypted ? (['tls'] as const) : []), 'authentication'],
    async walk(context, onStep, signal) {
      const { clock, resolveSecret } = context
      const closing = new AbortController()
      // The client certificate is for the service's own origin alone.
      const isOwn = url.origin === new URL(service.url).origin
      const { tls } = service
      const at = isOwn || tls === undefined ? service : { ...service, tls: trustOf(tls) }
      const whole = { ...context, random: Math.random, closing: closing.signal }
      const asker = createAsker({ home: url, place, onStep }, at, whole)
      try {
        const secret = await needSecret(resolveSecret, oauth2.clientSecret, place, 'authentication')
        const token = await fetchToken({ service, oauth2, secret, asker }, { clock }, signal)
        onStep(
          'authentication',
          token.lifeMs === null
            ? { code: 'oauth-token-unbounded', params: {} }
            : { code: 'oauth-token-for', params: { seconds: Math.round(token.lifeMs / 1_000) } },
        )
        return [admittedLeg(service, token.value)]
      } finally {
        closing.abort(failed(place, 'protocol', 'watch-ended'))
        asker.close()
      }
    },
  }
}

function trustOf({ authorities, check }: NonNullable<Service['tls']>): NonNullable<Service['tls']> {
  return { check, ...(authorities === undefined ? {} : { authorities }) }
}

/** Asks again with the token that was fetched before: no second one is made for it. */
function admittedLeg({ oauth2: _, ...service }: Service, token: string): TargetLeg {
  const place = httpPlace(service)
  return {
    place,
    planned: [...(service.url.startsWith('https:') ? (['tls'] as const) : []), 'authentication'],
    async walk(context, onStep, signal) {
      const { resolveSecret } = context
      const knowing: LegContext = {
        ...context,
        resolveSecret: async (reference) => (reference === FETCHED ? token : resolveSecret(reference)),
      }
      await askLive({ ...service, token: FETCHED }, knowing, onStep, signal, true)
      return []
    },
  }
}

async function askLive(
  service: Service,
  context: LegContext,
  onStep: OnStep,
  signal: AbortSignal,
  isLast: boolean,
  read?: ReadAnswer,
): Promise<void> {
  const place = httpPlace(service)
  const http = createHttpSession({ ...context, service, onChange() {}, onStep })
  try {
    const answer = await http.session.get(service.live, {
      signal,
      timeoutMs: QUESTION_TIMEOUT_MS,
      maxBytes: MAX_BYTES,
    })
    const { status, location } = answer
    const params = { host: new URL(service.url).host, path: service.live, status }
    const isRefused = status === 401 || status === 403
    if (isRedirect(status) && location !== null)
      throw failed(place, 'protocol', 'http-redirected', { ...params, location })
    if (!isRefused && status >= 400) throw failed(place, 'protocol', 'http-unhealthy', params)
    const found = isRefused || read === undefined ? '' : read(answer)
    if (found === null) throw failed(place, 'protocol', 'http-not-metrics', params)
    onStep('protocol', [detailOf(answer), found].filter((part) => part !== '').join(', '))
    if (!isLast) return
    if (isRefused) throw failed(place, 'authentication', 'http-not-admitted', params)
    onStep('authentication', whoOf(service))
  } finally {
    http.close()
  }
}

function detailOf({ status, answeredBy, headers }: HttpAnswer): string {
  const server = headers.server === undefined ? '' : `, ${headers.server.slice(0, 60)}`
  return `HTTP ${status}${server}${answeredBy === null ? '' : ` ← ${answeredBy}`}`
}

/** Who we said we are: names and references, never what they stand for. */
function whoOf({ token, basic, headers }: Service): string | null {
  const names = Object.keys(headers)
  if (token !== undefined) return token === FETCHED ? 'OAuth 2.0' : token
  if (basic !== undefined) return basic.user
  return names.length === 0 ? null : names.join(', ').slice(0, 100)
}
