/** Numbers with their units, as the reader writes them: "95 %", "1,4 ГиБ", "9 min 3 s". */
import type { MetricUnit } from '#shared/catalogue/metrics.ts'
import { numberFormat } from './number-format.ts'

/** A figure and its unit apart, so that the unit may be quieter. `unit` is empty where there is none. */
export interface Quantity {
  readonly figure: string
  readonly unit: string
}

const KIB = 1024
const BYTES = ['unit.bytes', 'unit.kib', 'unit.mib', 'unit.gib', 'unit.tib'] as const

/** Keys of the units' texts. */
export type UnitKey =
  | (typeof BYTES)[number]
  | 'unit.percent'
  | 'unit.per-second'
  | 'unit.per-minute'
  | 'unit.milliseconds'
  | 'unit.seconds'
  | 'unit.minutes'
  | 'unit.hours'
  | 'unit.days'

/** Words for units: usually `t` of i18next. */
export type Words = (key: UnitKey) => string

/** A value of a metric in its unit; a dash where it is not known. */
export function quantity(language: string, words: Words, value: number | null, unit: MetricUnit): Quantity {
  if (value === null || !Number.isFinite(value)) return { figure: '–', unit: '' }
  switch (unit) {
    case 'percent':
      return { figure: figure(language, value, Math.abs(value) < 10 ? 1 : 0), unit: words('unit.percent') }
    case 'bytes':
      return bytes(language, words, value)
    case 'bytes-per-second': {
      const read = bytes(language, words, value)
      return { figure: read.figure, unit: `${read.unit}${words('unit.per-second')}` }
    }
    case 'seconds':
      return { figure: duration(language, words, value * 1000), unit: '' }
    case 'milliseconds':
      return value < 10_000
        ? { figure: figure(language, value, 1), unit: words('unit.milliseconds') }
        : { figure: duration(language, words, value), unit: '' }
    case 'days':
      return { figure: figure(language, value, 0), unit: words('unit.days') }
    case 'per-second':
      return { figure: figure(language, value, 1), unit: words('unit.per-second') }
    case 'per-minute':
      return { figure: figure(language, value, 1), unit: words('unit.per-minute') }
    case 'ratio':
    case 'load':
      return { figure: figure(language, value, 2), unit: '' }
    default:
      return { figure: figure(language, value, 0), unit: '' }
  }
}

/** The same as one text. */
export function quantityText(language: string, words: Words, value: number | null, unit: MetricUnit): string {
  const { figure, unit: word } = quantity(language, words, value, unit)
  return word === '' ? figure : `${figure}\u00a0${word}`
}

/**
 * A length of time in its two largest units: "9 min 3 s", or "0 s" below a second. `coarse` leaves seconds out from a
 * minute on: for what stands on the screen and should not move each second.
 */
export function duration(language: string, words: Words, ms: number, coarse = false): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  const parts: [number, UnitKey][] = [
    [Math.floor(seconds / 86_400), 'unit.days'],
    [Math.floor(seconds / 3600) % 24, 'unit.hours'],
    [Math.floor(seconds / 60) % 60, 'unit.minutes'],
    [seconds % 60, 'unit.seconds'],
  ]
  const first = parts.findIndex(([count]) => count > 0)
  if (first === -1) return `0\u00a0${words('unit.seconds')}`
  return parts
    .slice(first, first + 2)
    .filter(([count, unit], index) => count > 0 && !(coarse && index > 0 && unit === 'unit.seconds'))
    .map(([count, unit]) => `${figure(language, count, 0)}\u00a0${words(unit)}`)
    .join(' ')
}

/** How long something took, from milliseconds: below a second in them. */
export function took(language: string, words: Words, ms: number): string {
  return ms < 1_000 ? quantityText(language, words, ms, 'milliseconds') : duration(language, words, ms)
}

function bytes(language: string, words: Words, value: number): Quantity {
  const power = Math.min(
    BYTES.length - 1,
    value < KIB ? 0 : Math.floor(Math.log(Math.abs(value)) / Math.log(KIB)),
  )
  return { figure: figure(language, value / KIB ** power, 1), unit: words(BYTES[power] ?? 'unit.bytes') }
}

/** At most `digits` after the point below 100, none above; without trailing zeros. */
function figure(language: string, value: number, digits: number): string {
  const maximumFractionDigits = Math.abs(value) >= 100 ? 0 : digits
  return numberFormat(language, { maximumFractionDigits }).format(value)
}
