/** HTTP traffic as the application counts it: requests, server errors and durations from its `/metrics`. */
import { LABEL_MAX_LENGTH } from '#shared/catalogue/labelled.ts'
import { type LimitOverrides, limitOf } from '#shared/catalogue/limits.ts'
import { PROBE_INTERVAL_MS } from '#shared/catalogue/probes.ts'
import type { Failure } from '#shared/model/failure.ts'
import type { MetricValues } from '#shared/model/observation.ts'
import type { Reason } from '#shared/model/reason.ts'
import type { Standing } from '../../standing.ts'
import { boundEvidence } from '../evidence.ts'
import { round, unknownValues } from '../figures.ts'
import { byBadness, type Finding, type HeldLimits, judgeLimits } from '../limits.ts'
import type { Look, LookContext, Probe } from '../probe.ts'
import { EXPOSITION_TYPES, MAX_EXPOSITION_BYTES, unusable } from '../prometheus/answer.ts'
import { failureReason, reason } from '../reason.ts'
import { advance, type Processes, trafficOf } from './intervals.ts'
import {
  type PathGrowth,
  type PathTraffic,
  pathTraffic,
  pathValues,
  slidePaths,
  slowestOver,
} from './paths.ts'
import { type Snapshot, takeSnapshot } from './snapshot.ts'

/** One error in five seconds would be twelve a minute: the status goes by a whole minute's errors. */
const ERROR_WINDOW_MS = 60_000
/** A path is called slow by so many requests within a minute: fewer are single requests. */
const LEAST_REQUESTS = 5

interface TrafficMemory {
  /** Monotonic, as all times in here. */
  readonly at: number
  readonly processes: Processes
  readonly errors: readonly { readonly at: number; readonly count: number }[]
  /** What paths did within the last minute. */
  readonly paths: readonly PathGrowth[]
  readonly held: HeldLimits
}

export const traffic: Probe<TrafficMemory> = {
  id: 'traffic',
  intervalMs: PROBE_INTERVAL_MS.traffic,
  timeoutMs: 4_000,
  targets: (profile) => profile.services.filter(({ metrics }) => metrics !== null).map(({ name }) => name),
  look,
  unreachable,
  retryAfterMs: ({ reason: { params } }) =>
    typeof params.retryAfterSeconds === 'number' ? params.retryAfterSeconds * 1000 : null,
}

async function look(context: LookContext<TrafficMemory>): Promise<{ look: Look; memory: TrafficMemory }> {
  const { now, monotonic, profile, reach, signal, target, timeoutMs } = context
  const service = profile.services.find(({ name }) => name === target)
  const path = service?.metrics
  if (service === undefined || path === null || path === undefined) {
    throw new Error(`looked for the traffic of a service that exposes none: ${target}`)
  }
  const at = monotonic()
  const before: TrafficMemory = context.memory ?? {
    at,
    processes: new Map(),
    errors: [],
    paths: [],
    held: {},
  }
  const answer = await reach
    .http(target)
    .get(path, { signal, timeoutMs, maxBytes: MAX_EXPOSITION_BYTES, accept: EXPOSITION_TYPES })
  const cost = { rows: 0, bytes: answer.wireBytes }
  const unknown = (because: Reason): { look: Look; memory: TrafficMemory } => ({
    look: { status: 'UNKNOWN', reason: because, values: unknownValues('traffic'), cost },
    memory: before,
  })
  const refused = unusable(answer, path, now)
  if (refused !== null) return unknown(refused)

  const { snapshot, samples } = takeSnapshot(answer.body)
  if (samples === 0) return unknown(reason('traffic-not-metrics', { path }))
  if (snapshot.requests === null) return unknown(reason('traffic-no-known-names', { path }))

  const most = service.processes * service.instances
  const { processes, known, paths: growth } = advance(before.processes, snapshot, at, most)
  const window = slidePaths(before.paths, growth, at)
  const paths = pathTraffic(window, at)
  const { requestsPerSecond, errorsPerMinute, meanMs, p95Ms } = trafficOf(processes, at)
  const rounded = (value: number | null) => (value === null ? null : round(value))
  const values: MetricValues = {
    http_requests_per_second: rounded(requestsPerSecond),
    http_errors_per_minute: rounded(errorsPerMinute),
    http_request_duration_ms: rounded(meanMs),
    http_request_duration_p95_ms: rounded(p95Ms),
  }
  const errors = slide(before, at, known ? errorsPerMinute : null)
  const judged = judgeLimits({
    values: {
      ...values,
      http_errors_per_minute:
        errorsPerMinute === null
          ? null
          : round(
              errors.reduce((sum, { count }) => sum + count, 0),
              0,
            ),
    },
    overrides: profile.limits,
    held: before.held,
  })
  const worst = withSlowPath(judged.findings, growth, paths, profile.limits)[0]
  const evidence = boundEvidence({ facts: facts(snapshot, samples) })
  return {
    look: {
      ...(worst ?? whenQuiet(values)),
      values: { ...values, ...pathValues(paths) },
      evidence,
      // Of several processes now one answers and now another: which of them is no news.
      standings: most > 1 ? [] : standings(snapshot),
      cost: { rows: samples, bytes: answer.wireBytes },
    },
    memory: { at, processes, errors, paths: window, held: judged.held },
  }
}

