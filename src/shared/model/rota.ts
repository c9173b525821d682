/**
 * Who has the watch: people, the order in which they take it, and who stands in for whom. The messages of these schemas are keys
 * of `locales/<language>/profile.ts`.
 */
import { z } from 'zod'
import { Name } from './profile/fields.ts'
import { LocalDate, LocalTime } from './schedule.ts'
import { TimeZone } from './time-zone.ts'

const PersonName = z.string().trim().min(1, 'empty').max(80)

export const Person = z.strictObject({
  name: PersonName,
  /** Names of the channels that reach them. */
  channels: z.array(Name).max(20).default([]),
})
export type Person = z.infer<typeof Person>

/** Somebody has the watch in another's place. Of two that overlap the later made one holds. */
export const Override = z.strictObject({
  id: z.string().min(1).max(64),
  person: PersonName,
  /** Milliseconds since the epoch; the end is not in it. */
  from: z.number(),
  to: z.number(),
  by: z.string(),
  note: z.string().max(2_000).nullable(),
})
export type Override = z.infer<typeof Override>

export const Rota = z.strictObject({
  name: Name,
  /** In the order in which they take the watch, by their names. */
  people: z.array(PersonName).min(1, 'rota-no-people').max(50),
  /** The date on which the first of them takes it, and when it is handed over on that and every later day of it. */
  startsOn: LocalDate,
  time: LocalTime,
  zone: TimeZone,
  /** How long each has it: 1 is daily, 7 weekly on the weekday of `startsOn`. */
  shiftDays: z.number().int().min(1).max(90),
})
export type Rota = z.infer<typeof Rota>

/** A stretch in which one person has the watch. */
export interface Shift {
  readonly person: string
  /** Milliseconds since the epoch; the end is not in it. */
  readonly from: number
  readonly to: number
  /** Who would have had it; `null`: nobody, or the same person. */
  readonly instead: string | null
  /** The override that says so. */
  readonly override: string | null
}
