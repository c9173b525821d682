/** Answers ranges, spans and the last hour from the archive. */
import { isLabelled, LABELLED, type Labels } from '#shared/catalogue/labelled.ts'
import { FLEET_METRICS, METRICS, type MetricName } from '#shared/catalogue/metrics.ts'
import { PROBE_INTERVAL_MS, type ProbeId, RAREST_INTERVALS } from '#shared/catalogue/probes.ts'
import { worstStatus } from '#shared/catalogue/statuses.ts'
import { type FleetMinute, HEARTBEAT_MINUTES } from '#shared/model/fleet.ts'
import type { RangeQuery, RangeResult, RangeSeries, StatusSpan } from '#shared/model/range.ts'
import type { Archive } from './archive.ts'
import type { Series } from './catalogue-numbers.ts'
import { type Frame, sliceFrame } from './frame.ts'
import { DAY_MS, GRAIN_MS, HOUR_MS, MINUTE_MS, type Source, startOf } from './grains.ts'
import type { Retention } from './history.ts'
import { planRange } from './plan.ts'
import { figuresOf, rollUp } from './rollup.ts'
import { SLACK_INTERVALS, type Span, spansOf } from './spans.ts'
import { statusOf } from './status-codes.ts'

export interface Ranges {
  range(query: RangeQuery, now: number): RangeResult
  statuses(deployment: string, from: number, to: number, now: number): StatusSpan[]
  lastHour(deployment: string, now: number): FleetMinute[]
}

/** How long spans are made of observations, and of minutes. */
const SPANS_OF_RAW_MS = 6 * HOUR_MS
const SPANS_OF_MINUTES_MS = 14 * DAY_MS
/** Series of one metric and target that an answer has at most: those with the largest values. */
const MOST_LABELLED = 50

export function createRanges({ archive, retention }: { archive: Archive; retention: Retention }): Ranges {
  /** The spans of a series; `frame` reaches back beyond `from` by one row and its slack. */
  function spans(source: Source, one: Series, frame: Frame, from: number, to: number): Span[] {
    const interval = PROBE_INTERVAL_MS[one.probe]
    const rowMs = Math.max(GRAIN_MS[source], interval)
    return spansOf(frame, {
      from,
      to,
      rowMs,
      slackMs: SLACK_INTERVALS * interval,
      failingSlackMs: RAREST_INTERVALS * interval,
    })
  }

  function read(
    source: Source,
    one: Series,
    from: number,
    to: number,
    wanted: ReadonlySet<number> | null,
  ): Frame {
    const interval = PROBE_INTERVAL_MS[one.probe]
    const back = Math.max(GRAIN_MS[source], interval) + RAREST_INTERVALS * interval
    return archive.frame(source, one.id, from - back, to, wanted)
  }

  /** The columns behind a metric of a series: one, or one for each of its labels. */
  function columnsFor(one: Series, metric: string): Asked[] {
    if (isLabelled(metric)) {
      return archive.labelled
        .namesOf(one.id, metric)
        .map(({ id, labels }) => ({ metric, number: id, labels }))
    }
    const number = archive.numbers.metric(metric)
    return number === null ? [] : [{ metric, number, labels: null }]
  }

  return {
    range(query, now) {
      const { deployment, metrics, from, to } = query
      const { source, stepMs } = planRange(query, retention, now)
      const start = startOf(from, stepMs)
      // What was seen at `to` itself, which is often now, belongs to the answer.
      const end = to + 1
      const watched = archive.numbers
        .seriesOf(deployment)
        .map((one) => ({ one, names: metrics.filter((name) => mayHave(one.probe, name)) }))
        .filter(({ names }) => names.length > 0)
      const frames = watched.map(({ one, names }) => {
        const asked = names.flatMap((name) => columnsFor(one, name))
        const wanted = asked.map(({ number }) => number)
        return { one, asked, frame: read(source, one, start, end, new Set(wanted)) }
      })

      // As long as they all fit, observations are given as they are, at their own times.
      const exact =
        source === 'raw' &&
        frames.every(({ frame }) => sliceFrame(frame, from, end).at.length <= query.points)
      const intervals = frames.map(({ one }) => PROBE_INTERVAL_MS[one.probe])
      const series = frames.flatMap(({ one, asked, frame }) => {
        const rows = exact ? sliceFrame(frame, from, end) : rollUp(sliceFrame(frame, start, end), stepMs)
        return bounded(asked.flatMap((column) => seriesOf(rows, column, one.target) ?? []))
      })
      const until = Math.min(to, now)
      return {
        from,
        to,
        stepMs: exact && intervals.length > 0 ? Math.min(...intervals) : stepMs,
        source,
        series,
        unobserved: withoutRetired(frames, from, until).flatMap(({ one, frame }) =>
          spans(source, one, frame, from, until)
            .filter(({ status }) => status === 'UNOBSERVED')
            .map((span) => ({ probe: one.probe, target: one.target, from: span.from, to: span.to })),
        ),
      }
    },

    statuses(deployment, from, to, now) {
      const length = to - from
      const source =
        length <= SPANS_OF_RAW_MS && now - from <= retention.rawMs
          ? 'raw'
          : length <= SPANS_OF_MINUTES_MS && now - from <= retention.minuteMs
            ? 'minute'
            : 'hour'
      const until = Math.min(to, now)
      const frames = archive.numbers.seriesOf(deployment).map((one) => ({
        one,
        frame: read(source, one, startOf(from, GRAIN_MS[source] || 1), until, NOTHING),
      }))
      return withoutRetired(frames, from, until).flatMap(({ one, frame }) =>
        spans(source, one, frame, from, until).map((span) => ({
          probe: one.probe,
          target: one.target,
          ...span,
        })),
      )
    },

    lastHour(deployment, now) {
      const to = startOf(now, MINUTE_MS) + MINUTE_MS
      const from = to - HEARTBEAT_MINUTES * MINUTE_MS
      const numbers = FLEET_METRICS.map((name) => ({ name, metric: archive.numbers.metric(name) }))
      const wanted = new Set(numbers.flatMap(({ metric }) => metric ?? []))
      const rows = archive.numbers
        .seriesOf(deployment)
        .map((one) => rollUp(archive.frame('raw', one.id, from, to, wanted), MINUTE_MS))
      return Array.from({ length: HEARTBEAT_MINUTES }, (_, minute) => from + minute * MINUTE_MS).flatMap(
        (at) => {
          const seen = rows.flatMap((frame) => {
            const row = frame.at.indexOf(at)
            return row < 0 ? [] : [{ frame, row }]
          })
          if (seen.length === 0) return []
          const statuses = seen.map(({ frame, row }) => statusOf(frame.status[row] ?? 0))
          const looked = statuses.filter((status) => status !== 'UNOBSERVED')
          const means: FleetMinute['means'] = {}
          for (const { name, metric } of numbers) {
            if (metric === null) continue
            const mean = meanOver(seen, metric)
            if (mean !== undefined) means[name] = mean
          }
          return [{ at, status: worstStatus(looked), means }]
        },
      )
    },
  }
}

