/** Takes the steps of an escalation: which there is to be is decided elsewhere, what follows of it goes on record together with what is told. */
import type { Cause } from '#shared/model/cause.ts'
import type { EscalationPolicy, EscalationStep, EscalationTaken } from '#shared/model/escalation.ts'
import type { Notification } from '#shared/model/notification.ts'
import type { Book } from '../book.ts'
import type { Ledger } from '../record/ledger.ts'
import type { AlertRecord, Escalation, Incident } from '../records.ts'
import { isMatched } from '../silences/silencing.ts'
import type { Member } from '../telling/decide-notice.ts'
import { notificationOf } from '../telling/notify-of.ts'
import { decideEscalation, isCalling } from './decide.ts'
import { reachedBy, type Watches } from './reached.ts'

export interface EscalatingOptions {
  readonly book: Pick<Book, 'putIncident' | 'trace'>
  readonly ledger: Pick<Ledger, 'notification'>
  readonly createId: () => string
  readonly causesOf: (deployment: string) => Cause[]
  readonly policies: () => readonly EscalationPolicy[]
  readonly watches: Watches
}

/** What an escalation begins with, as part of the first message. */
export interface Opening {
  readonly escalation: Escalation
  /** The step that goes out with it; `null`: the first one is later. */
  readonly taken: EscalationTaken | null
  readonly channels: readonly string[]
}

export function createEscalating(options: EscalatingOptions) {
  const { book, ledger, createId, causesOf, policies, watches } = options

  function fitting(alerts: readonly AlertRecord[]): EscalationPolicy | null {
    const fits = ({ matchers }: EscalationPolicy) =>
      alerts.some((alert) => isMatched({ alert: null, ...matchers }, alert))
    return policies().find((policy) => policy.enabled && fits(policy)) ?? null
  }

  function policyOf({ escalation }: Incident, calling: readonly AlertRecord[]): EscalationPolicy | null {
    if (escalation === null) return fitting(calling)
    return policies().find(({ name, enabled }) => enabled && name === escalation.policy) ?? null
  }

  function take(
    { name: policy, steps }: EscalationPolicy,
    { to, afterMinutes, louder }: EscalationStep,
    index: number,
    now: number,
  ) {
    const { names, channels } = reachedBy(to, watches, now)
    const taken: EscalationTaken = {
      ...{ policy, step: index + 1, of: steps.length },
      ...{ afterMinutes, to: [...names], louder },
    }
    return { taken, channels }
  }

  function step(
    incident: Incident,
    escalation: Escalation,
    policy: EscalationPolicy,
    calling: readonly AlertRecord[],
    now: number,
  ): Incident {
    const index = escalation.taken
    const due = policy.steps[index]
    if (due === undefined) return incident
    const { taken, channels } = take(policy, due, index, now)
    const calls = incident.calls + 1
    const notification = {
      ...notificationOf({
        ...{ id: createId(), incident: incident.id, kind: 'escalated', alerts: calling, inhibited: 0 },
        ...{ causes: causesOf(incident.deployment), silence: null, calls, at: now },
      }),
      // Nobody in particular is everybody: a call that goes nowhere is the worst of all.
      channels: [...channels],
      escalation: taken,
    }
    ledger.notification(notification)
    for (const alert of calling) traced(alert, taken, notification, now)
    const next: Incident = {
      ...incident,
      escalation: { policy: policy.name, taken: index + 1, lastAt: now },
      calls,
      reached: [...new Set([...incident.reached, ...channels])],
    }
    book.putIncident(next)
    return next
  }

  function traced(
    { id, severity }: AlertRecord,
    taken: EscalationTaken,
    notification: Pick<Notification, 'id' | 'kind'>,
    at: number,
  ): void {
    book.trace(id, at, 'escalated', {
      because: taken.afterMinutes === 0 ? 'at-once' : 'not-acknowledged',
      ...{ severity, by: taken.to.join(', ') || null, escalation: taken },
      notification: { id: notification.id, kind: notification.kind },
    })
  }

  return {
    /** What goes out with a message that is told now; `null`: nothing that is not under way already. */
    opening(incident: Incident, told: readonly AlertRecord[], now: number): Opening | null {
      if (incident.escalation !== null) return null
      const calling = told.filter(
        ({ state, acknowledgedBy }) => state !== 'resolved' && acknowledgedBy === null,
      )
      const policy = calling.length === 0 ? null : fitting(calling)
      if (policy === null) return null
      const [first] = policy.steps
      const isAtOnce = first?.afterMinutes === 0
      const escalation = { policy: policy.name, taken: isAtOnce ? 1 : 0, lastAt: now }
      if (first === undefined || !isAtOnce) return { escalation, taken: null, channels: [] }
      return { escalation, ...take(policy, first, 0, now) }
    },

    /** @param notification that the first step went out with */
    opened(told: readonly AlertRecord[], { taken }: Opening, notification: Notification, now: number): void {
      if (taken !== null) for (const alert of told) traced(alert, taken, notification, now)
    },

    /** Goes on with what is under way; when to ask again, `null`: not for its own sake. */
    consider(
      before: Incident,
      alerts: readonly AlertRecord[],
      members: readonly Member[],
      now: number,
    ): number | null {
      let incident = before
      // A step at a time: each of them changes what is decided next.
      for (;;) {
        const calling = alerts.filter((_, index) => {
          const member = members[index]
          return member !== undefined && isCalling(member, incident.said)
        })
        const policy = policyOf(incident, calling)
        const { escalation, said } = incident
        const turn = decideEscalation({ escalation, said, members, policy }, now)
        switch (turn.kind) {
          case 'none':
          case 'done':
            return null
          case 'wait':
            return turn.until
          case 'begin':
            incident = { ...incident, escalation: { policy: turn.policy, taken: 0, lastAt: now } }
            break
          case 'stop':
            incident = { ...incident, escalation: null }
            break
          case 'recount':
            incident = { ...incident, escalation: escalation && { ...escalation, lastAt: now } }
            break
          case 'step':
            if (escalation === null || policy === null) return null
            incident = step(incident, escalation, policy, calling, now)
            continue
        }
        book.putIncident(incident)
      }
    },
  }
}

export type Escalating = ReturnType<typeof createEscalating>
