/** What belongs together: which incident an alert joins, what it comes from, and which of several heads the others. Pure. */
import { urgency } from '#shared/catalogue/severities.ts'
import type { Alert, AlertCause, AlertCauseLine, AlertSubject } from '#shared/model/alert.ts'
import type { Cause, CauseLink } from '#shared/model/cause.ts'
import type { Connection } from '#shared/model/connection.ts'
import { type AlertRecord, type Incident, isOver } from './records.ts'

/** What fires within this time after another alert of a deployment belongs to the same incident. */
export const JOINS_WITHIN_MS = 5 * 60_000

/**
 * The incident that an alert joins; `null`: it begins one of its own. What fires soon after another does, and what comes from the
 * same; a certificate that has been ending for weeks does not draw in what breaks today.
 */
export function incidentFor(
  alert: Pick<Alert, 'cause'>,
  open: readonly Incident[],
  alertsOf: (incident: Incident) => readonly AlertRecord[],
  at: number,
): Incident | null {
  const soon = open.find(({ lastFiredAt }) => Math.abs(at - lastFiredAt) <= JOINS_WITHIN_MS)
  return soon ?? open.find((one) => alertsOf(one).some((other) => sharesCause(alert, other))) ?? null
}

function sharesCause({ cause }: Pick<Alert, 'cause'>, other: AlertRecord): boolean {
  if (cause === null || other.cause === null || isOver(other)) return false
  const [root, otherRoot] = [cause.lines.at(-1), other.cause.lines.at(-1)]
  return (
    cause.certainty !== 'not-found' &&
    cause.code === other.cause.code &&
    JSON.stringify(root?.params) === JSON.stringify(otherRoot?.params)
  )
}

/** What an alert comes from, as far as the causes of its deployment tell: its chain from where it stands in it. */
export function causeOf({ probe, target }: AlertSubject, causes: readonly Cause[]): AlertCause | null {
  for (const { code, links, since, certainty, alsoExplains } of causes) {
    const place = links.findIndex(
      (link) => link.probe === probe && (probe === null || link.target === target),
    )
    if (place >= 0) {
      const lines = links.slice(place).map(lineOf)
      return { code, since, certainty, lines, isBeside: false }
    }
    const root = links.at(-1)
    if (root !== undefined && alsoExplains.includes(`${probe}/${target}`)) {
      return { code, since, certainty, lines: [lineOf(root)], isBeside: true }
    }
  }
  return null
}

function lineOf({ reason, probe, target }: CauseLink): AlertCauseLine {
  return { ...reason, probe, target }
}

/** Whether more was found than the alert itself. */
export function isExplained({ cause }: Pick<Alert, 'cause'>): boolean {
  return cause !== null && cause.certainty !== 'not-found' && cause.lines.length > 1
}

/** How near an alert stands to the root of a chain: what others come from is further down. */
function depthOf({ probe, target }: AlertSubject, causes: readonly Cause[]): number {
  return Math.max(
    0,
    ...causes.map(({ links }) =>
      links.findLastIndex((link) => link.probe === probe && (probe === null || link.target === target)),
    ),
  )
}

/** The one that the others come from first, then what is not over, then by urgency and by age. */
export function headFirst(alerts: readonly AlertRecord[], causes: readonly Cause[]): AlertRecord[] {
  const weighed = alerts.map((alert) => ({ alert, depth: depthOf(alert.subject, causes) }))
  return weighed
    .toSorted(
      (a, b) =>
        Number(isOver(a.alert)) - Number(isOver(b.alert)) ||
        b.depth - a.depth ||
        urgency(b.alert.severity) - urgency(a.alert.severity) ||
        a.alert.since - b.alert.since,
    )
    .map(({ alert }) => alert)
}

/** What still can be known while the way to a deployment is down. */
const KNOWN_WITHOUT_A_WAY: ReadonlySet<string> = new Set([
  'deployment-unreachable',
  'host-key-changed',
  'alerts-active-high',
])

/** The alert that an alert stands behind: what is at the end of a way that is down cannot be known. */
export function inhibitorOf(alert: Pick<AlertRecord, 'rule'>, active: readonly AlertRecord[]): string | null {
  if (KNOWN_WITHOUT_A_WAY.has(alert.rule)) return null
  return active.find(({ rule }) => isUnreachable(rule))?.id ?? null
}

export function isUnreachable(rule: string): boolean {
  return rule === 'deployment-unreachable'
}

/**
 * What is down on the way to a deployment, whoever logs in there: an SSH host or, without one, the machine that all of it is on; `null`: not
 * one thing. Others behind the same are down with it.
 */
export function wayOf({ hops }: Connection): string | null {
  const down = hops.find(
    ({ kind, status, error }) => kind === 'ssh' && status !== 'CONNECTED' && error !== null,
  )
  if (down !== undefined) return down.hop.slice(down.hop.lastIndexOf('@') + 1)
  const machines = new Set(hops.map(({ error }) => error?.params.host ?? null))
  const [only] = machines
  return machines.size === 1 && typeof only === 'string' ? only : null
}