const NOTHING: ReadonlySet<number> = new Set()

/** A column that was asked for. */
interface Asked {
  readonly metric: string
  readonly number: number
  readonly labels: Labels | null
}

/** A metric of the catalogue belongs to one probe; others may be any probe's. */
function mayHave(probe: ProbeId, name: string): boolean {
  if (isLabelled(name)) return LABELLED[name].probe === probe
  return !isCatalogued(name) || METRICS[name].probe === probe
}

function isCatalogued(name: string): name is MetricName {
  return Object.hasOwn(METRICS, name)
}

/**
 * Leaves out targets without a single row where others of the same probe have some: they were taken out of the profile.
 * Where none has any, nobody looked.
 */
function withoutRetired<T extends { one: Series; frame: Frame }>(
  frames: readonly T[],
  from: number,
  to: number,
): T[] {
  const isSeen = ({ frame }: T) => sliceFrame(frame, from, to).at.length > 0
  const seen = new Set(frames.filter(isSeen).map(({ one }) => one.probe))
  return frames.filter((entry) => isSeen(entry) || !seen.has(entry.one.probe))
}

/** `null` where the rows have no such metric, and where a label was not seen at all. */
function seriesOf(frame: Frame, { metric, number, labels }: Asked, target: string): RangeSeries | null {
  const figures = figuresOf(frame, number)
  if (labels !== null && figures?.mean.every((value) => Number.isNaN(value))) return null
  if (figures === null || frame.at.length === 0) return null
  // What was not observed has no points; what was observed and not known has some, of `null`.
  const looked = [...frame.status.keys()].filter((row) => statusOf(frame.status[row] ?? 0) !== 'UNOBSERVED')
  const pick = (column: Float64Array) =>
    looked.map((row) => {
      const value = column[row] ?? Number.NaN
      return Number.isNaN(value) ? null : value
    })
  return {
    metric,
    target,
    ...(labels === null ? {} : { labels }),
    at: looked.map((row) => frame.at[row] ?? 0),
    min: pick(figures.min),
    mean: pick(figures.mean),
    max: pick(figures.max),
  }
}

/** The mean over targets of a minute; `null` where none is known, `undefined` where none has such a metric. */
function meanOver(seen: readonly { frame: Frame; row: number }[], metric: number): number | null | undefined {
  const values = seen.flatMap(({ frame, row }) => figuresOf(frame, metric)?.mean[row] ?? [])
  if (values.length === 0) return undefined
  const known = values.filter((value) => !Number.isNaN(value))
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length
}

/** Of a metric with more labels than a chart could show, those that reached highest. */
function bounded(series: readonly RangeSeries[]): RangeSeries[] {
  const height = ({ max }: RangeSeries) =>
    max.reduce<number>((most, value) => Math.max(most, value ?? most), 0)
  const left = new Set<RangeSeries>()
  for (const metric of new Set(
    series.flatMap(({ metric, labels }) => (labels === undefined ? [] : metric)),
  )) {
    const all = series.filter((one) => one.metric === metric)
    if (all.length <= MOST_LABELLED) continue
    const sorted = all.map((one) => ({ one, most: height(one) })).sort((a, b) => b.most - a.most)
    for (const { one } of sorted.slice(MOST_LABELLED)) left.add(one)
  }
  return series.filter((one) => !left.has(one))
}
