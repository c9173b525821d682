/** Moments as people say them; clocks have 24 hours in every language, because logs have. */

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
]

const FORMATS = {
  /** `04:30` */
  minute: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  /** `04:30:34` */
  second: { timeStyle: 'medium', hourCycle: 'h23' },
  /** `28 Nov, 04:30:34.123`: of lines, many of which have the same second. */
  precise: {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
    hourCycle: 'h23',
  },
  /** With the day and the year. */
  full: { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' },
  /** With the day alone: within the last week the year is known. */
  recent: {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>

const clocks = new Map<string, Intl.DateTimeFormat>()
const relatives = new Map<string, Intl.RelativeTimeFormat>()

/** A format of moments; the same object each time, since making one costs more than using it. */
export function clock(language: string, format: keyof typeof FORMATS): Intl.DateTimeFormat {
  return kept(clocks, `${language} ${format}`, () => new Intl.DateTimeFormat(language, FORMATS[format]))
}

/** "3 min ago", in its largest unit; "now" within a few seconds. */
export function relative(language: string, at: number, now: number): string {
  const format = kept(
    relatives,
    language,
    () => new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' }),
  )
  const difference = at - now
  if (Math.abs(difference) < 5_000) return format.format(0, 'second')
  for (const [unit, ms] of STEPS) {
    if (Math.abs(difference) >= ms) return format.format(Math.trunc(difference / ms), unit)
  }
  return format.format(0, 'second')
}

/** Local date and time, the date left out when it is the same day as `now`. */
export function absolute(language: string, at: number, now: number): string {
  const sameDay = new Date(at).toDateString() === new Date(now).toDateString()
  return clock(language, sameDay ? 'second' : 'full').format(at)
}

/** The same moment in UTC, to compare with logs: `2026-11-21 03:04:05 UTC`. */
export function universal(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`
}

/** `Nov 21, 2026, 12:00:00 – 13:00:00 (2026-11-21 10:00:00 – 11:00:00 UTC)`: both, since it is read elsewhere. */
export function stretchText(language: string, { from, to }: { from: number; to: number }): string {
  const [day, time] = universal(from).split(' ')
  const end = universal(to)
  return `${clock(language, 'full').formatRange(from, to)} (${day} ${time} – ${end.replace(`${day} `, '')})`
}

function kept<T>(all: Map<string, T>, key: string, make: () => T): T {
  const known = all.get(key)
  if (known !== undefined) return known
  const made = make()
  all.set(key, made)
  return made
}
