/**
 * Alerts as they are read: what the rule is called, which thing it is about, what was measured, and what it comes from. Made once for an
 * alert as it is now, because every letter of a filter asks for all of them.
 */
import type { i18n } from 'i18next'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { alertText, causeLineText } from '#shared/locales/translate.ts'
import type { Alert, AlertCause } from '#shared/model/alert.ts'

export interface AlertWords {
  readonly rule: string
  /** `null`: the deployment as a whole. */
  readonly subject: string | null
  readonly reason: string
  /** What it comes from, up to the root; empty where nothing was found behind it. */
  readonly chain: readonly string[]
}

type Said = Pick<Alert, 'rule' | 'subject' | 'reason' | 'cause'>
const made = new WeakMap<Said, { readonly language: string; readonly words: AlertWords }>()

export function useAlertWords(): (alert: Said) => AlertWords {
  const { i18n } = useTranslation()
  // The language is named because the translator stays the same object when it changes.
  const { language } = i18n
  return useCallback(
    (alert: Said) => {
      const known = made.get(alert)
      if (known?.language === language) return known.words
      const words = wordsOf(i18n, alert)
      made.set(alert, { language, words })
      return words
    },
    [i18n, language],
  )
}

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

function subjectOf({ subject: { target, labels } }: Said): string | null {
  const parts = [target, ...Object.values(labels)].filter((part) => part !== null && part !== '')
  return parts.length === 0 ? null : parts.join(' · ')
}
