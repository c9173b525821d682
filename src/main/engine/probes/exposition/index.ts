/** Metrics that others than the services expose, as the profile wants them kept: exporters, brokers, other applications. */
import { labelled } from '#shared/catalogue/labelled.ts'
import { PROBE_INTERVAL_MS } from '#shared/catalogue/probes.ts'
import type { Failure } from '#shared/model/failure.ts'
import type { MetricValues } from '#shared/model/observation.ts'
import { scrapePath } from '#shared/model/profile/scrape.ts'
import type { Reason } from '#shared/model/reason.ts'
import { crossedBound } from '../bounds.ts'
import { boundEvidence } from '../evidence.ts'
import { byBadness, type Finding } from '../limits.ts'
import type { Look, LookContext, Probe } from '../probe.ts'
import { EXPOSITION_TYPES, MAX_EXPOSITION_BYTES, unusable } from '../prometheus/answer.ts'
import { failureReason, reason } from '../reason.ts'
import { type KeptSeries, readKept } from './kept-series.ts'
import { type Counted, countedOf, type Told, toldValues } from './told-values.ts'

type ExpositionMemory = Counted | null

export const exposition: Probe<ExpositionMemory> = {
  id: 'exposition',
  intervalMs: PROBE_INTERVAL_MS.exposition,
  timeoutMs: 6_000,
  targets: (profile) => profile.expositions.map(({ name }) => name),
  look,
  unreachable,
  retryAfterMs: ({ reason: { params } }) =>
    typeof params.retryAfterSeconds === 'number' ? params.retryAfterSeconds * 1000 : null,
}

async function look(
  context: LookContext<ExpositionMemory>,
): Promise<{ look: Look; memory: ExpositionMemory }> {
  const { memory: before, monotonic, now, profile, reach, signal, target, timeoutMs } = context
  const source = profile.expositions.find(({ name }) => name === target)
  if (source === undefined)
    throw new Error(`looked for an exposition that the profile does not have: ${target}`)
  const path = scrapePath(source)
  const at = monotonic()
  const answer = await reach
    .scrape('exposition', target)
    .get(path, { signal, timeoutMs, maxBytes: MAX_EXPOSITION_BYTES, accept: EXPOSITION_TYPES })
  const bytes = answer.wireBytes
  const unknown = (because: Reason, rows = 0): { look: Look; memory: ExpositionMemory } => ({
    look: { status: 'UNKNOWN', reason: because, values: {}, cost: { rows, bytes } },
    memory: before,
  })
  const refused = unusable(answer, path, now)
  if (refused !== null) return unknown(refused)
  const { series, samples } = readKept(answer.body, source.keep)
  if (samples === 0) return unknown(reason('traffic-not-metrics', { path }))
  if (!series.some(({ isThere }) => isThere))
    return unknown(reason('exposition-nothing-kept', { path }), samples)

  const told = toldValues(series, before, at)
  const values = valuesOf(told)
  const worst = byBadness(findingsOf(told))[0]
  return {
    look: {
      ...(worst ?? whenWell(values, before === null)),
      values,
      evidence: boundEvidence({ facts: facts(series, told, samples) }),
      cost: { rows: samples, bytes },
    },
    memory: countedOf(series, at),
  }
}

function valuesOf(told: readonly Told[]): MetricValues {
  return Object.fromEntries(
    told.flatMap(({ kept: { metric }, series }) =>
      series.map((one) => [labelled('exposition_value', { metric, series: one.series }), one.value]),
    ),
  )
}

function findingsOf(told: readonly Told[]): Finding[] {
  return told.flatMap(({ kept, series }) =>
    series.flatMap(({ series: name, value }): Finding[] => {
      const crossed = crossedBound(value, kept)
      if (crossed === null) return []
      const code = crossed.direction === 'above' ? 'exposition-above' : 'exposition-below'
      const metric = name === '' ? kept.metric : `${kept.metric} (${name.slice(0, 80)})`
      return [{ status: crossed.level, reason: reason(code, { metric, value, limit: crossed.limit }) }]
    }),
  )
}

function whenWell(values: MetricValues, isFirst: boolean): Pick<Look, 'status' | 'reason'> {
  const series = Object.keys(values).length
  return series === 0 && isFirst
    ? { status: 'UNKNOWN', reason: reason('traffic-first-look') }
    : { status: 'HEALTHY', reason: reason('exposition-healthy', { series }) }
}

/** What is not told: metrics that are not there, and series beyond those that are kept. */
function facts(
  series: readonly KeptSeries[],
  told: readonly Told[],
  samples: number,
): Record<string, string> {
  const absent = series.filter(({ isThere }) => !isThere).map(({ kept }) => kept.metric)
  const rest = told.filter(({ rest: { count } }) => count > 0)
  const named = (summed: boolean) =>
    rest
      .filter((one) => one.rest.summed === summed)
      .map(({ kept, rest: { count } }) => `${kept.metric}: ${count}`)
      .join(', ')
  return {
    samples: String(samples),
    ...(absent.length === 0 ? {} : { absent: absent.join(', ') }),
    ...(named(true) === '' ? {} : { summed: named(true) }),
    ...(named(false) === '' ? {} : { leftOut: named(false) }),
  }
}

/** Whoever exposes metrics is rarely what they are about: that it is not reached says nothing of that. */
function unreachable(failure: Failure) {
  return { status: 'UNKNOWN' as const, reason: failureReason(failure), values: {} }
}
