/** What decisions, edited rules and ended silences do to the alerts in the book, and to the incidents that they belong to. */
import type { AlertEnding } from '#shared/model/alert.ts'
import type { TraceEntry } from '#shared/model/alert-trace.ts'
import type { Cause } from '#shared/model/cause.ts'
import type { Connection } from '#shared/model/connection.ts'
import type { Silence } from '#shared/model/silence.ts'
import type { Book } from './book.ts'
import { causeOf, incidentFor, inhibitorOf, isExplained, isUnreachable, wayOf } from './grouping.ts'
import { createRecapping } from './recapping.ts'
import type { AlertRecord, Incident } from './records.ts'
import type { Decided } from './rules/rounds.ts'
import { createRuling, measuredBy, type RulingOptions } from './ruling.ts'
import { silenceOver } from './silences/silencing.ts'
import type { Telling } from './telling/telling.ts'
import { ended, REOPENS_WITHIN_MS, reopened, turned, underSilence } from './turns.ts'

export interface ChangingOptions extends RulingOptions {
  readonly book: Book
  readonly telling: Telling
  readonly createId: () => string
  readonly causesOf: (deployment: string) => Cause[]
  readonly connectionOf: (deployment: string) => Connection
  /** The silences in force that may be over an alert. */
  readonly silences: (alert: string) => Iterable<Silence>
  /** An alert that was not there before began. */
  readonly onBegin: (deployment: string) => void
}

/** What was not found by then is not looked for again and again. */
const EXPLAINED_WITHIN_MS = 2 * 60_000

