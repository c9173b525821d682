/** Values as an axis writes them: short, and without the unit where the title or the figures have it. */
import type { MetricUnit } from '#shared/catalogue/metrics.ts'
import { quantityText, type UnitKey, type Words } from '#shared/locales/quantity.ts'

/** Units of time from the largest, in seconds: an axis counts in the largest that its step is a multiple of. */
const TIMES: [number, UnitKey][] = [
  [86_400, 'unit.days'],
  [3600, 'unit.hours'],
  [60, 'unit.minutes'],
  [1, 'unit.seconds'],
]

/** Distances between ticks of an axis in seconds. */
const SECOND_STEPS = [
  0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 10_800, 21_600, 43_200,
  86_400, 172_800, 432_000, 864_000,
]

/** Distances between ticks for things that are counted. */
const COUNT_STEPS = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 1_000_000,
]
const COUNTED: readonly MetricUnit[] = ['connections', 'clients', 'backends', 'count']

/** Distances between ticks that fit a unit; `null` where any decimal ones do. */
export function tickSteps(unit: MetricUnit): readonly number[] | null {
  if (unit === 'seconds') return SECOND_STEPS
  return COUNTED.includes(unit) ? COUNT_STEPS : null
}

/** @param step distance to the next tick, in the unit of the value */
export function tickText(
  language: string,
  words: Words,
  value: number,
  unit: MetricUnit,
  step: number,
): string {
  if (value === 0) return '0'
  const plain = (number: number) =>
    new Intl.NumberFormat(language, { notation: 'compact', maximumFractionDigits: 2 }).format(number)
  switch (unit) {
    case 'bytes':
    case 'percent':
      return quantityText(language, words, value, unit)
    // That it is per second stands in the figures; an axis has little room.
    case 'bytes-per-second':
      return quantityText(language, words, value, 'bytes')
    case 'seconds': {
      const [length, word] = TIMES.find(([seconds]) => step >= seconds) ?? [1, 'unit.seconds' as const]
      return `${plain(value / length)}\u00a0${words(word)}`
    }
    case 'milliseconds':
      return step < 1_000 ? plain(value) : `${plain(value / 1_000)}\u00a0${words('unit.seconds')}`
    default:
      return plain(value)
  }
}
