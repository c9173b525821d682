/** How often what fired, how long people took, and what rings for little: counted from the alerts of a stretch of time. Pure. */
import { SEVERITIES, type Severity } from '#shared/catalogue/severities.ts'
import type { Alert } from '#shared/model/alert.ts'
import { hoursOf } from './hours.ts'

/** What of an alert is counted. */
export type Counted = Pick<
  Alert,
  'rule' | 'deployment' | 'severity' | 'since' | 'endedAt' | 'acknowledgedAt' | 'reopened' | 'state'
>

export interface Durations {
  readonly mean: number | null
  readonly median: number | null
}
interface Group {
  readonly fired: number
  readonly active: number
  readonly secondsToAcknowledge: Durations
  readonly secondsToResolve: Durations
}

export type Proposal = 'more-looks' | 'wider-clear-line' | 'look-into-it'

const NOISIEST = 5
/** Fewer are no noise. */
const NOISY = 3
const SHORT_SECONDS = 120

/** @param timeZone IANA name: by whose clock hours are counted */
export function countAlerts(alerts: readonly Counted[], timeZone: string) {
  const bySeverity = Object.fromEntries(
    SEVERITIES.map((one) => [one, alerts.filter(({ severity }) => severity === one).length]),
  ) as Record<Severity, number>
  return {
    ...groupOf(alerts),
    bySeverity,
    byRule: grouped(alerts, ({ rule }) => rule).map(([rule, group]) => ({ rule, ...groupOf(group) })),
    byDeployment: grouped(alerts, (one) => one.deployment).map(([deployment, group]) => ({
      deployment,
      ...groupOf(group),
    })),
    noisiest: noisiest(alerts),
    hours: hoursOf(
      alerts.map(({ since }) => since),
      timeZone,
    ),
  }
}

/** Each time that an alert came back counts. */
function firedTimes(alerts: readonly Counted[]): number {
  return alerts.reduce((sum, { reopened }) => sum + 1 + reopened, 0)
}

function groupOf(alerts: readonly Counted[]): Group {
  return {
    fired: firedTimes(alerts),
    active: alerts.filter(({ state }) => state !== 'resolved').length,
    secondsToAcknowledge: durations(alerts.map(({ since, acknowledgedAt }) => apart(since, acknowledgedAt))),
    secondsToResolve: durations(alerts.map(({ since, endedAt }) => apart(since, endedAt))),
  }
}

function apart(from: number, to: number | null): number | null {
  return to === null || to < from ? null : (to - from) / 1_000
}

function durations(all: readonly (number | null)[]): Durations {
  const known = all.filter((one) => one !== null).toSorted((a, b) => a - b)
  if (known.length === 0) return { mean: null, median: null }
  const middle = known.length / 2
  const median = ((known[Math.ceil(middle) - 1] ?? 0) + (known[Math.floor(middle)] ?? 0)) / 2
  return { mean: known.reduce((sum, one) => sum + one, 0) / known.length, median }
}

/** The largest first. */
function grouped(alerts: readonly Counted[], keyOf: (alert: Counted) => string): [string, Counted[]][] {
  return [...Map.groupBy(alerts, keyOf)]
    .map(([key, group]) => ({ key, group, fired: firedTimes(group) }))
    .toSorted((a, b) => b.fired - a.fired || (a.key < b.key ? -1 : 1))
    .map(({ key, group }) => [key, group])
}

/** What rang most, by rule and deployment; and what might help, from how it rang. */
function noisiest(alerts: readonly Counted[]) {
  return grouped(alerts, ({ rule, deployment }) => `${rule}\n${deployment}`)
    .filter(([, group]) => firedTimes(group) >= NOISY)
    .slice(0, NOISIEST)
    .flatMap(([, group]) => {
      const [first] = group
      if (first === undefined) return []
      const { rule, deployment } = first
      return [{ rule, deployment, fired: firedTimes(group), proposal: proposalFor(group) }]
    })
}

function proposalFor(group: readonly Counted[]): Proposal {
  if (group.some(({ reopened }) => reopened > 0)) return 'wider-clear-line'
  const { median } = groupOf(group).secondsToResolve
  return median !== null && median < SHORT_SECONDS ? 'more-looks' : 'look-into-it'
}
