/**
 * Metrics of which a target has several, told apart by labels: a queue, a request path, a query of the profile. An observation
 * holds each under its name as Prometheus writes it, `queue_length{queue="celery"}`, beside the values without labels.
 */
import type { MetricDefinition, MetricUnit } from './metrics.ts'
import type { ProbeId } from './probes.ts'

export interface LabelledDefinition extends MetricDefinition {
  /** In the order in which a name has them. */
  readonly labels: readonly string[]
}

function gauge<P extends ProbeId, const L extends readonly string[]>(
  probe: P,
  unit: MetricUnit,
  labels: L,
  help: string,
) {
  return { probe, unit, kind: 'gauge' as const, labels, help }
}

export const LABELLED = {
  queue_length: gauge('redis', 'count', ['queue'], 'Messages that wait in a queue of the profile'),
  queue_oldest_seconds: gauge(
    'redis',
    'seconds',
    ['queue'],
    'How long the oldest message of a queue has waited, as far as its message or our looks tell: at least',
  ),
  redis_errors_per_minute: gauge(
    'redis',
    'per-minute',
    ['error'],
    'Commands answered with an error, by its code, over the last interval: the twenty most frequent (6.2 on)',
  ),

  http_probe_ok: gauge(
    'health',
    'flag',
    ['request'],
    'Whether a request of the profile was answered as it should be',
  ),
  http_probe_latency_ms: gauge(
    'health',
    'milliseconds',
    ['request'],
    'Time to the end of the answer to a request of the profile',
  ),
  http_probe_value: gauge(
    'health',
    'count',
    ['request'],
    'The number that a request of the profile found in the answer',
  ),
  db_backends_active: gauge(
    'pool',
    'backends',
    ['wait'],
    "The application's backends that run a statement, by the class of what they wait for; cpu: for nothing",
  ),
  db_query_value: gauge(
    'pool',
    'count',
    ['query', 'series'],
    'What a query of the profile answered: one value, or one for each row or column',
  ),
  http_path_requests_per_second: gauge(
    'traffic',
    'per-second',
    ['path'],
    'Requests served per second by request path, over the last minute: twenty paths, the rest as one',
  ),
  http_path_errors_per_minute: gauge(
    'traffic',
    'per-minute',
    ['path'],
    'Answers with a 5xx status per minute by request path, over the last minute',
  ),
  http_path_duration_ms: gauge(
    'traffic',
    'milliseconds',
    ['path'],
    'Mean time to serve a request by request path, over the last minute',
  ),
  http_path_duration_p95_ms: gauge(
    'traffic',
    'milliseconds',
    ['path'],
    '95th percentile of the time to serve a request by request path, over the last minute',
  ),

  exposition_value: gauge(
    'exposition',
    'count',
    ['metric', 'series'],
    'What an exposition of the profile tells under a metric that is kept of it; counters per second',
  ),
} as const satisfies Record<string, LabelledDefinition>

export type LabelledMetric = keyof typeof LABELLED
export const LABELLED_METRICS = Object.keys(LABELLED) as LabelledMetric[]
export type Labels = Readonly<Record<string, string>>
type LabelsOf<M extends LabelledMetric> = Readonly<Record<(typeof LABELLED)[M]['labels'][number], string>>

/** A longer label is cut: it is a name, not a text. */
export const LABEL_MAX_LENGTH = 120

export function isLabelled(metric: string): metric is LabelledMetric {
  return Object.hasOwn(LABELLED, metric)
}

/** The name of one value among an observation's: `queue_length{queue="celery"}`. */
export function labelled<M extends LabelledMetric>(metric: M, labels: LabelsOf<M>): string {
  const values: Labels = labels
  const pairs = LABELLED[metric].labels.map((name) => `${name}="${escaped(cut(values[name] ?? ''))}"`)
  return `${metric}{${pairs.join(',')}}`
}

const NAME = /^([A-Za-z_:][\w:]*)\{(.*)\}$/s
const PAIR = /([A-Za-z_]\w*)="((?:[^"\\]|\\.)*)"(?:,|$)/gsy

/** What `labelled` put together; `null` where a name has no labels, or is no such name. */
export function readLabelled(name: string): { metric: string; labels: Labels } | null {
  // Most names have none: that is seen at a glance.
  if (!name.endsWith('}')) return null
  const [, metric, text] = NAME.exec(name) ?? []
  if (metric === undefined || text === undefined) return null
  const pairs = [...text.matchAll(PAIR)]
  const isWhole = pairs.reduce((length, [pair]) => length + pair.length, 0) === text.length
  if (!isWhole || pairs.length === 0) return null
  return {
    metric,
    labels: Object.fromEntries(pairs.map(([, label = '', value = '']) => [label, plainText(value)])),
  }
}

function cut(value: string): string {
  return value.length <= LABEL_MAX_LENGTH ? value : `${value.slice(0, LABEL_MAX_LENGTH - 1)}…`
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}

function plainText(value: string): string {
  return value.replace(/\\(.)/gs, (_, letter: string) => (letter === 'n' ? '\n' : letter))
}