export function createChanging(options: ChangingOptions) {
  const { book, telling, createId, causesOf, connectionOf, silences, onBegin } = options
  const ruling = createRuling(options)
  const { severityOf, environmentOf } = ruling
  const { alertsIn, openIn, place, put, putIncident, trace } = book
  const { considerAll } = telling

  function fires(deployment: string, decided: Decided & { decision: { kind: 'fires' } }, now: number): void {
    const { rule, key, subject, at, decision } = decided
    const { level, tracking } = decision as Extract<Decided['decision'], { kind: 'fires' }>
    const severity = severityOf(decided, level, deployment)
    const cause = causeOf(subject, causesOf(deployment))
    const now_ = { ...measuredBy(decided, level), pendingSince: tracking.pendingSince, level, cause }
    const before = book.closedAt(deployment, key)
    const returnsWithin = Math.max(REOPENS_WITHIN_MS, rule.cooldownSeconds * 1_000)
    const isRecent = before?.endedAt != null && at - before.endedAt <= returnsWithin && at >= before.endedAt
    // What another rule of that name found is not what this one finds.
    const returns = isRecent && before.ending !== 'rule-changed'
    const way = isUnreachable(rule.id) ? wayOf(connectionOf(deployment)) : null
    const { channels, cooldownSeconds, checklist } = rule
    const common = { channels, cooldownSeconds, checklist, way }
    const fresh: AlertRecord = returns
      ? reopened({ ...before, ...common }, at, severity, { ...now_, blamed: tracking.blamed })
      : {
          ...{ id: createId(), rule: rule.id, deployment, subject, severity, state: 'firing', key },
          ...now_,
          ...common,
          environment: environmentOf(deployment),
          direction: rule.direction,
          since: at,
          blamed: tracking.blamed,
          ...{ endedAt: null, ending: null, reopened: 0, flapping: false, incident: '' },
          ...{ acknowledgedBy: null, acknowledgedAt: null, note: null, resolvedBy: null },
          ...{ silencedUntil: null, silencedBy: null, inhibitedBy: null },
          ...{ peak: severity, owed: 'firing', owesFlapping: false, saidAt: null, saidSeverity: null },
          firedAt: [at],
          past: [],
        }
    if (!returns) onBegin(deployment)
    const { value, threshold } = fresh
    const looks = rule.fireAfter
    trace(fresh.id, tracking.pendingSince, 'pending', { threshold })
    trace(fresh.id, at, returns ? 'reopened' : 'fires', { value, threshold, severity, looks })
    if (fresh.flapping && before?.flapping !== true) trace(fresh.id, at, 'flaps')
    const joined = join(fresh, at)
    const silence = silenceOver(silences(joined.id), joined)
    put(silence === null ? joined : underSilence(joined, silence))
    if (silence !== null) trace(fresh.id, at, 'silenced', tracedSilence(silence))
    inhibit(deployment, now)
  }

  /** With the incident that it belongs to, which may be one of its own; one that came back belongs to where it was. */
  function join(alert: AlertRecord, at: number): AlertRecord {
    const before = book.incident(alert.incident)
    const behind = alert.way === null ? null : book.incidentOfWay(alert.way)
    // What is of the way to several deployments takes in nothing else of each of them.
    const own = book.openIncidents(alert.deployment).filter(({ spans }) => !spans)
    const found = before ?? behind ?? incidentFor(alert, own, alertsIn, at)
    const incident: Incident = found ?? {
      ...{ id: createId(), deployment: alert.deployment, spans: false, startedAt: at, endedAt: null },
      alerts: [],
      ...{ lastFiredAt: at, said: null, escalation: null, raises: 0, calls: 0, reminders: 0, reached: [] },
    }
    putIncident({
      ...incident,
      endedAt: null,
      spans: incident.spans || incident.deployment !== alert.deployment,
      lastFiredAt: at,
      alerts: [...new Set([...incident.alerts, alert.id])],
    })
    return { ...alert, incident: incident.id }
  }

  /** Those that stand behind another, and those that do not any more. */
  function inhibit(deployment: string, now: number): void {
    const active = openIn(deployment)
    for (const alert of active) {
      const by = inhibitorOf(alert, active)
      if (by === alert.inhibitedBy) continue
      trace(alert.id, now, by === null ? 'uninhibited' : 'inhibited', { by: by ?? alert.inhibitedBy })
      put({ ...alert, inhibitedBy: by })
    }
  }

  function end(
    record: AlertRecord,
    at: number,
    ending: AlertEnding,
    by: string | null,
    now: number,
  ): AlertRecord {
    const over = put(ended(record, at, ending, by))
    trace(over.id, at, 'ended', { because: ending, by, value: over.value, threshold: over.threshold })
    telling.over(over.id)
    inhibit(over.deployment, now)
    return over
  }

  /** Under the silence that fits it as it is now; one that got worse may be beyond the one that it was under. */
  function resilence(record: AlertRecord, now: number): void {
    const silence = silenceOver(silences(record.id), record)
    if ((silence?.id ?? null) === record.silencedBy && (silence?.until ?? null) === record.silencedUntil)
      return
    if (silence === null) trace(record.id, now, 'unsilenced', { by: record.silencedBy })
    else trace(record.id, now, 'silenced', tracedSilence(silence))
    put(underSilence(record, silence))
  }

  return {
    /** What came of a look; whether anything turned. */
    apply(deployment: string, decided: readonly Decided[], now: number): void {
      let hasTurned = false
      for (const one of decided) {
        const { decision, key } = one
        if (decision.kind === 'fires') {
          fires(deployment, one as Decided & { decision: { kind: 'fires' } }, now)
          hasTurned = true
          continue
        }
        const record = book.openAt(deployment, key)
        if (record === null) continue
        switch (decision.kind) {
          case 'stays': {
            // In memory alone: only turns are put on record.
            if (one.reading.value !== null) place({ ...record, ...measuredBy(one, record.level) })
            break
          }
          case 'raised':
          case 'lowered': {
            const severity = severityOf(one, decision.level, deployment)
            const measured = { ...record, ...measuredBy(one, decision.level) }
            const next = put({
              ...turned(measured, decision.level, severity),
              blamed: decision.tracking.blamed,
            })
            trace(record.id, one.at, decision.kind, {
              value: next.value,
              threshold: next.threshold,
              severity,
            })
            resilence(next, now)
            hasTurned = true
            break
          }
          case 'clears':
            end(
              { ...record, ...(one.reading.value === null ? {} : measuredBy(one, 0)) },
              one.at,
              'cleared',
              null,
              now,
            )
            hasTurned = true
            break
          default:
            break
        }
      }
      if (hasTurned) considerAll(deployment, now)
    },

    /** Ends alerts whose thing or rule is gone. */
    endWhere(
      deployment: string,
      isGone: (record: AlertRecord) => AlertEnding | null,
      now: number,
    ): AlertRecord[] {
      const gone = openIn(deployment).flatMap((record) => {
        const ending = isGone(record)
        return ending === null ? [] : [end(record, now, ending, null, now)]
      })
      if (gone.length > 0) considerAll(deployment, now)
      return gone
    },

    ...createRecapping({ book, telling, ruling, resilence }),

    /** What alerts come from may be found after they fire: the first time that it is, the message says so. */
    explain(deployment: string, now: number): void {
      const isFresh = ({ since }: AlertRecord) => Math.abs(now - since) <= EXPLAINED_WITHIN_MS
      const unexplained = openIn(deployment).filter((alert) => !isExplained(alert) && isFresh(alert))
      if (unexplained.length === 0) return
      const causes = causesOf(deployment)
      let isNews = false
      for (const alert of unexplained) {
        const cause = causeOf(alert.subject, causes)
        if (cause === null || !isExplained({ cause })) continue
        put({ ...alert, cause })
        isNews = true
      }
      if (isNews) considerAll(deployment, now)
    },

    end,
    resilence,
  }
}

export type Changing = ReturnType<typeof createChanging>

/** Which silence, until when: of a maintenance window or an operation its name says more than the silence's id. */
function tracedSilence({ id, until, window, operation }: Silence): Partial<TraceEntry> {
  if (window !== null) return { until, because: 'window', by: window }
  if (operation !== null) return { until, because: 'operation', by: operation.id }
  return { until, by: id }
}
