/** Which of the open alerts are listed. Pure. */
import { urgency } from '#shared/catalogue/severities.ts'
import type { AlertView } from '#shared/contract/console.ts'
import { type AlertWords, searchOf } from '#shared/locales/alert-words.ts'
import type { Alert } from '#shared/model/alert.ts'
import { needsAttention } from './arrange.ts'

export const NO_FILTER: AlertView = { text: '', severity: null, deployment: null, state: null }

/** `wordsOf` gives an alert as it is read. Each word of the text has to stand somewhere in it. */
export function alertFilter(
  { text, severity, deployment, state }: AlertView,
  wordsOf: (alert: Alert) => AlertWords,
): (alert: Alert) => boolean {
  const isFound = searchOf(text, wordsOf)
  return (alert) => {
    if (deployment !== null && alert.deployment !== deployment) return false
    if (severity !== null && urgency(alert.severity) < urgency(severity)) return false
    if (state !== null && !isInState(alert, state)) return false
    return isFound(alert)
  }
}

function isInState(alert: Alert, state: NonNullable<AlertView['state']>): boolean {
  switch (state) {
    case 'attention':
      return needsAttention(alert)
    case 'inhibited':
      return alert.inhibitedBy !== null
    default:
      return alert.state === state
  }
}
