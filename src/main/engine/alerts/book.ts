/**
 * The alerts and incidents that are open, in memory: what decisions do to them, and what follows for what is told. Everything that
 * changes goes to the ledger, which puts it on record together.
 */
import type { Severity } from '#shared/catalogue/severities.ts'
import { capped, mostUrgent, type SeverityCaps, urgency } from '#shared/catalogue/severities.ts'
import type { AlertEnding } from '#shared/model/alert.ts'
import type { AlertRule } from '#shared/model/alert-rule.ts'
import type { TraceEntry } from '#shared/model/alert-trace.ts'
import type { Cause } from '#shared/model/cause.ts'
import type { Notification } from '#shared/model/notification.ts'
import type { DeploymentProfile } from '#shared/model/profile/deployment.ts'
import type { Silence } from '#shared/model/silence.ts'
import { decideNotice, type Hold, type Member, marksOf } from './decide-notice.ts'
import { causeOf, incidentFor, inhibitorOf, isExplained } from './grouping.ts'
import type { Ledger } from './ledger.ts'
import { notificationOf } from './notify-of.ts'
import { alertReason } from './reason-of.ts'
import { type AlertRecord, type Incident, isOver } from './records.ts'
import type { Decided } from './rounds.ts'
import { silenceOver } from './silencing.ts'
import {
  ended,
  holdOf,
  isSettled,
  type Measured,
  REOPENS_WITHIN_MS,
  reopened,
  settled,
  told,
  turned,
  underSilence,
} from './turns.ts'

/** How many alerts of a deployment are open, and their incidents. */
interface OfDeployment {
  /** Those that are not over, by their key. */
  readonly open: Map<string, AlertRecord>
  /** Those that ended just now and may come back, by their key. */
  readonly closed: Map<string, AlertRecord>
  readonly incidents: Map<string, Incident>
}

export interface BookOptions {
  readonly ledger: Ledger
  readonly createId: () => string
  readonly causesOf: (deployment: string) => Cause[]
  readonly capsOf: () => SeverityCaps
  readonly profileOf: (deployment: string) => Pick<DeploymentProfile, 'environment'> | null
  /** The silences that are in force. */
  readonly silences: () => Iterable<Silence>
  /** Whether somebody looks at what an alert is about. */
  readonly isKnown: (alert: AlertRecord) => boolean
  /** An alert that was not there before began. */
  readonly onBegin: (deployment: string) => void
  /** Something of a deployment's alerts changed. */
  readonly onChange: (deployment: string) => void
}

/** What was not found by then is not looked for again and again. */
const EXPLAINED_WITHIN_MS = 2 * 60_000

const NO_TRACE: Omit<TraceEntry, 'at' | 'step'> = {
  ...{ because: null, value: null, threshold: null, severity: null, looks: null, until: null, by: null },
  notification: null,
}

