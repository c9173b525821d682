/** When a schedule is: pure, over moments in milliseconds since the epoch and the dates of the schedule's own zone. */
import type { Occurrence, Recurring, Schedule } from '#shared/model/schedule.ts'
import { dateAt, dateOf, isBefore, type LocalDate, momentAt } from './local.ts'

const MINUTE_MS = 60_000

/** When it is at a moment or will be after it, in order; `once` yields at most one, others as many as are taken. */
export function* occurrencesFrom(schedule: Schedule, at: number): Generator<Occurrence> {
  if (schedule.kind === 'once') {
    const only = { startsAt: Date.parse(schedule.from), endsAt: Date.parse(schedule.to) }
    if (only.endsAt > at) yield only
    return
  }
  const { zone, time, minutes } = schedule
  let last = Number.NEGATIVE_INFINITY
  for (const date of datesFrom(schedule, firstDate(schedule, at))) {
    const startsAt = momentAt(date, time, zone)
    // A date that a place left out altogether is the one after it, which is there itself.
    if (startsAt <= last) continue
    last = startsAt
    const endsAt = startsAt + minutes * MINUTE_MS
    if (endsAt > at) yield { startsAt, endsAt }
  }
}

/** The one that it is within at a moment, of two that touch the later; `null`: it is not now. */
export function occurrenceAt(schedule: Schedule, at: number): Occurrence | null {
  let found: Occurrence | null = null
  for (const one of occurrencesFrom(schedule, at)) {
    if (one.startsAt > at) break
    found = one
  }
  return found
}

/** When it is at a moment and after it, the first `count` times. */
export function nextOccurrences(schedule: Schedule, at: number, count: number): Occurrence[] {
  const found: Occurrence[] = []
  for (const one of occurrencesFrom(schedule, at)) {
    if (found.push(one) === count) break
  }
  return found
}

/** When it is or was between two moments. */
export function occurrencesBetween(schedule: Schedule, from: number, to: number): Occurrence[] {
  const found: Occurrence[] = []
  for (const one of occurrencesFrom(schedule, from)) {
    if (one.startsAt >= to) break
    found.push(one)
  }
  return found
}

/** The first date on which one may have begun that is not over yet; a day of leeway for clocks that were moved. */
function firstDate({ zone, minutes, from }: Recurring, at: number): LocalDate {
  const earliest = dateAt(at - minutes * MINUTE_MS, zone).subtract({ days: 1 })
  const first = from === null ? null : dateOf(from)
  return first !== null && isBefore(earliest, first) ? first : earliest
}

function* datesFrom(schedule: Recurring, first: LocalDate): Generator<LocalDate> {
  const last = schedule.until === null ? null : dateOf(schedule.until)
  for (const date of schedule.kind === 'monthly' ? monthly(schedule.on, first) : daily(schedule, first)) {
    if (last !== null && isBefore(last, date)) return
    yield date
  }
}

function* daily(schedule: Exclude<Recurring, { kind: 'monthly' }>, first: LocalDate): Generator<LocalDate> {
  const days = schedule.kind === 'weekly' ? new Set(schedule.days) : null
  for (let date = first; ; date = date.add({ days: 1 })) {
    if (days === null || days.has(date.dayOfWeek)) yield date
  }
}

function* monthly(on: Extract<Recurring, { kind: 'monthly' }>['on'], first: LocalDate): Generator<LocalDate> {
  for (let month = first.with({ day: 1 }); ; month = month.add({ months: 1 })) {
    const date = dayIn(month, on)
    if (!isBefore(date, first)) yield date
  }
}

/** @param month its first day */
function dayIn(month: LocalDate, on: Extract<Recurring, { kind: 'monthly' }>['on']): LocalDate {
  if ('day' in on) return month.with({ day: Math.min(on.day, month.daysInMonth) })
  if (on.week === -1) {
    const last = month.with({ day: month.daysInMonth })
    return last.subtract({ days: (last.dayOfWeek - on.weekday + 7) % 7 })
  }
  return month.add({ days: ((on.weekday - month.dayOfWeek + 7) % 7) + (on.week - 1) * 7 })
}
