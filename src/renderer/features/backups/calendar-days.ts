/** Backups by days: what each day has. Pure. */

export type DayState = 'good' | 'partial' | 'failed' | 'missing' | 'let-go' | 'none'

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
  /** When backups failed, and when whole ones were made that are not kept any more; ISO 8601. */
  readonly failures: readonly string[]
  readonly letGo: readonly string[]
  /** Whose days they are: those of the schedule's place, so that what is due on a Monday there is due on a Monday here. `null`: the reader's. */
  readonly zone: string | null
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
  const { zone } = inputs
  const nothing = { good: 0, partial: 0, failed: 0, letGo: 0 }
  const counts = new Map<string, typeof nothing>()
  const count = (moment: string, what: keyof typeof nothing) => {
    const date = dateOf(Date.parse(moment), zone)
    const of = counts.get(date) ?? { ...nothing }
    of[what] += 1
    counts.set(date, of)
  }
  for (const { startedAt, partial, problem } of inputs.backups) {
    count(startedAt, problem !== null ? 'failed' : partial ? 'partial' : 'good')
  }
  for (const at of inputs.failures) count(at, 'failed')
  for (const at of inputs.letGo) count(at, 'letGo')
  const knownSince = inputs.knownSince === null ? null : dateOf(inputs.knownSince, zone)
  return Array.from({ length }, (_, index) => {
    const date = new Date(first + index * DAY_MS).toISOString().slice(0, 10)
    const weekday = weekdayOf(date)
    const { letGo, ...found } = counts.get(date) ?? nothing
    // Today may still get its own.
    const isExpected =
      knownSince !== null && date >= knownSince && date < today && (inputs.expectedOn?.has(weekday) ?? false)
    return { date, weekday, ...found, state: stateOf({ ...found, letGo }, isExpected) }
  })
}

/** A day with a good one is a good day, whatever failed before it; one that was made and let go is missed by nobody. */
function stateOf(
  { good, partial, failed, letGo }: Pick<CalendarDay, 'good' | 'partial' | 'failed'> & { letGo: number },
  isExpected: boolean,
): DayState {
  if (good > 0) return 'good'
  if (letGo > 0) return 'let-go'
  if (failed > 0) return 'failed'
  if (isExpected) return 'missing'
  return partial > 0 ? 'partial' : 'none'
}

/** Of whole weeks up to today, how many are known wholly: of days before, nothing is told. @param since from when on all is known; `null`: all is */
export function weeksKnown(since: number | null, zone: string | null, today: string, most: number): number {
  if (since === null) return most
  const days = (Date.parse(today) - Date.parse(dateOf(since, zone))) / DAY_MS
  const weeks = Math.floor((days - weekdayOf(today) - 1) / DAYS_OF_WEEK) + 1
  return Math.min(most, Math.max(1, weeks))
}

const dates = new Map<string, Intl.DateTimeFormat>()

/** The date of a moment by the clock of a place; `null`: by the reader's. */
export function dateOf(at: number, zone: string | null = null): string {
  const known = dates.get(zone ?? '')
  if (known !== undefined) return known.format(at)
  // Swedish dates are written as ISO 8601 does.
  const format = new Intl.DateTimeFormat('sv-SE', {
    ...{ year: 'numeric', month: '2-digit', day: '2-digit' },
    ...(zone !== null && { timeZone: zone }),
  })
  dates.set(zone ?? '', format)
  return format.format(at)
}

function weekdayOf(date: string): number {
  return (new Date(date).getUTCDay() + DAYS_OF_WEEK - 1) % DAYS_OF_WEEK
}
