/** Alerts as the incidents that they were told of as. Pure, in turns: there may be thousands. */
import { type Severity, urgency } from '#shared/catalogue/severities.ts'
import type { Alert, AlertCause, AlertEnding } from '#shared/model/alert.ts'
import type { Reason } from '#shared/model/reason.ts'
import { inTurns } from '../in-turns.ts'

export interface Incident {
  readonly id: string
  readonly deployment: string
  readonly environment: Alert['environment']
  /** The worst of its alerts. */
  readonly severity: Severity
  readonly since: number
  /** `null`: some of it still fires. */
  readonly endedAt: number | null
  /** What the alert says that heads it. */
  readonly reason: Reason
  readonly rule: string
  readonly alerts: number
  readonly cause: AlertCause | null
  readonly acknowledgedBy: string | null
  readonly acknowledgedAt: number | null
  readonly note: string | null
  /** How the last of it ended, and whose hand that was. */
  readonly ending: AlertEnding | null
  readonly resolvedBy: string | null
  /** How often alerts of it came back. */
  readonly reopened: number
}

/** One for each incident and deployment, oldest first. */
export async function incidentsOf(alerts: readonly Alert[]): Promise<Incident[]> {
  const groups = Map.groupBy(alerts, ({ incident, deployment }) => `${deployment}\n${incident}`)
  const incidents = await inTurns([...groups.values()], incidentOf)
  return incidents.flat().toSorted((a, b) => a.since - b.since)
}

function incidentOf(alerts: readonly Alert[]): Incident[] {
  const sorted = alerts.toSorted((a, b) => urgency(b.severity) - urgency(a.severity) || a.since - b.since)
  const [worst] = sorted
  if (worst === undefined) return []
  const head = sorted.find(({ cause }) => isFound(cause)) ?? worst
  const isOpen = alerts.some(({ endedAt }) => endedAt === null)
  const last = alerts.reduce((a, b) => ((b.endedAt ?? 0) > (a.endedAt ?? 0) ? b : a))
  const taken = alerts
    .filter(({ acknowledgedAt }) => acknowledgedAt !== null)
    .toSorted((a, b) => (a.acknowledgedAt ?? 0) - (b.acknowledgedAt ?? 0))[0]
  return [
    {
      id: worst.incident,
      deployment: worst.deployment,
      environment: worst.environment,
      severity: worst.severity,
      since: Math.min(...alerts.map(({ since }) => since)),
      endedAt: isOpen ? null : last.endedAt,
      reason: worst.reason,
      rule: worst.rule,
      alerts: alerts.length,
      cause: isFound(head.cause) ? head.cause : null,
      acknowledgedBy: taken?.acknowledgedBy ?? null,
      acknowledgedAt: taken?.acknowledgedAt ?? null,
      note: taken?.note ?? null,
      ending: isOpen ? null : last.ending,
      resolvedBy: isOpen ? null : last.resolvedBy,
      reopened: alerts.reduce((sum, { reopened }) => sum + reopened, 0),
    },
  ]
}

/** A chain of one link says what the alert says already. */
function isFound(cause: AlertCause | null): boolean {
  return cause !== null && cause.certainty !== 'not-found' && (cause.isBeside || cause.lines.length > 1)
}
