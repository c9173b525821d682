/**
 * `/metrics` in the Prometheus text format 0.0.4: the newest value of every metric of the catalogue, and what the console
 * costs and how it does. A value that is not known is left out: the format has no word for it, and 0 would be a lie.
 */
import { LABELLED, LABELLED_METRICS, readLabelled } from '#shared/catalogue/labelled.ts'
import { METRIC_NAMES, METRICS, type MetricKind } from '#shared/catalogue/metrics.ts'
import type { Observation } from '#shared/model/observation.ts'
import type { AlertCounts } from '../engine/alerts/alerts.ts'
import type { Condition } from '../engine/condition.ts'

export const EXPOSITION_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

export interface Sample {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

interface Family {
  readonly name: string
  readonly kind: MetricKind
  readonly help: string
  readonly samples: readonly Sample[]
}

export interface ConsoleState {
  readonly alerts: readonly AlertCounts[]
  /** Alerts that are critical would reach somebody, or nothing is watched. */
  readonly isHeard: boolean
  readonly condition: Condition
  readonly version: string
  readonly deployments: number
  readonly sockets: number
  readonly memory: { readonly rss: number; readonly heapUsed: number }
  /** Processor time used so far, user and system, in microseconds. */
  readonly cpuMicroseconds: number
}

/** @param observations the newest of each deployment, probe and target */
export function exposition(observations: readonly Observation[], state: ConsoleState): string {
  const watched = METRIC_NAMES.map((name): Family => {
    const { kind, help } = METRICS[name]
    return {
      name,
      kind,
      help,
      samples: observations.flatMap((observation) => sampleOf(observation, name) ?? []),
    }
  })
  return [
    ...watched,
    ...labelledFamilies(observations),
    ...alertFamilies(state.alerts),
    lastLooks(observations),
    ...ownFamilies(state),
  ]
    .map(familyText)
    .join('')
}

function sampleOf({ deployment, target, values }: Observation, metric: string): Sample | null {
  const value = values[metric]
  return value === undefined || value === null ? null : { labels: { deployment, target }, value }
}

function labelledFamilies(observations: readonly Observation[]): Family[] {
  const samples = new Map<string, Sample[]>()
  for (const { deployment, target, values } of observations) {
    for (const [name, value] of Object.entries(values)) {
      const read = readLabelled(name)
      if (read === null || value === null) continue
      const ofMetric = samples.get(read.metric) ?? []
      ofMetric.push({ labels: { deployment, target, ...read.labels }, value })
      samples.set(read.metric, ofMetric)
    }
  }
  return LABELLED_METRICS.map((name) => {
    const { kind, help } = LABELLED[name]
    return { name, kind, help, samples: samples.get(name) ?? [] }
  })
}

function alertFamilies(alerts: readonly AlertCounts[]): Family[] {
  const family = (
    name: string,
    kind: MetricKind,
    help: string,
    count: (of: AlertCounts) => number,
  ): Family => ({
    name,
    kind,
    help,
    samples: alerts.map((of) => ({ labels: { deployment: of.deployment }, value: count(of) })),
  })
  return [
    family(
      'active_alerts_count',
      'gauge',
      'Alerts that fire, also acknowledged and silenced ones',
      ({ active }) => active,
    ),
    // The name is the catalogue's, though counters mostly end in `_total`.
    family('total_alerts_count', 'counter', 'Alerts that there ever were', ({ total }) => total),
  ]
}

function lastLooks(observations: readonly Observation[]): Family {
  return {
    name: 'vakhta_last_look_timestamp_seconds',
    kind: 'gauge',
    help: 'When a probe looked last, seconds since the epoch',
    samples: observations.map(({ deployment, probe, target, at }) => ({
      labels: { deployment, probe, target },
      value: at / 1000,
    })),
  }
}

function ownFamilies({
  condition,
  version,
  deployments,
  sockets,
  isHeard,
  memory,
  cpuMicroseconds,
}: ConsoleState): Family[] {
  const own = (name: string, kind: MetricKind, help: string, value: number | null, labels = {}): Family => ({
    name,
    kind,
    help,
    samples: value === null ? [] : [{ labels, value }],
  })
  const { looks, history } = condition
  return [
    own('vakhta_build_info', 'gauge', 'The version of the console, as a label', 1, { version }),
    own('vakhta_ready', 'gauge', 'Whether the engine and its store are ready', condition.ready ? 1 : 0),
    own('vakhta_alerts_heard', 'gauge', 'Whether critical alerts would reach somebody', isHeard ? 1 : 0),
    own('vakhta_deployments', 'gauge', 'Deployments on record', deployments),
    own('vakhta_looks_total', 'counter', 'Looks that probes took', looks.total),
    own('vakhta_looks_unhealthy_total', 'counter', 'Looks that found anything but HEALTHY', looks.unhealthy),
    own('vakhta_looks_running', 'gauge', 'Looks that are under way', looks.running),
    own('vakhta_history_waiting', 'gauge', 'Observations that wait to be written', history.waiting),
    own(
      'vakhta_history_dropped_total',
      'counter',
      'Observations dropped because the disk was too slow',
      history.dropped,
    ),
    own('vakhta_history_rows', 'gauge', 'Rows in the history', history.rows),
    own('vakhta_history_bytes', 'gauge', 'Size of the history on disk', history.bytes),
    own('vakhta_sockets', 'gauge', 'WebSockets that are open', sockets),
    own('process_start_time_seconds', 'gauge', 'When the console started', condition.startedAt / 1000),
    own(
      'process_cpu_seconds_total',
      'counter',
      'Processor time that the console used',
      cpuMicroseconds / 1e6,
    ),
    own('process_resident_memory_bytes', 'gauge', 'Resident memory of the console', memory.rss),
    own('nodejs_heap_size_used_bytes', 'gauge', 'Used heap of the console', memory.heapUsed),
  ]
}

/** A family that has no sample is left out whole. */
function familyText({ name, kind, help, samples }: Family): string {
  if (samples.length === 0) return ''
  const lines = samples.map(({ labels, value }) => `${name}${labelText(labels)} ${numberText(value)}\n`)
  return `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${kind}\n${lines.join('')}`
}

function labelText(labels: Sample['labels']): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
}

function escapeLabel(text: string): string {
  return escapeHelp(text).replaceAll('"', '\\"')
}

function numberText(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf'
  return value === Number.NEGATIVE_INFINITY ? '-Inf' : String(value)
}
