/** Alerts as they turn: fired, worse, taken up by somebody, over. One that comes and goes is told of once. */
import { urgency } from '#shared/catalogue/severities.ts'
import type { Alert } from '#shared/model/alert.ts'
import type { Reason } from '#shared/model/reason.ts'
import type { EventCode } from '#shared/model/timeline.ts'
import type { Draft } from '../draft.ts'

/** @param before the same alert as it was; `null`: there was none */
export function watchAlert(before: Alert | null, now: Alert, at: number): Draft[] {
  const { severity, acknowledgedBy, flapping } = now
  const isOpen = now.endedAt === null
  const wasOpen = before !== null && before.endedAt === null
  const wasFlapping = before?.flapping ?? false
  if (isOpen && !wasOpen) {
    if (flapping) return wasFlapping ? [] : [event(now, now.since, 'alert-flaps', { severity })]
    return [event(now, now.since, 'alert-fires', { severity })]
  }
  if (!isOpen) return wasOpen && !flapping ? [over(now, now.endedAt ?? at)] : []
  if (before === null) return []
  return [
    ...(urgency(severity) > urgency(before.severity) ? [event(now, at, 'alert-raised', { severity })] : []),
    ...(acknowledgedBy !== null && before.acknowledgedBy === null
      ? [event(now, now.acknowledgedAt ?? at, 'alert-acknowledged', { by: acknowledgedBy })]
      : []),
  ]
}

function over(alert: Alert, at: number): Draft {
  if (alert.ending === 'by-hand') return event(alert, at, 'alert-resolved', { by: alert.resolvedBy ?? '' })
  return event(alert, at, alert.ending === 'cleared' ? 'alert-cleared' : 'alert-closed')
}

/** What the alert says of itself is said within: `said`, with its own parameters beside. */
function event(
  { id, subject, reason }: Alert,
  at: number,
  code: EventCode,
  params: Reason['params'] = {},
): Draft {
  return {
    at,
    kind: 'alert',
    probe: subject.probe,
    target: subject.target,
    reason: { code, params: { ...reason.params, said: reason.code, alert: id, ...params } },
    status: null,
  }
}
