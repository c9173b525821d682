/** The profile's own requests to a service: one of those that are due in a look, a GET within two seconds and 64 KiB. */
import { labelled } from '#shared/catalogue/labelled.ts'
import type { MetricValues } from '#shared/model/observation.ts'
import type { Request } from '#shared/model/profile/request.ts'
import type { Reason } from '#shared/model/reason.ts'
import { type HttpAnswer, type HttpSession, ReachError } from '../../reach/reach.ts'
import { crossedBound } from '../bounds.ts'
import { round } from '../figures.ts'
import type { Finding } from '../limits.ts'
import type { LookContext } from '../probe.ts'
import { reason } from '../reason.ts'
import { askedPauseMs } from '../retry-after.ts'

const TIMEOUT_MS = 2_000
const MAX_BYTES = 64 * 1024
/** What was answered so many intervals ago is not of now. */
const STALE_INTERVALS = 3

export interface AskedRequest {
  /** What was asked: a request that was edited is another one. */
  readonly request: Request
  /** Monotonic milliseconds. */
  readonly askedAt: number
  readonly dueAt: number
  readonly latencyMs: number | null
  readonly value: number | null
  readonly fault: Reason | null
}
/** By the request's name. */
export type RequestMemory = ReadonlyMap<string, AskedRequest>

export interface RequestsLook {
  readonly memory: RequestMemory
  readonly values: MetricValues
  readonly findings: readonly Finding[]
  readonly bytes: number
}

/**
 * @param requests of the service, as the profile has them
 * @param mayAsk whether the service is up and lets itself be asked: what is down is not asked more
 * @param beganAt when the look began, monotonic: a look that took long already asks nothing more
 */
export async function lookAtRequests(
  context: LookContext<unknown>,
  requests: readonly Request[],
  session: HttpSession,
  { before, mayAsk, beganAt }: { before: RequestMemory; mayAsk: boolean; beganAt: number },
): Promise<RequestsLook> {
  const now = context.monotonic()
  const known = new Map(
    requests.flatMap((request) => {
      const asked = before.get(request.name)
      const isSame = JSON.stringify(asked?.request) === JSON.stringify(request)
      return asked !== undefined && isSame ? [[request.name, asked] as const] : []
    }),
  )
  const dueAt = ({ name }: Request) => known.get(name)?.dueAt ?? Number.NEGATIVE_INFINITY
  const due = requests.filter((request) => now >= dueAt(request)).sort((a, b) => dueAt(a) - dueAt(b))[0]
  let bytes = 0
  if (due !== undefined && mayAsk && now - beganAt + TIMEOUT_MS <= context.timeoutMs) {
    const asked = await ask(context, due, session)
    known.set(due.name, asked.outcome)
    bytes = asked.bytes
  }
  return { memory: known, ...told([...known.values()], context.monotonic()), bytes }
}

async function ask(
  { signal, monotonic, now }: LookContext<unknown>,
  request: Request,
  session: HttpSession,
): Promise<{ outcome: AskedRequest; bytes: number }> {
  const askedAt = monotonic()
  const dueAt = askedAt + request.every * 1_000
  const { name, path } = request
  try {
    const answer = await session.get(path, { signal, timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES })
    // Who asks for a pause gets it.
    const pauseMs = askedPauseMs(answer, now) ?? 0
    const outcome = {
      request,
      askedAt,
      dueAt: Math.max(dueAt, askedAt + pauseMs),
      latencyMs: round(answer.ms),
    }
    return { outcome: { ...outcome, ...judge(request, answer) }, bytes: answer.wireBytes }
  } catch (error) {
    if (!(error instanceof ReachError)) throw error
    const fault = reason('health-request-unanswered', { request: name, path, seconds: TIMEOUT_MS / 1_000 })
    return { outcome: { request, askedAt, dueAt, latencyMs: null, value: null, fault }, bytes: 0 }
  }
}

/** What an answer says: the number in it, and what is wrong with it. */
export function judge(
  { name, path, status, json }: Request,
  answer: Pick<HttpAnswer, 'status' | 'body'>,
): Pick<AskedRequest, 'value' | 'fault'> {
  const isExpected =
    status === undefined ? answer.status >= 200 && answer.status < 300 : answer.status === status
  if (!isExpected) {
    const expected = status === undefined ? '2xx' : String(status)
    const params = { request: name, path, httpStatus: answer.status, expected }
    return { value: null, fault: reason('health-request-unexpected', params) }
  }
  if (json === undefined) return { value: null, fault: null }
  const value = numberAt(answer.body.toString('utf8'), json)
  return value === null
    ? { value, fault: reason('health-request-no-number', { request: name, path, json }) }
    : { value, fault: null }
}

/** The number at a JSON pointer; true and false are 1 and 0. `null` where there is none. */
function numberAt(text: string, pointer: string): number | null {
  let at: unknown
  try {
    at = JSON.parse(text)
  } catch {
    return null
  }
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~')
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return null
    at = Reflect.get(at, key)
  }
  if (typeof at === 'boolean') return at ? 1 : 0
  return typeof at === 'number' && Number.isFinite(at) ? at : null
}

/** What the latest answers come to. Health knows no WARNING: what is not as expected leaves a service that works for now. */
function told(asked: readonly AskedRequest[], now: number): Pick<RequestsLook, 'values' | 'findings'> {
  const values: MetricValues = {}
  const findings: Finding[] = []
  for (const { request, askedAt, dueAt, latencyMs, value, fault } of asked) {
    if (now - askedAt > (dueAt - askedAt) * STALE_INTERVALS) continue
    const labels = { request: request.name }
    values[labelled('http_probe_ok', labels)] = fault === null ? 1 : 0
    if (latencyMs !== null) values[labelled('http_probe_latency_ms', labels)] = latencyMs
    if (fault !== null) findings.push({ status: 'DEGRADED', reason: fault })
    if (value === null) continue
    values[labelled('http_probe_value', labels)] = value
    const crossed = crossedBound(value, request)
    if (crossed === null) continue
    const code = crossed.direction === 'above' ? 'health-request-above' : 'health-request-below'
    const params = { request: request.name, value, limit: crossed.limit }
    findings.push({ status: 'DEGRADED', reason: reason(code, params) })
  }
  return { values, findings }
}
