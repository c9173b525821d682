/** A service's health: is it live, is it ready and on what does it wait, how fast does it answer, how long is its certificate good. */
import { PROBE_INTERVAL_MS } from '#shared/catalogue/probes.ts'
import type { Certificate } from '#shared/model/certificate.ts'
import type { Failure } from '#shared/model/failure.ts'
import type { Evidence, MetricValues } from '#shared/model/observation.ts'
import type { Service } from '#shared/model/profile/service.ts'
import type { Reason } from '#shared/model/reason.ts'
import { chainEnd } from '../../reach/certificates.ts'
import { type HttpAnswer, type Reach, ReachError } from '../../reach/reach.ts'
import { boundEvidence } from '../evidence.ts'
import { round, unknownValues } from '../figures.ts'
import { byBadness, type Finding, type HeldLimits, judgeLimits } from '../limits.ts'
import type { Look, LookContext, Probe } from '../probe.ts'
import { failureReason, reason } from '../reason.ts'
import { askedPauseMs, retryAfterMs } from '../retry-after.ts'
import { tellsOfTarget } from '../tells-of-target.ts'
import { failing, parseDependencies } from './dependencies.ts'
import { lookAtRequests, type RequestMemory } from './requests.ts'
import { versionOf } from './version.ts'

const MAX_BYTES = 64 * 1024
const DAY_MS = 86_400_000
const TOO_MANY_REQUESTS = 429

interface HealthMemory {
  readonly held: HeldLimits
  readonly requests: RequestMemory
}

export const httpHealth: Probe<HealthMemory> = {
  id: 'health',
  intervalMs: PROBE_INTERVAL_MS.health,
  timeoutMs: 4_000,
  targets: (profile) => profile.services.map(({ name }) => name),
  unfilled: ({ services }) => [
    ...(services.some(({ ready }) => ready !== null) ? [] : ['health_ready']),
    ...(services.some(mayShowCertificate) ? [] : ['tls_days_left']),
    ...(services.some(({ requests }) => requests.length > 0)
      ? []
      : ['http_probe_ok', 'http_probe_latency_ms']),
    ...(services.some(({ requests }) => requests.some(({ json }) => json !== undefined))
      ? []
      : ['http_probe_value']),
  ],
  look,
  unreachable,
  retryAfterMs: ({ reason: { params } }) =>
    typeof params.retryAfterSeconds === 'number' ? params.retryAfterSeconds * 1000 : null,
}

function succeeded({ status }: HttpAnswer): boolean {
  return status >= 200 && status < 300
}

/** A redirect may lead to where there is one. */
function mayShowCertificate({ url, redirects }: Service): boolean {
  return url.startsWith('https:') || redirects !== 'none'
}

async function look(context: LookContext<HealthMemory>): Promise<{ look: Look; memory: HealthMemory }> {
  const { now, profile, reach, signal, target, timeoutMs } = context
  const service = profile.services.find(({ name }) => name === target)
  if (service === undefined) throw new Error(`looked for a service that the profile does not have: ${target}`)
  const session = reach.http(target)
  const beganAt = context.monotonic()
  const get = (path: string) => session.get(path, { signal, timeoutMs, maxBytes: MAX_BYTES })
  const [live, ready] = await Promise.all([
    get(service.live),
    service.ready === null ? null : get(service.ready).catch(asFailure),
  ])

  const answer = ready instanceof ReachError ? null : ready
  const dependencies = answer === null ? null : parseDependencies(answer.body.toString('utf8'))
  const version = versionOf([live, ...(answer === null ? [] : [answer])].filter(tells))
  const limited = [live, answer].find((one) => one?.status === TOO_MANY_REQUESTS)
  const values: MetricValues = {
    health_live: tells(live) ? (succeeded(live) ? 1 : 0) : null,
    health_ready: readyValue(ready),
    health_latency_ms: round(live.ms),
    tls_days_left: daysLeft(live.certificates, now),
  }

  const requests = await lookAtRequests(context, service.requests, session, {
    before: context.memory?.requests ?? new Map(),
    mayAsk: values.health_live === 1 && (limited === undefined || limited === null),
    beganAt,
  })
  const judged = judgeLimits({ values, overrides: profile.limits, held: context.memory?.held ?? {} })
  const findings: Finding[] = []
  const unclear = unclearReason(live, service.live, 'health-refused')
  if (unclear !== null) findings.push({ status: 'UNKNOWN', reason: unclear })
  if (values.health_live === 0) {
    findings.push({
      status: 'DOWN',
      reason: reason(live.status >= 500 ? 'health-not-live' : 'health-live-unexpected', {
        path: service.live,
        httpStatus: live.status,
      }),
    })
  }
  const readyUnclear = readyReason(ready, service.ready ?? '')
  if (readyUnclear !== null) findings.push({ status: 'UNKNOWN', reason: readyUnclear })
  if (values.health_ready === 0)
    findings.push({ status: 'DEGRADED', reason: whyNotReady(service.ready ?? '', ready, dependencies) })
  if (limited !== undefined && limited !== null) {
    const seconds = Math.ceil(retryAfterMs(limited.headers['retry-after'], now) / 1000)
    findings.push({ status: 'UNKNOWN', reason: reason('health-limited', { seconds }) })
  }
  // Health knows no WARNING: a certificate near its end leaves a service that works for now.
  findings.push(...judged.findings.map((finding) => ({ ...finding, status: 'DEGRADED' as const })))
  findings.push(...requests.findings)
  const worst = byBadness(findings)[0]
  const pauses = [live, answer].map((one) => (one === null ? null : askedPauseMs(one, now)))
  const pauseMs = Math.max(0, ...pauses.map((pause) => pause ?? 0))
  const evidence: Evidence = {
    ...(dependencies === null ? {} : { dependencies }),
    ...shownCertificates(live.certificates),
    facts: {
      ...(version === undefined ? {} : { version }),
      live: `${service.live}: ${live.status}`,
      ...(answer === null ? {} : { ready: `${service.ready ?? ''}: ${answer.status}` }),
      ...(live.answeredBy === null ? {} : { answeredBy: live.answeredBy }),
    },
  }
  return {
    look: {
      status: worst?.status ?? 'HEALTHY',
      reason: asking(
        worst?.reason ??
          (ready === null
            ? reason('health-live', { latency: round(live.ms, 0) })
            : reason('health-live-and-ready', { latency: round(live.ms, 0) })),
        pauseMs,
      ),
      values: { ...values, ...requests.values },
      evidence: boundEvidence(evidence),
      ...(version === undefined ? {} : { standings: [{ of: '', version }] }),
      cost: { rows: 0, bytes: live.wireBytes + (answer?.wireBytes ?? 0) + requests.bytes },
    },
    memory: { held: judged.held, requests: requests.memory },
  }
}

