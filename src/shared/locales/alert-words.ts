/** Alerts as they are read, and whether words that somebody looks for stand in one: what fires, and what is on record. Pure. */
import type { i18n } from 'i18next'
import type { Alert, AlertCause } from '#shared/model/alert.ts'
import { alertText, causeLineText } from './translate.ts'

export interface AlertWords {
  readonly rule: string
  /** `null`: the deployment as a whole. */
  readonly subject: string | null
  readonly reason: string
  /** What it comes from, up to the root; empty where nothing was found behind it. */
  readonly chain: readonly string[]
}

export type Said = Pick<Alert, 'rule' | 'subject' | 'reason' | 'cause'>

export function wordsOf(translator: i18n, alert: Said): AlertWords {
  const { reason, cause } = alert
  return {
    rule: ruleName(translator, alert),
    subject: subjectOf(alert),
    reason: alertText(translator, reason),
    chain: chainOf(cause).map((line) => causeLineText(translator, line)),
  }
}

/** The links behind the alert itself, up to the root; none where nothing was found. */
export function chainOf(cause: AlertCause | null): AlertCause['lines'] {
  if (cause === null || cause.certainty === 'not-found') return []
  return cause.isBeside ? cause.lines : cause.lines.slice(1)
}

/** Of somebody's own rule, as they called it. */
export function ruleName(translator: i18n, { rule, reason }: Pick<Alert, 'rule' | 'reason'>): string {
  const { title } = reason.params
  return typeof title === 'string' ? title : alertText(translator, { code: `title-${rule}`, params: {} })
}

/** Which thing of the deployment it is about; `null`: the deployment as a whole. */
export function subjectOf({ subject: { target, labels } }: Pick<Alert, 'subject'>): string | null {
  const parts = [target, ...Object.values(labels)].filter((part) => part !== null && part !== '')
  return parts.length === 0 ? null : parts.join(' · ')
}

type Searched = Said & Pick<Alert, 'deployment' | 'acknowledgedBy' | 'resolvedBy' | 'note'>

/**
 * Whether each word of a text stands somewhere in an alert as it is read: rule, subject, reason, cause, deployment, note, and who took or ended it.
 * @param words gives an alert as it is read
 */
export function searchOf<T extends Searched>(
  text: string,
  words: (alert: T) => AlertWords,
): (alert: T) => boolean {
  const wanted = text.toLowerCase().split(/\s+/).filter(Boolean)
  if (wanted.length === 0) return () => true
  return (alert) => {
    const { rule, subject, reason, chain } = words(alert)
    const { deployment, acknowledgedBy, resolvedBy, note } = alert
    const all = [deployment, rule, subject, reason, ...chain, acknowledgedBy, resolvedBy, note]
      .join('\n')
      .toLowerCase()
    return wanted.every((word) => all.includes(word))
  }
}
