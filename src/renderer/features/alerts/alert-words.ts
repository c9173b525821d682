/**
 * Alerts as they are read, made once for an alert as it is now, because every letter of a filter asks for all of them.
 */
import type { i18n } from 'i18next'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { type AlertWords, type Said, wordsOf } from '#shared/locales/alert-words.ts'

const made = new WeakMap<Said, { readonly language: string; readonly words: AlertWords }>()

export function alertWords(translator: i18n, alert: Said): AlertWords {
  // The language is asked for because the translator stays the same object when it changes.
  const { language } = translator
  const known = made.get(alert)
  if (known?.language === language) return known.words
  const words = wordsOf(translator, alert)
  made.set(alert, { language, words })
  return words
}

export function useAlertWords(): (alert: Said) => AlertWords {
  const { i18n } = useTranslation()
  const { language } = i18n
  // biome-ignore lint/correctness/useExhaustiveDependencies: other words are another function, for whoever keeps what it said
  return useCallback((alert: Said) => alertWords(i18n, alert), [i18n, language])
}
