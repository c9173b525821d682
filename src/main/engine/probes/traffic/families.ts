/** The names under which applications count requests and time them, the likeliest first. */

const REQUEST_COUNTERS = [
  'http_requests_total',
  'http_server_requests_total',
  'starlette_requests_total',
  'fastapi_requests_total',
  'flask_http_request_total',
  'django_http_responses_total_by_status_total',
  'django_http_requests_total_by_method_total',
  'traefik_service_requests_total',
  'nginx_http_requests_total',
  'gin_requests_total',
  'requests_total',
]
/** Counters of answers: asked for statuses where the requests themselves carry none. */
const ANSWER_COUNTERS = ['http_responses_total', 'starlette_responses_total', 'fastapi_responses_total']

/** Histograms and summaries; `highr` of the FastAPI instrumentator has the finer buckets of its two. */
const DURATIONS = [
  'http_request_duration_highr_seconds',
  'http_request_duration_seconds',
  'http_server_request_duration_seconds',
  'http_server_requests_seconds',
  'http_requests_duration_seconds',
  'http_request_latency_seconds',
  'http_response_time_seconds',
  'starlette_request_duration_seconds',
  'starlette_requests_processing_time_seconds',
  'fastapi_requests_duration_seconds',
  'fastapi_request_duration_seconds',
  'flask_http_request_duration_seconds',
  'django_http_requests_latency_including_middlewares_seconds',
  'django_http_requests_latency_seconds_by_view_method',
  'caddy_http_request_duration_seconds',
  'traefik_service_request_duration_seconds',
  'request_duration_seconds',
  'http_request_duration_milliseconds',
  'http_request_duration_ms',
  'http_server_duration_milliseconds',
]

const STATUS_LABELS = [
  'status',
  'code',
  'status_code',
  'statusCode',
  'http_status',
  'http_status_code',
  'http_response_status_code',
  'response_code',
]

export type Role = 'requests' | 'answers' | 'duration'
export interface FamilyName {
  readonly role: Role
  /** Without `_sum`, `_count`, `_bucket`. */
  readonly base: string
  readonly part: 'total' | 'sum' | 'count' | 'bucket'
}

/** What a sample's name is to us; `null` for all the others. A name may carry the application's own prefix. */
export function classify(name: string): FamilyName | null {
  const suffix = /_(sum|count|bucket)$/.exec(name)
  if (suffix !== null) {
    const base = name.slice(0, suffix.index)
    const part = suffix[1] === 'sum' ? 'sum' : suffix[1] === 'count' ? 'count' : 'bucket'
    return rank('duration', base) < Number.POSITIVE_INFINITY ? { role: 'duration', base, part } : null
  }
  for (const role of ['requests', 'answers'] as const) {
    if (rank(role, name) < Number.POSITIVE_INFINITY) return { role, base: name, part: 'total' }
  }
  return null
}

const NAMES: Record<Role, readonly string[]> = {
  requests: REQUEST_COUNTERS,
  answers: ANSWER_COUNTERS,
  duration: DURATIONS,
}

/** The place of a name among those of its role: lower is better; infinite where it is none of them. */
export function rank(role: Role, base: string): number {
  const names = NAMES[role]
  const exact = names.indexOf(base)
  if (exact !== -1) return exact
  const prefixed = names.findIndex((name) => name.startsWith('http_') && base.endsWith(`_${name}`))
  return prefixed === -1 ? Number.POSITIVE_INFINITY : names.length + prefixed
}

/** The status that a sample's labels tell; `undefined` where they tell none. */
export function statusOf(label: (name: string) => string | undefined): string | undefined {
  for (const name of STATUS_LABELS) {
    const value = label(name)
    if (value !== undefined) return value
  }
  return undefined
}

/** `500` to `599`, or the class `5xx`. */
export function isServerError(status: string): boolean {
  return /^5(\d\d|xx)$/i.test(status)
}

/** Milliseconds in one unit of a duration's name. */
export function unitMs(base: string): number {
  return /_(milliseconds|ms)$/.test(base) ? 1 : 1000
}
