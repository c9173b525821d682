/** A decided notification, put together: codes and values of what is told, the alert that heads the others first. Pure. */
import { mostUrgent } from '#shared/catalogue/severities.ts'
import type { Cause } from '#shared/model/cause.ts'
import {
  EVERYTHING,
  MOST_NOTIFIED_ALERTS,
  type Notification,
  type NotificationKind,
  NotifiedAlert,
} from '#shared/model/notification.ts'
import { headFirst } from '../grouping.ts'
import { type AlertRecord, isOver } from '../records.ts'

export function notificationOf(options: {
  readonly id: string
  readonly incident: string
  readonly kind: NotificationKind
  readonly alerts: readonly AlertRecord[]
  readonly causes: readonly Cause[]
  readonly inhibited: number
  readonly silence: Notification['silence']
  readonly doubled?: Notification['doubled']
  readonly escalation?: Notification['escalation']
  readonly raises?: number
  readonly calls?: number
  readonly reminders?: number
  /** Channels that it goes to beside those of its rules. */
  readonly reached?: readonly string[]
  readonly at: number
}): Notification {
  const {
    id,
    incident,
    kind,
    causes,
    inhibited,
    silence,
    escalation = null,
    raises = 0,
    calls = 0,
    reminders = 0,
    reached = [],
    doubled = null,
    at,
  } = options
  const alerts = headFirst(options.alerts, causes)
  const active = alerts.filter((alert) => !isOver(alert))
  const deployments = new Set(alerts.map(({ deployment }) => deployment))
  const [first] = alerts
  const isOfOne = deployments.size === 1 && first !== undefined
  return {
    id,
    incident,
    kind,
    deployment: isOfOne ? first.deployment : null,
    environment: isOfOne ? first.environment : null,
    severity:
      mostUrgent(active.map(({ severity }) => severity)) ??
      mostUrgent(alerts.map(({ peak }) => peak)) ??
      'INFO',
    alerts: alerts.slice(0, MOST_NOTIFIED_ALERTS).map((alert) => NotifiedAlert.parse(alert)),
    moreAlerts: Math.max(0, alerts.length - MOST_NOTIFIED_ALERTS),
    inhibited,
    channels: channelsOf(alerts, reached),
    ...{ silence, escalation, raises, calls, reminders },
    way: commonWay(active.length > 0 ? active : alerts),
    decidedAt: at,
    possibleRepeat: false,
    doubled,
  }
}

/** What is down on the way to several deployments, and how many those are. */
function commonWay(alerts: readonly AlertRecord[]): Notification['way'] {
  const behind = new Map<string, Set<string>>()
  for (const { way, deployment } of alerts) {
    if (way !== null) behind.set(way, (behind.get(way) ?? new Set()).add(deployment))
  }
  const [most] = [...behind].toSorted(([, a], [, b]) => b.size - a.size)
  return most === undefined || most[1].size < 2 ? null : { hop: most[0], deployments: most[1].size }
}

/** Those that the rules ask for, and those that everything goes to where one of them asks for none. */
export function channelsOf(alerts: readonly AlertRecord[], reached: readonly string[]): string[] {
  const named = new Set([...alerts.flatMap(({ channels }) => channels), ...reached])
  if (named.size === 0) return []
  return alerts.some(({ channels }) => channels.length === 0) ? [...named, EVERYTHING] : [...named]
}
