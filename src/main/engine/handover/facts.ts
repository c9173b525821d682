/**
 * What the next watch has to know of a stretch of time, in numbers that stay readable however bad it was: of each kind as much
 * as somebody reads, and how much was left out. Pure, in turns: no stretch of it holds the thread for long, however much was gathered.
 */
import { type Severity, urgency } from '#shared/catalogue/severities.ts'
import type { Alert } from '#shared/model/alert.ts'
import type { Forecast } from '#shared/model/forecast.ts'
import type { HandoverNote } from '#shared/model/handover.ts'
import type { StatusSpan } from '#shared/model/range.ts'
import type { Silence } from '#shared/model/silence.ts'
import type { TimelineEvent } from '#shared/model/timeline.ts'
import type { AuditRecord } from '../audit/audit.ts'
import { type Action, actionsOf } from './actions.ts'
import { type Incident, incidentsOf } from './incidents.ts'
import { type Unobserved, unobservedOf } from './unobserved.ts'

/** Milliseconds since the epoch; `to` is not within. */
export interface Period {
  readonly from: number
  readonly to: number
}

/** What was read for it. */
export interface Gathered {
  readonly period: Period
  readonly now: number
  /** Those that fired within, or began before and had not ended. */
  readonly alerts: readonly Alert[]
  /** Those that fire now. */
  readonly open: readonly Alert[]
  readonly silences: readonly Silence[]
  /** Newest first; `null`: whoever asks may not read the record. */
  readonly records: readonly AuditRecord[] | null
  readonly events: readonly TimelineEvent[]
  readonly forecasts: readonly DueForecast[]
  readonly spans: ReadonlyMap<string, readonly StatusSpan[]>
  readonly notes: readonly HandoverNote[]
  /** Rules of people's own, by their ids: what they called them. */
  readonly titles: ReadonlyMap<string, string>
  /** There was more than could be read. */
  readonly cutShort: CutShort
}

export interface CutShort {
  /** Alerts beyond those that are counted. */
  readonly alerts: boolean
  readonly records: boolean
  /** Deployments that there was no time to ask for forecasts, and for what was not observed. */
  readonly forecasts: number
  readonly watch: number
}

export interface DueForecast {
  readonly deployment: string
  readonly forecast: Forecast
}

/** The first of some, and how many more there are. */
export interface Bounded<T> {
  readonly items: readonly T[]
  readonly left: number
}

export interface FiredIn {
  readonly deployment: string
  readonly incidents: Bounded<Incident>
}

export interface HandoverFacts extends Pick<Gathered, 'period' | 'now' | 'titles' | 'cutShort'> {
  readonly totals: {
    readonly incidents: number
    readonly alerts: number
    readonly open: number
    readonly bySeverity: Readonly<Record<Severity, number>>
  }
  /** `left`: deployments. */
  readonly fired: Bounded<FiredIn>
  readonly open: Bounded<Alert>
  readonly silences: Bounded<Silence>
  readonly actions: Bounded<Action> | null
  readonly changes: Bounded<TimelineEvent>
  readonly forecasts: Bounded<DueForecast>
  readonly unobserved: Bounded<Unobserved>
  readonly notes: Bounded<HandoverNote>
}

/** As many as somebody reads who takes over. */
export const MOST = {
  deployments: 20,
  incidentsOfOne: 8,
  open: 60,
  silences: 40,
  actions: 60,
  changes: 60,
  forecasts: 20,
  unobserved: 40,
  notes: 100,
} as const

export async function factsOf(gathered: Gathered): Promise<HandoverFacts> {
  const { period, now, titles, cutShort, alerts, open, records, events } = gathered
  const incidents = await incidentsOf(alerts)
  const actions = records === null ? null : await actionsOf(records, [...alerts, ...open])
  const unobserved = await unobservedOf(gathered.spans, period, events)
  const count = (severity: Severity) => alerts.filter((alert) => alert.severity === severity).length
  return {
    ...{ period, now, titles, cutShort },
    totals: {
      incidents: incidents.length,
      alerts: alerts.length,
      open: open.length,
      bySeverity: {
        INFO: count('INFO'),
        WARNING: count('WARNING'),
        CRITICAL: count('CRITICAL'),
        EMERGENCY: count('EMERGENCY'),
      },
    },
    fired: firedIn(incidents),
    open: bounded(
      open.toSorted((a, b) => urgency(b.severity) - urgency(a.severity) || a.since - b.since),
      MOST.open,
    ),
    silences: bounded(
      gathered.silences.toSorted((a, b) => a.until - b.until),
      MOST.silences,
    ),
    actions: actions && bounded(actions, MOST.actions),
    changes: bounded(
      events.toSorted((a, b) => a.at - b.at || a.id - b.id),
      MOST.changes,
    ),
    forecasts: bounded(
      gathered.forecasts.toSorted((a, b) => (a.forecast.at?.likely ?? 0) - (b.forecast.at?.likely ?? 0)),
      MOST.forecasts,
    ),
    unobserved: bounded(unobserved, MOST.unobserved),
    notes: newest(gathered.notes, MOST.notes),
  }
}

/** The deployments in which the worst is open come first, then those in which most fired. */
function firedIn(incidents: readonly Incident[]): Bounded<FiredIn> {
  const weighed = [...Map.groupBy(incidents, ({ deployment }) => deployment)].map(([deployment, all]) => ({
    ...{ deployment, all },
    weight: Math.max(...all.map(({ endedAt, severity }) => (endedAt === null ? 10 : 0) + urgency(severity))),
  }))
  const { items, left } = bounded(
    weighed.toSorted(
      (a, b) => b.weight - a.weight || b.all.length - a.all.length || (a.deployment < b.deployment ? -1 : 1),
    ),
    MOST.deployments,
  )
  return { items: items.map(({ deployment, all }) => ({ deployment, incidents: gravest(all) })), left }
}

/** Those that are worth a line, in the order in which they happened: what is open, then what was urgent, then what lasted. */
function gravest(incidents: readonly Incident[]): Bounded<Incident> {
  const lasted = ({ since, endedAt }: Incident) => (endedAt ?? Number.MAX_SAFE_INTEGER) - since
  const { items, left } = bounded(
    incidents.toSorted(
      (a, b) =>
        Number(a.endedAt !== null) - Number(b.endedAt !== null) ||
        urgency(b.severity) - urgency(a.severity) ||
        lasted(b) - lasted(a),
    ),
    MOST.incidentsOfOne,
  )
  return { items: items.toSorted((a, b) => a.since - b.since), left }
}

function bounded<T>(all: readonly T[], most: number): Bounded<T> {
  return { items: all.slice(0, most), left: Math.max(0, all.length - most) }
}

/** Of what comes oldest first. */
function newest<T>(all: readonly T[], most: number): Bounded<T> {
  return { items: all.slice(-most), left: Math.max(0, all.length - most) }
}
