/** Moments as programs write them into logs. Pure; what says no offset is of the machine's own zone. */

/** The zone of the machine that wrote: minutes east of UTC, and its abbreviation now. */
export interface Zone {
  readonly offsetMinutes: number
  readonly name: string
}

export const UTC: Zone = { offsetMinutes: 0, name: 'UTC' }

export interface FoundMoment {
  /** Milliseconds since the epoch. */
  readonly at: number
  /** Where the moment begins and ends in the text. */
  readonly start: number
  readonly end: number
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const CLOCK = '(?<h>\\d{2}):(?<mi>\\d{2}):(?<s>\\d{2})(?:[.,](?<f>\\d{1,9}))?'
const OFFSET = '(?<z>Z|[+-]\\d{2}:?\\d{2}|[+-]\\d{2}(?!\\d)|(?: [+-]\\d{4})|(?: [A-Z]{2,5}(?![A-Za-z])))?'

/** The most usual first. The beginning of a line may be a bracket, a process or a level before its moment. */
const FORMS: readonly RegExp[] = [
  // 2026-11-28T04:01:02.123Z, 2026-11-28 04:01:02,123, 2026/11/28 04:01:02
  new RegExp(`^.{0,40}?(?<y>\\d{4})[-/](?<mo>\\d{2})[-/](?<d>\\d{2})[T ]${CLOCK}${OFFSET}`, 's'),
  // 28 Nov 2026 04:01:02.123 (Redis), [28/Nov/2026:04:01:02 +0000] (nginx, Apache)
  new RegExp(`^.{0,120}?(?<d>\\d{2})[ /](?<mon>[A-Z][a-z]{2})[ /](?<y>\\d{4})[: ]${CLOCK}${OFFSET}`, 's'),
  // Nov 28 04:01:02 (syslog): without a year
  new RegExp(`^(?:<\\d{1,3}>)?(?<mon>[A-Z][a-z]{2}) {1,2}(?<d>\\d{1,2}) ${CLOCK}`, 's'),
]

/**
 * The moment at the beginning of a line.
 * @param now for moments without a year: theirs is the one that makes them past
 */
export function findMoment(text: string, zone: Zone, now: number): FoundMoment | null {
  const head = text.slice(0, 200)
  for (const form of FORMS) {
    const match = form.exec(head)
    const groups = match?.groups
    if (match === null || groups === undefined) continue
    const at = momentOf(groups, zone, now)
    if (at === null) continue
    const written =
      groups.y === undefined ? (groups.mon ?? '') : form === FORMS[0] ? groups.y : (groups.d ?? '')
    const start = head.indexOf(written)
    return { at, start, end: match[0].length }
  }
  return null
}

/** A moment that stands by itself: in a field of JSON. Numbers are seconds, milliseconds, micro- or nanoseconds. */
export function readMoment(value: unknown, zone: Zone, now: number): number | null {
  if (typeof value === 'number') return ofEpoch(value)
  if (typeof value !== 'string') return null
  if (/^\d{9,19}(\.\d+)?$/.test(value)) return ofEpoch(Number(value))
  return findMoment(value, zone, now)?.at ?? null
}

function ofEpoch(number: number): number | null {
  if (!Number.isFinite(number) || number < 1e8) return null
  if (number < 1e11) return Math.round(number * 1_000)
  if (number < 1e14) return Math.round(number)
  return Math.round(number < 1e17 ? number / 1_000 : number / 1_000_000)
}

function momentOf(groups: Record<string, string | undefined>, zone: Zone, now: number): number | null {
  const { y, mo, mon, d, h, mi, s, f = '', z } = groups
  const month = mo === undefined ? MONTHS.indexOf((mon ?? '').toLowerCase()) : Number(mo) - 1
  if (month < 0 || month > 11) return null
  const milliseconds = Number(`${f}000`.slice(0, 3))
  const inYear = (year: number): number =>
    Date.UTC(year, month, Number(d), Number(h), Number(mi), Number(s), milliseconds) -
    offsetOf(z?.trim(), zone) * 60_000
  if (y !== undefined) return inYear(Number(y))
  const year = new Date(now).getUTCFullYear()
  const thisYear = inYear(year)
  // A day of grace: clocks differ.
  return thisYear > now + 86_400_000 ? inYear(year - 1) : thisYear
}

/** Minutes east of UTC. Of an abbreviation only UTC's and the machine's own are certain. */
function offsetOf(text: string | undefined, zone: Zone): number {
  if (text === undefined || text === '') return zone.offsetMinutes
  if (text === 'Z' || text === 'UTC' || text === 'GMT') return 0
  const match = /^([+-])(\d{2}):?(\d{2})?$/.exec(text)
  if (match === null) return zone.offsetMinutes
  return (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3] ?? 0))
}

/** `+0300 MSK`, as `date '+%z %Z'` says it. */
export function readZone(text: string): Zone {
  const [offset = '', name = ''] = text.trim().split(/\s+/)
  return { offsetMinutes: offsetOf(/^[+-]\d{4}$/.test(offset) ? offset : 'UTC', UTC), name: name || 'UTC' }
}
