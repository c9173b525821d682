/** Quantities in the language that the page speaks. */
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import type { MetricUnit } from '#shared/catalogue/metrics.ts'
import { duration, type Quantity, quantity, quantityText, took } from '#shared/locales/quantity.ts'

export function useQuantity(): {
  quantity(value: number | null, unit: MetricUnit): Quantity
  text(value: number | null, unit: MetricUnit): string
  /** A length of time, from milliseconds; `coarse`: without seconds from a minute on. */
  duration(ms: number, coarse?: boolean): string
  /** How long something took, from milliseconds: below a second in them. */
  took(ms: number): string
} {
  const { t, i18n } = useTranslation()
  const language = i18n.language
  return {
    quantity: useCallback((value, unit) => quantity(language, t, value, unit), [language, t]),
    text: useCallback((value, unit) => quantityText(language, t, value, unit), [language, t]),
    duration: useCallback((ms, coarse) => duration(language, t, ms, coarse), [language, t]),
    took: useCallback((ms) => took(language, t, ms), [language, t]),
  }
}
