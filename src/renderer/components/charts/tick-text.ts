/** Values as an axis writes them: short, and without the unit where the title or the figures have it. */
import type { MetricUnit } from '#shared/catalogue/metrics.ts'
import { quantityText, type Words } from '../quantity.ts'

export function tickText(language: string, words: Words, value: number, unit: MetricUnit): string {
  if (value === 0) return '0'
  const plain = new Intl.NumberFormat(language, { notation: 'compact', maximumFractionDigits: 2 }).format(
    value,
  )
  switch (unit) {
    case 'bytes':
    case 'percent':
      return quantityText(language, words, value, unit)
    case 'seconds':
      return value < 60
        ? `${plain}\u00a0${words('unit.seconds')}`
        : quantityText(language, words, value, unit)
    case 'milliseconds':
      return value < 10_000 ? plain : quantityText(language, words, value, unit)
    default:
      return plain
  }
}
