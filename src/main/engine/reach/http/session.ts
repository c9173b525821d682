/** GETs from one service over kept-alive connections through a way; bodies, time, redirects and connections are bounded. */
import type { ConnectionHop } from '#shared/model/connection.ts'
import { type Failure, isFailure } from '#shared/model/failure.ts'
import type { Clock } from '../../clock.ts'
import type { SecretResolver } from '../../vault/resolve.ts'
import { chainEnd } from '../certificates.ts'
import { failed } from '../failed.ts'
import { createGate } from '../gate.ts'
import { type HttpAnswer, type HttpSession, type Limits, ReachError } from '../reach.ts'
import type { ReachedService } from '../reached.ts'
import { withinWay } from '../silence.ts'
import type { OnStep, Way } from '../way.ts'
import { httpPlace, serviceAddress } from './address.ts'
import { createAdmission } from './admission.ts'
import { createAsker, type Progress } from './asker.ts'
import { portOf } from './connector.ts'
import { type Credentials, credentialsOf } from './credentials.ts'
import type { RawAnswer } from './exchange.ts'
import { serviceTokens, tokenPlace, tokenUrl } from './oauth.ts'
import { decideRedirect, isRedirect, MOST_REDIRECTS, redirectTarget, shownAddress } from './redirect.ts'

const UNAUTHORIZED = 401

export interface HttpDependencies {
  readonly service: ReachedService
  readonly way: Way
  readonly resolveSecret: SecretResolver
  readonly authorities: () => readonly string[]
  readonly clock: Clock
  /** Evenly in [0, 1). */
  readonly random?: () => number
  readonly onChange: () => void
  readonly onStep?: OnStep
}

export interface SupervisedHttp {
  readonly session: HttpSession
  state(): ConnectionHop
  /** A person asks to try again what was refused. */
  retry(): void
  close(): void
}

type Question = Limits & { maxBytes: number; accept?: string }

/** What came, from where, and whether it was the service itself that answered. */
interface Followed {
  readonly answer: RawAnswer
  readonly url: URL
  readonly isOwn: boolean
}

