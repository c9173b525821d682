/**
 * Holds the token of a service in memory: fetched once for all who ask, renewed before it ends, once more where the
 * service refuses it. A client that was refused waits for a person; an endpoint that is down is asked ever more rarely.
 */
import type { Failure } from '#shared/model/failure.ts'
import type { Clock } from '../../clock.ts'
import type { Place } from '../failed.ts'
import { ReachError } from '../reach.ts'
import { decideRetry } from '../retry-policy.ts'
import { createAdmission } from './admission.ts'
import type { Token } from './token-request.ts'

/** How long before its end a token is renewed: a fifth of its life, a minute at most, and up to half as much again. */
const MARGIN_SHARE = 0.2
const MARGIN_MS = 60_000
const JITTER_SHARE = 0.5
/** A token ends a little earlier than it says: it has a way to go. */
const SLACK_MS = 1_000
/** A service that refuses every token does not cause more than so many to be made. */
const FORCED_EVERY_MS = 60_000
const TOO_MANY_REQUESTS = 429
/** How long an endpoint that is asked too often is not asked at all. */
const LEFT_ALONE_MS = 30_000

export interface TokenSource {
  /** The token; throws a `ReachError` where none can be had, without asking for one while an attempt has to wait. */
  get(): Promise<string>
  /** The service refused this token: a newer one, or `null` where one was made just now, and it would not help. */
  replace(refused: string): Promise<string | null>
  forget(): void
}

interface Held {
  readonly value: string
  readonly lifeMs: number | null
  readonly renewAfterMs: number
  /** By both clocks: the monotonic one stands while a machine sleeps, the other may be set. */
  readonly at: { readonly monotonic: number; readonly now: number }
}

export function createTokenSource({
  secret,
  fetch,
  isWorthWaiting,
  place,
  clock,
  random,
}: {
  /** Resolves the client's secret anew; throws a `ReachError`. */
  secret: () => Promise<string>
  /** One request, bounded by itself. */
  fetch: (secret: string) => Promise<Token>
  /** Whether the endpoint has to be left alone after a failure; where it is the service itself, its probes see to that. */
  isWorthWaiting: (failure: Failure) => boolean
  place: Place
  clock: Clock
  /** Evenly in [0, 1). */
  random: () => number
}): TokenSource {
  const admission = createAdmission()
  let held: Held | null = null
  let flight: Promise<Held> | null = null
  let failures = 0
  let waits: { readonly until: number; readonly failure: Failure } | null = null
  let forcedAt = Number.NEGATIVE_INFINITY

  function age({ at }: Held): number {
    return Math.max(clock.monotonic() - at.monotonic, clock.now() - at.now)
  }

  function isAlive(token: Held): boolean {
    return token.lifeMs === null || age(token) < token.lifeMs - SLACK_MS
  }

  async function renew(): Promise<Held> {
    const credentials = await secret()
    admission.check('token', credentials)
    if (waits !== null && clock.monotonic() < waits.until) throw new ReachError(waits.failure)
    const at = { monotonic: clock.monotonic(), now: clock.now() }
    try {
      const { value, lifeMs } = await fetch(credentials)
      admission.admitted('token', credentials)
      failures = 0
      waits = null
      held = { value, lifeMs, at, renewAfterMs: renewAfter(lifeMs, random) }
      return held
    } catch (error) {
      if (error instanceof ReachError) learn(error.failure, credentials)
      throw error
    }
  }

  function learn(failure: Failure, credentials: string): void {
    if (!isWorthWaiting(failure)) return
    const decision = decideRetry(failure, place.hop, failures, random)
    failures = decision.failures
    if (decision.kind === 'person') {
      // What was let in before is refused now: nothing is asked with it any more.
      admission.forget()
      admission.check('token', credentials)
      admission.refused('token', credentials, failure)
    } else {
      const leastMs = failure.params.status === TOO_MANY_REQUESTS ? LEFT_ALONE_MS : 0
      waits = { until: clock.monotonic() + Math.max(decision.waitMs, leastMs), failure }
    }
  }

  function single(): Promise<Held> {
    flight ??= renew().finally(() => {
      flight = null
    })
    return flight
  }

  return {
    async get() {
      if (held === null || !isAlive(held)) return (await single()).value
      if (age(held) >= held.renewAfterMs) {
        // The old one still serves: whoever asks now does not wait for the new one, nor for what is wrong with it.
        single().catch(() => {})
      }
      return held.value
    },
    async replace(refused) {
      if (held !== null && held.value !== refused) return held.value
      if (clock.monotonic() - forcedAt < FORCED_EVERY_MS) return null
      forcedAt = clock.monotonic()
      held = null
      return (await single()).value
    },
    forget() {
      admission.forget()
      held = null
      failures = 0
      waits = null
      forcedAt = Number.NEGATIVE_INFINITY
    },
  }
}

/** When a token is renewed, in milliseconds from when it was asked for. */
export function renewAfter(lifeMs: number | null, random: () => number): number {
  if (lifeMs === null) return Number.POSITIVE_INFINITY
  const margin = Math.min(MARGIN_MS, lifeMs * MARGIN_SHARE)
  return lifeMs - margin * (1 + random() * JITTER_SHARE)
}
