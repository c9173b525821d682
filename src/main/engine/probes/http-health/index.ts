/** A service's health: is it live, is it ready and on what does it wait, how fast does it answer, how long is its certificate good. */
import { PROBE_INTERVAL_MS } from '#shared/catalogue/probes.ts'
import type { Failure } from '#shared/model/failure.ts'
import type { Evidence, MetricValues } from '#shared/model/observation.ts'
import { type HttpAnswer, ReachError } from '../../reach/reach.ts'
import { boundEvidence } from '../evidence.ts'
import { round, unknownValues } from '../figures.ts'
import { byBadness, type Finding, type HeldLimits, judgeLimits } from '../limits.ts'
import type { Look, LookContext, Probe } from '../probe.ts'
import { failureReason, reason } from '../reason.ts'
import { retryAfterMs } from '../retry-after.ts'
import { tellsOfTarget } from '../tells-of-target.ts'
import { failing, parseDependencies } from './dependencies.ts'

const MAX_BYTES = 64 * 1024
const DAY_MS = 86_400_000
const TOO_MANY_REQUESTS = 429

interface HealthMemory {
  readonly held: HeldLimits
}

export const httpHealth: Probe<HealthMemory> = {
  id: 'health',
  intervalMs: PROBE_INTERVAL_MS.health,
  timeoutMs: 4_000,
  targets: (profile) => profile.services.map(({ name }) => name),
  look,
  unreachable,
  retryAfterMs: ({ reason: { code, params } }) =>
    code === 'health-limited' && typeof params.seconds === 'number' ? params.seconds * 1000 : null,
}

function succeeded({ status }: HttpAnswer): boolean {
  return status >= 200 && status < 300
}

async function look(context: LookContext<HealthMemory>): Promise<{ look: Look; memory: HealthMemory }> {
  const { now, profile, reach, signal, target, timeoutMs } = context
  const service = profile.services.find(({ name }) => name === target)
  if (service === undefined) throw new Error(`looked for a service that the profile does not have: ${target}`)
  const session = reach.http(target)
  const get = (path: string) => session.get(path, { signal, timeoutMs, maxBytes: MAX_BYTES })
  const [live, ready] = await Promise.all([
    get(service.live),
    service.ready === null ? null : get(service.ready).catch(asFailure),
  ])

  const answer = ready instanceof ReachError ? null : ready
  const dependencies = answer === null ? null : parseDependencies(answer.body.toString('utf8'))
  const limited = [live, answer].find((one) => one?.status === TOO_MANY_REQUESTS)
  const values: MetricValues = {
    health_live: live.status === TOO_MANY_REQUESTS ? null : succeeded(live) ? 1 : 0,
    health_ready:
      ready === null || answer?.status === TOO_MANY_REQUESTS
        ? null
        : answer !== null && succeeded(answer)
          ? 1
          : 0,
    health_latency_ms: round(live.ms),
    tls_days_left: live.certificateEndsAt === null ? null : round((live.certificateEndsAt - now) / DAY_MS, 1),
  }

  const judged = judgeLimits({ values, overrides: profile.limits, held: context.memory?.held ?? {} })
  const findings: Finding[] = []
  if (values.health_live === 0) {
    findings.push({
      status: 'DOWN',
      reason: reason(live.status >= 500 ? 'health-not-live' : 'health-live-unexpected', {
        path: service.live,
        httpStatus: live.status,
      }),
    })
  }
  if (values.health_ready === 0)
    findings.push({ status: 'DEGRADED', reason: whyNotReady(service.ready ?? '', ready, dependencies) })
  if (limited !== undefined && limited !== null) {
    const seconds = Math.ceil(retryAfterMs(limited.headers['retry-after'], now) / 1000)
    findings.push({ status: 'UNKNOWN', reason: reason('health-limited', { seconds }) })
  }
  // Health knows no WARNING: a certificate near its end leaves a service that works for now.
  findings.push(...judged.findings.map((finding) => ({ ...finding, status: 'DEGRADED' as const })))
  const worst = byBadness(findings)[0]
  const evidence: Evidence = {
    ...(dependencies === null ? {} : { dependencies }),
    facts: {
      live: `${service.live}: ${live.status}`,
      ...(answer === null ? {} : { ready: `${service.ready ?? ''}: ${answer.status}` }),
    },
  }
  return {
    look: {
      status: worst?.status ?? 'HEALTHY',
      reason:
        worst?.reason ??
        (ready === null
          ? reason('health-live', { latency: round(live.ms, 0) })
          : reason('health-live-and-ready', { latency: round(live.ms, 0) })),
      values,
      evidence: boundEvidence(evidence),
      cost: { rows: 0, bytes: live.body.byteLength + (answer?.body.byteLength ?? 0) },
    },
    memory: { held: judged.held },
  }
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

function unreachable(failure: Failure) {
  const values = unknownValues('health')
  const because = failureReason(failure)
  if (!tellsOfTarget(failure)) return { status: 'UNKNOWN' as const, reason: because, values }
  return {
    status: 'DOWN' as const,
    reason: because,
    values: { ...values, health_live: 0, health_ready: 0 },
  }
}
