/**
 * Alerts as they are read, made once for an alert as it is now, because every letter of a filter asks for all of them.
 */
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { type AlertWords, type Said, wordsOf } from '#shared/locales/alert-words.ts'

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
