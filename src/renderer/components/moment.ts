/** Moments as people say them. */

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
]

/** "3 min ago", in its largest unit; "now" within a few seconds. */
export function relative(language: string, at: number, now: number): string {
  const format = new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' })
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
  return new Intl.DateTimeFormat(
    language,
    sameDay ? { timeStyle: 'medium' } : { dateStyle: 'medium', timeStyle: 'medium' },
  ).format(at)
}

/** The same moment in UTC, to compare with logs: `2026-11-21 03:04:05 UTC`. */
export function universal(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`
}