/** Findings with the path that is too slow, where one is: it says more than the times over all of them. */
function withSlowPath(
  findings: readonly Finding[],
  growth: PathGrowth | null,
  paths: readonly PathTraffic[],
  overrides: LimitOverrides,
): readonly Finding[] {
  const limits = {
    meanMs: limitOf('http_request_duration_ms', overrides).warning,
    p95Ms: limitOf('http_request_duration_p95_ms', overrides).warning,
  }
  const isTime = ({ reason: { code } }: Finding) => code.startsWith('traffic-slow')
  // Where everything together is too slow just now, so is some path of just now; else a minute and several requests count.
  const justNow =
    growth !== null && findings.some(isTime) ? slowestOver(pathTraffic([growth], growth.at), 1, limits) : null
  const slowest = justNow ?? slowestOver(paths, LEAST_REQUESTS, limits)
  if (slowest === null) return findings
  const critical = findings.filter((finding) => isTime(finding) && finding.status === 'CRITICAL')
  const { path, ms, limit, of } = slowest
  const found: Finding = {
    status: critical.length > 0 ? 'CRITICAL' : 'WARNING',
    reason: reason(of === 'mean' ? 'traffic-slow-path-mean' : 'traffic-slow-path-p95', {
      path: path.slice(0, LABEL_MAX_LENGTH),
      value: round(ms, 0),
      limit,
    }),
  }
  return byBadness([...findings.filter((finding) => !isTime(finding)), found])
}

/** The last minute's errors, look by look. */
function slide(before: TrafficMemory, now: number, errorsPerMinute: number | null) {
  const kept = before.errors.filter(({ at }) => now - at < ERROR_WINDOW_MS)
  if (errorsPerMinute === null) return kept
  return [...kept, { at: now, count: (errorsPerMinute / 60_000) * Math.max(0, now - before.at) }]
}

function whenQuiet(values: MetricValues): Pick<Look, 'status' | 'reason'> {
  const requests = values.http_requests_per_second
  if (requests === null || requests === undefined) {
    return { status: 'UNKNOWN', reason: reason('traffic-first-look') }
  }
  const mean = values.http_request_duration_ms
  return {
    status: 'HEALTHY',
    reason:
      mean === null || mean === undefined
        ? reason('traffic-healthy', { requests: round(requests, 1) })
        : reason('traffic-healthy-timed', { requests: round(requests, 1), mean: round(mean, 0) }),
  }
}

function standings({ process }: Snapshot): Standing[] {
  const startedAt = Number(process) * 1000
  if (process === null || !Number.isFinite(startedAt)) return []
  return [{ of: '', run: { id: process, startedAt } }]
}

function facts(snapshot: Snapshot, samples: number): Record<string, string> {
  return {
    samples: String(samples),
    ...(snapshot.requests === null ? {} : { requestsFrom: snapshot.requests.from }),
    ...(snapshot.errors === null ? {} : { errorsFrom: snapshot.errors.from }),
    ...(snapshot.duration === null ? {} : { durationsFrom: snapshot.duration.from }),
  }
}

/** Whether the service is up is the health probe's to say; here its traffic is not known. */
function unreachable(failure: Failure) {
  return { status: 'UNKNOWN' as const, reason: failureReason(failure), values: unknownValues('traffic') }
}