/** Whether an answer says anything of the service: not where it limits us, wants to know who we are, or sends elsewhere. */
function tells({ status, location }: HttpAnswer): boolean {
  return status !== TOO_MANY_REQUESTS && status !== 401 && status !== 403 && location === null
}

function readyValue(ready: HttpAnswer | ReachError | null): number | null {
  if (ready === null) return null
  if (ready instanceof ReachError) return ready.failure.step === 'authentication' ? null : 0
  return tells(ready) ? (succeeded(ready) ? 1 : 0) : null
}

/** Why an answer says nothing of the service; `null` where it does, or where limits are to blame. */
function unclearReason(
  { status, location }: HttpAnswer,
  path: string,
  refused: 'health-refused' | 'health-ready-refused',
): Reason | null {
  if (location !== null) return reason('health-redirected', { path, httpStatus: status, location })
  return status === 401 || status === 403 ? reason(refused, { path, httpStatus: status }) : null
}

function readyReason(ready: HttpAnswer | ReachError | null, path: string): Reason | null {
  if (ready === null) return null
  if (ready instanceof ReachError)
    return ready.failure.step === 'authentication' ? failureReason(ready.failure) : null
  return unclearReason(ready, path, 'health-ready-refused')
}

/** With the pause that the service asked for: the scheduler keeps to it. */
function asking(because: Reason, pauseMs: number): Reason {
  if (pauseMs === 0) return because
  return { ...because, params: { ...because.params, retryAfterSeconds: Math.ceil(pauseMs / 1000) } }
}

/** Until the first certificate of a chain ends; negative where it has. */
function daysLeft(certificates: readonly Certificate[], now: number): number | null {
  const end = chainEnd(certificates)
  // Cut off, not rounded, as days that are left are counted everywhere: 19.97 are not 20.
  return end === null ? null : Math.trunc(((end - now) / DAY_MS) * 10) / 10
}

function shownCertificates(certificates: readonly Certificate[]): Pick<Evidence, 'certificates'> {
  return certificates.length === 0 ? {} : { certificates: [...certificates] }
}

/** A ready endpoint that does not answer is an answer, as long as the live one does. */
function asFailure(error: unknown): ReachError {
  if (error instanceof ReachError) return error
  throw error
}

function whyNotReady(
  path: string,
  ready: HttpAnswer | ReachError | null,
  dependencies: Record<string, string> | null,
) {
  if (ready === null || ready instanceof ReachError) return reason('health-ready-unanswered', { path })
  const names = dependencies === null ? [] : failing(dependencies)
  return names.length === 0
    ? reason('health-not-ready', { path, httpStatus: ready.status })
    : reason('health-not-ready-because', {
        path,
        httpStatus: ready.status,
        dependencies: names.slice(0, 5).join(', '),
      })
}

function unreachable(
  failure: Failure,
  target: string,
  around?: { readonly reach: Reach; readonly now: number },
) {
  // What did not pass was seen all the same: an expired certificate is a number, not a gap.
  const shown = failure.step === 'tls' ? (around?.reach.http(target).certificates() ?? []) : []
  const values = {
    ...unknownValues('health'),
    ...(around === undefined || shown.length === 0 ? {} : { tls_days_left: daysLeft(shown, around.now) }),
  }
  const evidence = shown.length === 0 ? {} : { evidence: boundEvidence(shownCertificates(shown)) }
  const because = failureReason(failure)
  if (!tellsOfTarget(failure)) return { status: 'UNKNOWN' as const, reason: because, values, ...evidence }
  return {
    status: 'DOWN' as const,
    reason: because,
    values: { ...values, health_live: 0, health_ready: 0 },
    ...evidence,
  }
}
