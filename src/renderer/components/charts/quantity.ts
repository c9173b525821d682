/** Values with their units, written the reader's way. One formatter per language and unit is kept. */
import type { MetricUnit } from '#shared/catalogue/metrics.ts'

const NO_BREAK = '\u00a0'
const UNKNOWN = '—'
const RATE = {
  en: { 'per-second': '/s', 'per-minute': '/min' },
  ru: { 'per-second': '/с', 'per-minute': '/мин' },
}
const BYTE_UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const

const formatters = new Map<string, Intl.NumberFormat>()

function number(language: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${language} ${JSON.stringify(options)}`
  const kept = formatters.get(key)
  if (kept !== undefined) return kept
  const formatter = new Intl.NumberFormat(language, options)
  formatters.set(key, formatter)
  return formatter
}

/** Enough digits to compare by, and no more: three significant ones below a thousand, whole numbers above. */
function digits(value: number): Intl.NumberFormatOptions {
  const size = Math.abs(value)
  return { maximumFractionDigits: size >= 100 ? 0 : size >= 10 ? 1 : 2 }
}

/** A value with its unit: `43 %`, `12.5 ms`, `1.2 GB`, `3 h 5 min`; a dash where it is not known. */
export function quantity(value: number | null, unit: MetricUnit, language: string): string {
  if (value === null) return UNKNOWN
  switch (unit) {
    case 'percent':
      return `${number(language, digits(value)).format(value)}${NO_BREAK}%`
    case 'milliseconds':
      return Math.abs(value) >= 1000
        ? duration(value / 1000, language)
        : measured(value, 'millisecond', language)
    case 'seconds':
      return duration(value, language)
    case 'days':
      return measured(Math.floor(value), 'day', language)
    case 'bytes':
      return bytes(value, language)
    case 'per-second':
    case 'per-minute':
      return `${number(language, digits(value)).format(value)}${NO_BREAK}${RATE[language === 'ru' ? 'ru' : 'en'][unit]}`
    default:
      return number(language, digits(value)).format(value)
  }
}

/** A value as an axis writes it: short, and without the unit where the title has it. */
export function tickText(value: number, unit: MetricUnit, language: string): string {
  switch (unit) {
    case 'bytes':
      return bytes(value, language)
    case 'seconds':
      return value === 0 ? '0' : duration(value, language)
    case 'milliseconds':
      return value >= 1000 ? duration(value / 1000, language) : number(language, {}).format(value)
    case 'percent':
      return `${number(language, { maximumFractionDigits: 1 }).format(value)}${NO_BREAK}%`
    default:
      return number(language, { notation: 'compact', maximumFractionDigits: 2 }).format(value)
  }
}

/** @param seconds a length of time; its two largest units are written */
export function duration(seconds: number, language: string): string {
  const whole = Math.round(seconds)
  if (seconds < 60) return measured(seconds, 'second', language)
  const parts: [number, 'day' | 'hour' | 'minute' | 'second'][] = [
    [Math.floor(whole / 86_400), 'day'],
    [Math.floor(whole / 3600) % 24, 'hour'],
    [Math.floor(whole / 60) % 60, 'minute'],
    [whole % 60, 'second'],
  ]
  const first = parts.findIndex(([count]) => count > 0)
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => measured(count, unit, language))
    .join(' ')
}

function bytes(value: number, language: string): string {
  const power = value < 1 ? 0 : Math.min(BYTE_UNITS.length - 1, Math.floor(Math.log10(value) / 3))
  return measured(value / 1000 ** power, BYTE_UNITS[power] ?? 'byte', language)
}

function measured(value: number, unit: string, language: string): string {
  return number(language, { style: 'unit', unit, unitDisplay: 'short', ...digits(value) })
    .format(value)
    .replaceAll(' ', NO_BREAK)
}
