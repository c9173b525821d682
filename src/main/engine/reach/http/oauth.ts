/** Fetches the token of a service from where its profile says, over the service's own way. */
import type { Failure } from '#shared/model/failure.ts'
import type { OAuth2 } from '#shared/model/profile/service.ts'
import { within } from '../deadline.ts'
import { failed, type Place } from '../failed.ts'
import { ReachError } from '../reach.ts'
import type { ReachedService } from '../reached.ts'
import { needSecret } from '../secret.ts'
import { serviceAddress } from './address.ts'
import type { Asker } from './asker.ts'
import type { ConnectorContext } from './connector.ts'
import { readToken, type Token, tokenRequest } from './token-request.ts'
import { createTokenSource, type TokenSource } from './token-source.ts'

const TOKEN_TIMEOUT_MS = 10_000

/** The token endpoint of a service; a path counts from the service's own URL. */
export function tokenUrl({ url }: Pick<ReachedService, 'url'>, oauth2: OAuth2): URL {
  return oauth2.tokenUrl.startsWith('/') ? serviceAddress(url, oauth2.tokenUrl) : new URL(oauth2.tokenUrl)
}

export function tokenPlace(url: URL): Place {
  return { hop: `OAuth ${url.host}`, on: 'target' }
}

/**
 * One request for a token. Throws a `ReachError`: where the endpoint cannot be reached, and is somebody else than the
 * service, at step `authentication`, because it says nothing of the service.
 */
export async function fetchToken(
  {
    service,
    oauth2,
    secret,
    asker,
  }: { service: ReachedService; oauth2: OAuth2; secret: string; asker: Asker },
  { clock }: Pick<ConnectorContext, 'clock'>,
  signal: AbortSignal,
): Promise<Token> {
  const url = tokenUrl(service, oauth2)
  const endpoint = shown(url)
  const place = tokenPlace(url)
  const limits = { signal, timeoutMs: TOKEN_TIMEOUT_MS }
  const late = () =>
    failed(place, 'authentication', 'oauth-silent', { endpoint, seconds: TOKEN_TIMEOUT_MS / 1_000 })
  return within(clock, limits, late, async (inner) => {
    const progress = { connector: null, connected: false }
    const answer = await asker
      .ask(url, tokenRequest(oauth2, secret), inner, progress)
      .catch((error: unknown) => {
        throw isElsewhere(url, service, error) ? elsewhere(error.failure, place, endpoint) : error
      })
    return readToken(answer, oauth2, { url, secret, place, now: clock.now() })
  })
}

function isElsewhere(url: URL, service: ReachedService, error: unknown): error is ReachError {
  return (
    error instanceof ReachError &&
    url.origin !== new URL(service.url).origin &&
    error.failure.on === 'target' &&
    error.failure.recovery === 'by-itself'
  )
}

function elsewhere({ params, code }: Failure, place: Place, endpoint: string): ReachError {
  return failed(place, 'authentication', 'oauth-endpoint-failed', { ...params, endpoint, because: code })
}

function shown({ origin, pathname }: URL): string {
  return `${origin}${pathname}`
}

/** The tokens of a service for as long as it is watched. */
export function serviceTokens(
  { service, oauth2, asker, place }: { service: ReachedService; oauth2: OAuth2; asker: Asker; place: Place },
  context: ConnectorContext,
): TokenSource {
  return createTokenSource({
    secret: () => needSecret(context.resolveSecret, oauth2.clientSecret, place, 'authentication'),
    fetch: (secret) => fetchToken({ service, oauth2, secret, asker }, context, context.closing),
    isWorthWaiting: ({ step }) => step === 'authentication',
    place: tokenPlace(tokenUrl(service, oauth2)),
    clock: context.clock,
    random: context.random,
  })
}
