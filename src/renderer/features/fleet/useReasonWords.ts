/**
 * Why rows are as they are, as it is read: the chain of the first cause, else the reason. Made once for a row, because every
 * letter of a filter asks for all of them.
 */
import type { i18n } from 'i18next'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { chainText, reasonText } from '#shared/locales/translate.ts'
import type { FleetRow } from '#shared/model/fleet.ts'

type Said = FleetRow['reason'] | NonNullable<FleetRow['cause']>
const words = new WeakMap<Said, { readonly language: string; readonly text: string }>()

export function useReasonWords(): (row: FleetRow) => string {
  const { i18n } = useTranslation()
  // The language is named because the translator stays the same object when it changes.
  const { language } = i18n
  return useCallback(
    ({ cause, reason }: FleetRow) => wordsIn(language, i18n, cause ?? reason),
    [i18n, language],
  )
}

function wordsIn(language: string, translator: i18n, said: Said): string {
  const known = words.get(said)
  if (known?.language === language) return known.text
  const text = 'links' in said ? chainText(translator, said) : reasonText(translator, said)
  words.set(said, { language, text })
  return text
}
