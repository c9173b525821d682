/** Backups by the days of the reader's calendar: what each day has. Pure. */

export type DayState = 'good' | 'partial' | 'failed' | 'missing' | 'none'

export interface CalendarDay {
  /** `2026-11-28`. */
  readonly date: string
  /** 0: Monday. */
  readonly weekday: number
  readonly state: DayState
  readonly good: number
  readonly partial: number
  /** Backups that failed or are of no use. */
  readonly failed: number
}

export interface DayInputs {
  readonly backups: readonly {
    readonly startedAt: string
    readonly partial: boolean
    readonly problem: unknown
  }[]
  /** When backups failed; ISO 8601. */
  readonly failures: readonly string[]
  /** Weekdays that one is to be made on, 0: Monday; `null`: none is. */
  readonly expectedOn: ReadonlySet<number> | null
  /** Since when anything is known, milliseconds since the epoch: days before are nobody's fault. `null`: nothing is. */
  readonly knownSince: number | null
}

const DAY_MS = 86_400_000
const DAYS_OF_WEEK = 7

/** Whole weeks, the oldest first; the last one goes on to today. @param today as `dateOf` writes it */
export function calendarDays(inputs: DayInputs, today: string, weeks: number): CalendarDay[] {
  const length = (weeks - 1) * DAYS_OF_WEEK + weekdayOf(today) + 1
  const first = Date.parse(today) - (length - 1) * DAY_MS
  const counts = new Map<string, { good: number; partial: number; failed: number }>()
  const count = (moment: string, what: 'good' | 'partial' | 'failed') => {
    const date = dateOf(Date.parse(moment))
    const of = counts.get(date) ?? { good: 0, partial: 0, failed: 0 }
    of[what] += 1
    counts.set(date, of)
  }
  for (const { startedAt, partial, problem } of inputs.backups) {
    count(startedAt, problem !== null ? 'failed' : partial ? 'partial' : 'good')
  }
  for (const at of inputs.failures) count(at, 'failed')
  const knownSince = inputs.knownSince === null ? null : dateOf(inputs.knownSince)
  return Array.from({ length }, (_, index) => {
    const date = new Date(first + index * DAY_MS).toISOString().slice(0, 10)
    const weekday = weekdayOf(date)
    const found = counts.get(date) ?? { good: 0, partial: 0, failed: 0 }
    // Today may still get its own.
    const isExpected =
      knownSince !== null && date >= knownSince && date < today && (inputs.expectedOn?.has(weekday) ?? false)
    return { date, weekday, ...found, state: stateOf(found, isExpected) }
  })
}

/** A day with a good one is a good day, whatever failed before it. */
function stateOf(
  { good, partial, failed }: Pick<CalendarDay, 'good' | 'partial' | 'failed'>,
  isExpected: boolean,
): DayState {
  if (good > 0) return 'good'
  if (failed > 0) return 'failed'
  if (isExpected) return 'missing'
  return partial > 0 ? 'partial' : 'none'
}

/** The reader's date of a moment. */
export function dateOf(at: number): string {
  const of = new Date(at)
  return [of.getFullYear(), of.getMonth() + 1, of.getDate()]
    .map((part, index) => String(part).padStart(index === 0 ? 4 : 2, '0'))
    .join('-')
}

function weekdayOf(date: string): number {
  return (new Date(date).getUTCDay() + DAYS_OF_WEEK - 1) % DAYS_OF_WEEK
}
