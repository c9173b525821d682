/** The reasons of rows as they are read; made once for a row, because every letter of a filter asks for all of them. */
import type { i18n } from 'i18next'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { reasonText } from '#shared/locales/translate.ts'
import type { FleetRow } from '#shared/model/fleet.ts'

const words = new WeakMap<FleetRow['reason'], { readonly language: string; readonly text: string }>()

export function useReasonWords(): (row: FleetRow) => string {
  const { i18n } = useTranslation()
  // The language is named because the translator stays the same object when it changes.
  const { language } = i18n
  return useCallback(({ reason }: FleetRow) => wordsIn(language, i18n, reason), [i18n, language])
}

function wordsIn(language: string, translator: i18n, reason: FleetRow['reason']): string {
  const known = words.get(reason)
  if (known?.language === language) return known.text
  const text = reasonText(translator, reason)
  words.set(reason, { language, text })
  return text
}
