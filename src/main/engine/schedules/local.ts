/**
 * Dates and times of a place, and the moments that they are. What the clock of a place leaps over is as much later as it leaps; what it
 * shows twice is the first of both (`compatible` of Temporal and of iCalendar, RFC 5545 3.3.5).
 */
import { Temporal } from 'temporal-polyfill'

export type LocalDate = Temporal.PlainDate

export function dateOf(text: string): LocalDate {
  return Temporal.PlainDate.from(text)
}

/** The date that it is in a zone at a moment (milliseconds since the epoch). */
export function dateAt(at: number, zone: string): LocalDate {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate()
}

/** @param time `02:30`. @returns milliseconds since the epoch */
export function momentAt(date: LocalDate, time: string, zone: string): number {
  return date.toZonedDateTime({ timeZone: zone, plainTime: Temporal.PlainTime.from(time) }).epochMilliseconds
}

export function isBefore(date: LocalDate, other: LocalDate): boolean {
  return Temporal.PlainDate.compare(date, other) < 0
}

/** Days from one date to another, as a calendar counts them. */
export function daysBetween(from: LocalDate, to: LocalDate): number {
  return from.until(to, { largestUnit: 'days' }).days
}