export function createBook(options: BookOptions) {
  const { ledger, createId, causesOf, capsOf, profileOf, silences, isKnown, onBegin, onChange } = options
  const deployments = new Map<string, OfDeployment>()
  const byId = new Map<string, AlertRecord>()
  /** When an incident may have something to tell: the moment of its next decision. */
  const due = new Map<string, { readonly deployment: string; readonly at: number }>()
  /** What an alert was held back for last, so that it is traced once. */
  const heldFor = new Map<string, string>()

  function of(deployment: string): OfDeployment {
    const known = deployments.get(deployment)
    if (known !== undefined) return known
    const fresh: OfDeployment = { open: new Map(), closed: new Map(), incidents: new Map() }
    deployments.set(deployment, fresh)
    return fresh
  }

  function place(record: AlertRecord): void {
    const { open, closed } = of(record.deployment)
    const { key } = record
    byId.set(record.id, record)
    if (!isOver(record)) {
      closed.delete(key)
      open.set(key, record)
      return
    }
    // An older one of the same thing may still be told of as over while a newer one fires.
    if (open.get(key)?.id === record.id) open.delete(key)
    if (!open.has(key) && (closed.get(key)?.since ?? record.since) <= record.since) closed.set(key, record)
  }

  function put(record: AlertRecord): AlertRecord {
    place(record)
    ledger.alert(record)
    onChange(record.deployment)
    return record
  }

  function trace(id: string, at: number, step: TraceEntry['step'], rest: Partial<TraceEntry> = {}): void {
    ledger.trace(id, { ...NO_TRACE, ...rest, at, step })
  }

  function openIn(deployment: string): AlertRecord[] {
    return [...(deployments.get(deployment)?.open.values() ?? [])]
  }

  function alertsIn(incident: Incident): AlertRecord[] {
    return incident.alerts.flatMap((id) => byId.get(id) ?? [])
  }

  function putIncident(incident: Incident): void {
    of(incident.deployment).incidents.set(incident.id, incident)
    ledger.incident(incident)
  }

  function measuredBy({ rule, reading, subject }: Decided, level: number): Measured {
    const { threshold, unit } = {
      ...(rule.levels[level] ?? rule.levels[0]),
      unit: rule.unit,
      ...reading.instead,
    } as {
      threshold: number
      unit: string
    }
    const { value } = reading
    return { value, threshold, unit, reason: alertReason(rule, subject, { value, threshold, unit }) }
  }

  function severityOf(
    { rule }: { readonly rule: Pick<AlertRule, 'levels'> },
    level: number,
    deployment: string,
  ): Severity {
    const severity = (rule.levels[level] ?? rule.levels.at(-1))?.severity ?? 'WARNING'
    return capped(severity, capsOf()[profileOf(deployment)?.environment ?? 'production'])
  }

  function fires(deployment: string, decided: Decided & { decision: { kind: 'fires' } }, now: number): void {
    const { rule, key, subject, at, decision } = decided
    const { level, tracking } = decision as Extract<Decided['decision'], { kind: 'fires' }>
    const severity = severityOf(decided, level, deployment)
    const cause = causeOf(subject, causesOf(deployment))
    const now_ = { ...measuredBy(decided, level), pendingSince: tracking.pendingSince, level, cause }
    const before = of(deployment).closed.get(key)
    const returnsWithin = Math.max(REOPENS_WITHIN_MS, rule.cooldownSeconds * 1_000)
    const returns = before?.endedAt != null && at - before.endedAt <= returnsWithin && at >= before.endedAt
    const common = { channels: rule.channels, cooldownSeconds: rule.cooldownSeconds }
    const fresh: AlertRecord = returns
      ? reopened({ ...before, ...common }, at, severity, { ...now_, blamed: tracking.blamed })
      : {
          ...{ id: createId(), rule: rule.id, deployment, subject, severity, state: 'firing', key },
          ...now_,
          ...common,
          environment: profileOf(deployment)?.environment ?? 'production',
          direction: rule.direction,
          since: at,
          blamed: tracking.blamed,
          ...{ endedAt: null, ending: null, reopened: 0, flapping: false, incident: '' },
          ...{ acknowledgedBy: null, acknowledgedAt: null, note: null, resolvedBy: null },
          ...{ silencedUntil: null, silencedBy: null, inhibitedBy: null },
          ...{ peak: severity, owed: 'firing', owesFlapping: false, saidAt: null, saidSeverity: null },
          firedAt: [at],
        }
    if (!returns) onBegin(deployment)
    const { value, threshold } = fresh
    const looks = rule.fireAfter
    trace(fresh.id, tracking.pendingSince, 'pending', { threshold })
    trace(fresh.id, at, returns ? 'reopened' : 'fires', { value, threshold, severity, looks })
    if (fresh.flapping && before?.flapping !== true) trace(fresh.id, at, 'flaps')
    const joined = join(fresh, at)
    const silence = silenceOver(silences(), joined)
    put(silence === null ? joined : underSilence(joined, silence))
    if (silence !== null) trace(fresh.id, at, 'silenced', { until: silence.until, by: silence.id })
    inhibit(deployment, now)
  }

  /** With the incident that it belongs to, which may be one of its own; one that came back belongs to where it was. */
  function join(alert: AlertRecord, at: number): AlertRecord {
    const { incidents } = of(alert.deployment)
    const open = [...incidents.values()].filter(({ endedAt }) => endedAt === null)
    const before = incidents.get(alert.incident)
    const found = before ?? incidentFor(alert, open, alertsIn, at)
    const incident: Incident = found ?? {
      ...{ id: createId(), deployment: alert.deployment, startedAt: at, endedAt: null, alerts: [] },
      ...{ lastFiredAt: at, said: null },
    }
    putIncident({
      ...incident,
      endedAt: null,
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
    heldFor.delete(over.id)
    inhibit(over.deployment, now)
    return over
  }

  function memberOf(record: AlertRecord, now: number): Member {
    return {
      id: record.id,
      severity: record.severity,
      isOver: isOver(record),
      isAcknowledged: record.acknowledgedBy !== null,
      isExplained: isExplained(record),
      owed: record.owed,
      owesFlapping: record.owesFlapping,
      hold: holdOf(record, now),
      isObserved: isKnown(record),
    }
  }

  /** Decides what is to be told of an incident at this moment, and when to ask again. */
  function consider(incident: Incident, now: number): void {
    for (const record of alertsIn(incident)) {
      if (!isSettled(record, now)) continue
      trace(record.id, now, 'settled')
      put(settled(record))
    }
    const alerts = alertsIn(incident)
    const members = alerts.map((record) => memberOf(record, now))
    const notice = decideNotice({ said: incident.said, members }, now)
    due.delete(incident.id)
    if (notice.kind === 'say') {
      tell(incident, notice.what, notice.because, alerts, members, now)
      return
    }
    traceHeld(alerts, members, now)
    if (notice.kind === 'wait') {
      // Nothing wakes what waits for something else to end: that will ask itself.
      if (notice.until !== null) due.set(incident.id, { deployment: incident.deployment, at: notice.until })
      return
    }
    if (members.every((member) => member.isOver) && incident.endedAt === null) {
      if (notice.because === 'over-before-it-was-told') {
        for (const { id } of alerts) trace(id, now, 'not-told', { because: notice.because })
      }
      putIncident({ ...incident, endedAt: now })
    }
  }

  function traceHeld(alerts: readonly AlertRecord[], members: readonly Member[], now: number): void {
    members.forEach(({ id, owed, hold }, index) => {
      const alert = alerts[index]
      if (alert === undefined || owed === null || hold === null) return
      if (heldFor.get(id) === hold.because) return
      heldFor.set(id, hold.because)
      trace(id, now, 'held', {
        because: hold.because,
        until: hold.until,
        by: hold.by,
        severity: alert.severity,
      })
    })
  }

  function tell(
    incident: Incident,
    kind: Notification['kind'],
    because: string,
    alerts: readonly AlertRecord[],
    members: readonly Member[],
    now: number,
  ): void {
    const { deployment } = incident
    const causes = causesOf(deployment)
    // What is kept quiet is not told of; what got worse, or flaps, is though the same would be muted.
    const isMuted = (hold: Hold | null) => hold?.because === 'cooldown' || hold?.because === 'flapping'
    const isTold = ({ hold, isOver, owed, owesFlapping, id }: Member) =>
      isOver
        ? incident.said?.marks[id] !== undefined
        : hold === null || ((owed === 'raised' || owesFlapping) && isMuted(hold))
    const heard = new Set(members.filter(isTold).map(({ id }) => id))
    // What was told and is only not to ring again still stands in the message.
    const isListed = ({ id, isOver, hold }: Member) => {
      const mark = incident.said?.marks[id]
      return heard.has(id) || (!isOver && isMuted(hold) && mark !== undefined && mark !== 'over')
    }
    const listed = new Set(members.filter(isListed).map(({ id }) => id))
    const spoken = alerts
      .filter(({ id }) => listed.has(id))
      .map((alert) => (isOver(alert) ? alert : { ...alert, cause: newest(alert, causes) }))
    const inhibited = openIn(deployment).filter(({ inhibitedBy }) => inhibitedBy !== null).length
    const notification = notificationOf({
      ...{
        id: createId(),
        incident: incident.id,
        kind,
        alerts: spoken,
        causes,
        inhibited,
        silence: null,
        at: now,
      },
    })
    ledger.notification(notification)
    for (const alert of spoken) {
      if (!heard.has(alert.id)) continue
      heldFor.delete(alert.id)
      put(isOver(alert) ? alert : told(alert, now))
      const { severity } = alert
      trace(alert.id, now, 'told', { because, severity, notification: { id: notification.id, kind } })
    }
    const isAllOver = members.every(({ isOver }) => isOver)
    const before = incident.said?.marks ?? {}
    const saidOf = members.map((member) => (heard.has(member.id) ? { ...member, hold: null } : member))
    const next: Incident = {
      ...incident,
      said: {
        at: now,
        severity: notification.severity,
        marks: marksOf(saidOf, before),
        isOver: kind === 'resolved',
      },
      endedAt: isAllOver ? now : null,
    }
    putIncident(next)
    if (!isAllOver) {
      // What is still held, or will be reminded of.
      const later = decideNotice(
        { said: next.said, members: alertsIn(next).map((one) => memberOf(one, now)) },
        now,
      )
      if (later.kind === 'wait' && later.until !== null) {
        due.set(incident.id, { deployment, at: later.until })
      }
      if (later.kind === 'say') due.set(incident.id, { deployment, at: now })
    }
  }

  function considerAll(deployment: string, now: number): void {
    for (const incident of of(deployment).incidents.values()) {
      if (incident.endedAt === null) consider(incident, now)
    }
  }

  return {
    /** What is on record: after a start, or where rules and targets changed. */
    restore(records: readonly AlertRecord[], incidents: readonly Incident[]): void {
      for (const record of records) place(record)
      for (const incident of incidents) {
        of(incident.deployment).incidents.set(incident.id, incident)
        if (incident.endedAt === null) due.set(incident.id, { deployment: incident.deployment, at: 0 })
      }
    },

    openIn,
    all: () => [...deployments.values()].flatMap(({ open }) => [...open.values()]),
    deployments: () => [...deployments.keys()],
    byId: (id: string) => byId.get(id) ?? null,
    activeIn: (deployment: string) => deployments.get(deployment)?.open.size ?? 0,
    worstIn: (deployment: string) => mostUrgent(openIn(deployment).map(({ severity }) => severity)),

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
        const record = deployments.get(deployment)?.open.get(key)
        if (record === undefined) continue
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

    /** Severities are held to something else from now on. */
    recap(rules: ReadonlyMap<string, Pick<AlertRule, 'levels'>>, now: number): void {
      for (const record of [...deployments.values()].flatMap(({ open }) => [...open.values()])) {
        const rule = rules.get(record.rule)
        if (rule === undefined) continue
        const severity = severityOf({ rule }, record.level, record.deployment)
        if (severity === record.severity) continue
        const isWorse = urgency(severity) > urgency(record.severity)
        trace(record.id, now, isWorse ? 'raised' : 'lowered', { because: 'environment', severity })
        resilence(put(turned(record, record.level, severity)), now)
      }
      for (const name of deployments.keys()) considerAll(name, now)
    },

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
    put,
    trace,
    considerAll,
    resilence,

    /** Asks again what is due; and all of it where the clock was set back. */
    tick(now: number, isSetBack: boolean): void {
      // Of those as they are now: what is decided here puts them in anew.
      for (const [id, { deployment, at }] of [...due]) {
        if (now < at && !isSetBack) continue
        const incident = deployments.get(deployment)?.incidents.get(id)
        if (incident === undefined || incident.endedAt !== null) due.delete(id)
        else consider(incident, now)
      }
    },

    /** Lets go of what ended so long ago that it will not come back. */
    forget(now: number, longestMs: number): void {
      const isOld = (at: number | null) => at !== null && Math.abs(now - at) > longestMs
      for (const { incidents } of deployments.values()) {
        for (const [id, { endedAt }] of incidents) if (isOld(endedAt)) incidents.delete(id)
      }
      for (const [id, record] of byId) {
        const place = deployments.get(record.deployment)
        if (!isOld(record.endedAt) || place?.incidents.has(record.incident) === true) continue
        if (place?.closed.get(record.key) === record) place.closed.delete(record.key)
        byId.delete(id)
      }
      for (const [name, { open, closed, incidents }] of deployments) {
        if (open.size + closed.size + incidents.size === 0) deployments.delete(name)
      }
    },
  }

  /** Under the silence that fits it as it is now; one that got worse may be beyond the one that it was under. */
  function resilence(record: AlertRecord, now: number): void {
    const silence = silenceOver(silences(), record)
    if ((silence?.id ?? null) === record.silencedBy && (silence?.until ?? null) === record.silencedUntil)
      return
    const step = silence === null ? 'unsilenced' : 'silenced'
    trace(record.id, now, step, { until: silence?.until ?? null, by: silence?.id ?? record.silencedBy })
    put(underSilence(record, silence))
  }
}

/** What was found once stays, until something else is found. */
function newest(alert: AlertRecord, causes: readonly Cause[]): AlertRecord['cause'] {
  const cause = causeOf(alert.subject, causes)
  return cause === null || (isExplained(alert) && !isExplained({ cause })) ? alert.cause : cause
}

export type Book = ReturnType<typeof createBook>
