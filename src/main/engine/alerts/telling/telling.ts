/** What is told of an incident, and when: asks the pure decision, and does what follows from it. */
import type { Cause } from '#shared/model/cause.ts'
import type { Notification } from '#shared/model/notification.ts'
import type { Book } from '../book.ts'
import type { Escalating } from '../escalation/escalating.ts'
import { causeOf, isExplained } from '../grouping.ts'
import type { Voice } from '../lease/lease.ts'
import type { Ledger } from '../record/ledger.ts'
import { type AlertRecord, type Incident, isOver } from '../records.ts'
import { holdOf, isSettled, settled, told } from '../turns.ts'
import { decideNotice, type Hold, isMuteOfSame, type Member, marksOf } from './decide-notice.ts'
import { notificationOf } from './notify-of.ts'

export interface TellingOptions {
  readonly book: Book
  readonly ledger: Ledger
  readonly createId: () => string
  readonly causesOf: (deployment: string) => Cause[]
  /** Whether somebody looks at what an alert is about. */
  readonly isKnown: (alert: AlertRecord) => boolean
  readonly escalating: Escalating
  /** Whether this console tells of a deployment's alerts, or another one does. */
  readonly voiceOf: (deployment: string) => Voice
}

export function createTelling(options: TellingOptions) {
  const { book, ledger, createId, causesOf, isKnown, escalating, voiceOf } = options
  const { alertsIn, openIn, put, putIncident, trace } = book
  /** When an incident may have something to tell: the moment of its next decision. */
  const due = new Map<string, number>()
  /** What an alert was held back for last, so that it is traced once. */
  const heldFor = new Map<string, string>()

  function memberOf(record: AlertRecord, now: number): Member {
    return {
      id: record.id,
      severity: record.severity,
      isOver: isOver(record),
      isAcknowledged: record.acknowledgedBy !== null,
      isExplained: isExplained(record),
      owed: record.owed,
      owesFlapping: record.owesFlapping,
      hold: heldOf(record, now),
      isObserved: isKnown(record),
    }
  }

  /** Whoever told of it tells its end, too: what is over is not left to another console. */
  function heldOf(record: AlertRecord, now: number): Hold | null {
    const own = holdOf(record, now)
    if (isOver(record) || (own !== null && !isMuteOfSame(own.because))) return own
    const voice = voiceOf(record.deployment)
    return voice.tells ? own : { because: 'told-elsewhere', until: voice.until, by: voice.holder }
  }

  /** Whether another console may have told the same, or may tell it. */
  function doubledOf(told: readonly AlertRecord[]): Notification['doubled'] {
    const voices = told.map(({ deployment }) => voiceOf(deployment))
    if (voices.some((voice) => voice.tells && voice.doubled)) return 'unsure'
    return told.some(({ id }) => heldFor.get(id) === 'told-elsewhere') ? 'took-over' : null
  }

  /** Asks again at a moment, if nothing is to be asked before. */
  function wake({ id }: Incident, at: number): void {
    due.set(id, Math.min(at, due.get(id) ?? at))
  }

  /** Decides what is to be told of an incident at this moment, to whom it goes on, and when to ask again. */
  function consider(incident: Incident, now: number): void {
    due.delete(incident.id)
    considerNotice(incident, now)
    const current = book.incident(incident.id)
    if (current === null || (current.endedAt !== null && current.escalation === null)) return
    const alerts = alertsIn(current)
    const members = alerts.map((record) => memberOf(record, now))
    const next = escalating.consider(current, alerts, members, now)
    if (next !== null) wake(current, next)
  }

  function considerNotice(incident: Incident, now: number): void {
    for (const record of alertsIn(incident)) {
      if (!isSettled(record, now)) continue
      trace(record.id, now, 'settled')
      put(settled(record))
    }
    const alerts = alertsIn(incident)
    const members = alerts.map((record) => memberOf(record, now))
    const notice = decideNotice({ said: incident.said, members }, now)
    if (notice.kind === 'say') {
      tell(incident, notice.what, notice.because, alerts, members, now)
      return
    }
    traceHeld(alerts, members, now)
    if (notice.kind === 'wait') {
      // Nothing wakes what waits for something else to end: that will ask itself.
      if (notice.until !== null) wake(incident, notice.until)
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
    const causes = causesOf(incident.deployment)
    // What is kept quiet is not told of; what got worse, or flaps, is though the same would be muted.
    const isMuted = (hold: Hold | null) => hold !== null && isMuteOfSame(hold.because)
    // Of an incident that comes back, what was told as over with it is not told again.
    const isPast = (mark: string | undefined) => incident.said?.isOver === true && mark === 'over'
    const isTold = ({ hold, isOver, owed, owesFlapping, id }: Member) =>
      isOver
        ? incident.said?.marks[id] !== undefined && !isPast(incident.said.marks[id])
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
    const hidden = [incident.deployment, ...spoken.map(({ deployment }) => deployment)]
    const inhibited = [...new Set(hidden)]
      .flatMap(openIn)
      .filter(({ inhibitedBy }) => inhibitedBy !== null).length
    const rung = spoken.filter(({ id }) => heard.has(id))
    const opening = escalating.opening(incident, rung, now)
    const raises = incident.raises + (kind === 'raised' ? 1 : 0)
    const reminders = incident.reminders + (kind === 'reminder' ? 1 : 0)
    const reached = [...new Set([...incident.reached, ...(opening?.channels ?? [])])]
    const notification = notificationOf({
      ...{ id: createId(), incident: incident.id, kind, alerts: spoken, causes, inhibited },
      ...{
        silence: null,
        doubled: doubledOf(spoken),
        escalation: opening?.taken ?? null,
        calls: incident.calls,
        ...{ raises, reminders, reached },
        at: now,
      },
    })
    ledger.notification(notification)
    if (opening !== null) escalating.opened(rung, opening, notification, now)
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
      escalation: opening?.escalation ?? incident.escalation,
      // Whoever was reached has heard that it is over.
      reached: kind === 'resolved' ? [] : reached,
      raises: kind === 'resolved' ? 0 : raises,
      calls: kind === 'resolved' ? 0 : incident.calls,
      reminders: kind === 'resolved' ? 0 : reminders,
    }
    putIncident(next)
    if (!isAllOver) {
      // What is still held, or will be reminded of.
      const later = decideNotice(
        { said: next.said, members: alertsIn(next).map((one) => memberOf(one, now)) },
        now,
      )
      if (later.kind === 'wait' && later.until !== null) wake(incident, later.until)
      if (later.kind === 'say') wake(incident, now)
    }
  }

  function considerAll(deployment: string, now: number): void {
    for (const incident of book.openIncidents(deployment)) consider(incident, now)
  }

  return {
    considerAll,

    /** What is open after a start is asked at the next tick. */
    restore(incidents: readonly Incident[]): void {
      for (const { id, endedAt } of incidents) if (endedAt === null) due.set(id, 0)
    },

    /** An alert is over: what held it back is no more. */
    over: (id: string) => void heldFor.delete(id),

    /** Asks again what is due; and all of it where the clock was set back. */
    tick(now: number, isSetBack: boolean): void {
      // Of those as they are now: what is decided here puts them in anew.
      for (const [id, at] of [...due]) {
        if (now < at && !isSetBack) continue
        const incident = book.incident(id)
        if (incident === null || incident.endedAt !== null) due.delete(id)
        else consider(incident, now)
      }
    },
  }
}

/** What was found once stays, until something else is found. */
function newest(alert: AlertRecord, causes: readonly Cause[]): AlertRecord['cause'] {
  const cause = causeOf(alert.subject, causes)
  return cause === null || (isExplained(alert) && !isExplained({ cause })) ? alert.cause : cause
}

export type Telling = ReturnType<typeof createTelling>