export function createHttpSession(dependencies: HttpDependencies): SupervisedHttp {
  const { service, way, resolveSecret, authorities, clock, random = Math.random } = dependencies
  const { onChange, onStep } = dependencies
  const home = new URL(service.url)
  const place = httpPlace(service)
  const closing = new AbortController()
  const context = { way, resolveSecret, authorities, clock, random, closing: closing.signal }
  const asker = createAsker({ home, place, onStep }, service, context)
  const { oauth2 } = service
  const tokens = oauth2 === undefined ? null : serviceTokens({ service, oauth2, asker, place }, context)
  const admission = createAdmission()
  /** Until credentials were let in once they are shown one at a time: a wrong password counts as one attempt. */
  const first = createGate(1)
  let latencyMs: number | null = null
  let status: ConnectionHop['status'] = 'CONNECTING'
  let error: Failure | null = null

  function become(next: ConnectionHop['status'], failure: Failure | null): void {
    const before = { status, code: error?.code }
    status = next
    error = failure
    if (before.status !== next || before.code !== failure?.code) onChange()
  }

  /** From the service's own address over as many redirects as the profile allows; only the service learns who we are. */
  async function follow(
    path: string,
    credentials: Credentials['headers'],
    { maxBytes, accept }: Question,
    inner: AbortSignal,
    progress: Progress,
  ): Promise<Followed> {
    const passed = [serviceAddress(service.url, path)]
    for (let url = passed[0] as URL; ; ) {
      const isOwn = url.origin === home.origin
      const headers = { ...(accept === undefined ? {} : { accept }), ...(isOwn ? credentials : {}) }
      const answer = await asker.ask(url, { headers, maxBytes }, inner, progress)
      const { location } = answer.headers
      const decision = decideRedirect({ status: answer.status, location }, passed, service.redirects)
      if (decision.kind === 'answer') return { answer, url, isOwn }
      if (decision.kind === 'refuse') {
        const params = { host: home.host, path, status: answer.status, limit: MOST_REDIRECTS }
        throw failed(place, 'protocol', decision.code, { ...params, location: decision.location })
      }
      url = decision.url
      passed.push(url)
    }
  }

  async function admit(
    path: string,
    question: Question,
    inner: AbortSignal,
    progress: Progress,
  ): Promise<Followed> {
    const { headers, secrets } = await credentialsOf(service, resolveSecret, place)
    const ask = () => follow(path, headers, question, inner, progress)
    if (tokens !== null) {
      const token = await tokens.get()
      const bearing = (value: string) =>
        follow(path, { ...headers, authorization: `Bearer ${value}` }, question, inner, progress)
      const followed = await bearing(token)
      if (!isRefused(followed)) return followed
      const newer = await tokens.replace(token)
      const again = newer === null ? followed : await bearing(newer)
      if (!isRefused(again)) return again
      throw failed(place, 'authentication', 'http-token-not-admitted', { host: home.host, path })
    }
    if (secrets === null) return ask()
    const known = async (): Promise<Followed> => {
      admission.check(path, secrets)
      const followed = await ask()
      if (isRefused(followed)) {
        const params = { host: home.host, path, status: followed.answer.status }
        const refused = failed(place, 'authentication', 'http-credentials-refused', params)
        admission.refused(path, secrets, refused.failure)
        throw refused
      }
      if (followed.answer.status < 400) admission.admitted(path, secrets)
      return followed
    }
    return admission.isProven(secrets) ? known() : first.pass(inner, known)
  }

  async function get(path: string, question: Question): Promise<HttpAnswer> {
    closing.signal.throwIfAborted()
    const progress: Progress = { connector: null, connected: false }
    const startedAt = clock.monotonic()
    const late = (): ReachError => {
      const seconds = question.timeoutMs / 1_000
      if (progress.connector === null) return unasked(seconds)
      if (!progress.connected) return progress.connector.late(seconds)
      way.suspect()
      const params = { host: progress.connector.host, port: progress.connector.port, path, seconds }
      return failed(progress.connector.place, 'protocol', 'http-silent', params)
    }
    return withinWay({ clock, way }, question, late, async (inner) => {
      const { answer, url, isOwn } = await admit(path, question, inner, progress)
      const certificates = asker.chain()
      return {
        ...answer,
        ms: clock.monotonic() - startedAt,
        certificates,
        certificateEndsAt: chainEnd(certificates),
        location: isRedirect(answer.status) ? redirectTarget(answer.headers.location, url) : null,
        answeredBy: isOwn && url.href === serviceAddress(service.url, path).href ? null : shownAddress(url),
      }
    })
  }

  /** The time was over before the service itself was asked anything. */
  function unasked(seconds: number): ReachError {
    if (oauth2 === undefined)
      return failed(place, 'tcp', 'tcp-silent', { host: home.hostname, port: portOf(home), seconds })
    const url = tokenUrl(service, oauth2)
    const endpoint = `${url.origin}${url.pathname}`
    return failed(tokenPlace(url), 'authentication', 'oauth-silent', { endpoint, seconds })
  }

  function learn({ failure }: ReachError): void {
    // Refused at one path and let in at another: the connection stands all the same.
    if (isFailure(failure, 'http-credentials-refused') && admission.letsIn()) return
    become(failure.recovery === 'person' ? 'REFUSED' : 'DISCONNECTED', failure)
  }

  return {
    session: {
      async get(path, question) {
        try {
          const answer = await get(path, question)
          latencyMs = answer.ms
          become('CONNECTED', null)
          return answer
        } catch (cause) {
          if (cause instanceof ReachError) learn(cause)
          throw cause
        }
      },
      certificates: asker.chain,
    },
    state: () => ({ hop: place.hop, kind: 'http', status, ms: latencyMs, error }),
    retry() {
      admission.forget()
      tokens?.forget()
      asker.forget()
      // Whoever waits for something to change looks again at once.
      if (status === 'REFUSED') become('CONNECTING', null)
    },
    close() {
      closing.abort(failed(place, 'protocol', 'watch-ended'))
      asker.close()
      tokens?.forget()
    },
  }
}

/** Only the service itself may say that who we are is not enough; elsewhere we did not say it. */
function isRefused({ answer, isOwn }: Followed): boolean {
  return isOwn && answer.status === UNAUTHORIZED
}
