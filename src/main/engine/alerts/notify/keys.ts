/**
 * What services that fold messages into one call an incident. A rise in severity, what nobody took up, and what is still there has to ring again,
 * which the same key would not do: each gets one of its own, and all of them end together (decision 32). Pure.
 */
import type { Message } from './message.ts'

type Keyed = Pick<Message, 'incident' | 'kind'> & {
  readonly notification: Pick<Message['notification'], 'raises' | 'calls' | 'reminders'>
}

/** Messages that ring by keys of their own, counted within the incident. */
interface Series {
  readonly name: string
  /** So many of it are open at a time: what follows ends the oldest. The end asks for them one by one. */
  readonly open: number
  readonly count: (keyed: Keyed['notification']) => number
}

const RAISED: Series = { name: 'raised', open: 20, count: ({ raises }) => raises }
const ESCALATED: Series = { name: 'escalated', open: 20, count: ({ calls }) => calls }
const REMINDED: Series = { name: 'reminder', open: 1, count: ({ reminders }) => reminders }
const ALL = [RAISED, ESCALATED, REMINDED]

/** Something that a channel was given earlier. */
export type Given = Pick<Message, 'kind'> & Keyed['notification']

const OF_KIND: Partial<Record<Message['kind'], Series>> = {
  raised: RAISED,
  escalated: ESCALATED,
  reminder: REMINDED,
}

/** What was to end an older one may have been lost on its way: the end asks for so many more. */
const MAY_BE_LEFT = 4
/** Of each kind of what was given earlier no more are looked at. */
export const MOST_GIVEN = Math.max(...ALL.map(({ open }) => open)) + MAY_BE_LEFT
/** One a second: that many are ten days without an end. */
const MOST = 999_999
const LONGEST_SUFFIX = 1 + Math.max(...ALL.map(({ name }) => `${name}-${MOST}`.length))

/** The key that a message goes under. @param longest that the service takes */
export function keyOf({ incident, kind, notification }: Keyed, longest: number): string {
  const series = OF_KIND[kind]
  if (series === undefined) return ownKey(incident, longest)
  return keyIn(series, countOf(series, notification), incident, longest)
}

/**
 * The key that a message makes needless: the oldest of its series; `null`: it makes none so.
 * @param given newest first; none: as if the channel had been given all of the series
 */
export function outdatedKeyOf(
  { incident, kind, notification }: Keyed,
  given: readonly Given[],
  longest: number,
): string | null {
  const series = OF_KIND[kind]
  if (series === undefined) return null
  const numbers = numbersIn(series, given)
  const outdated =
    numbers.length === 0 ? countOf(series, notification) - series.open : numbers[series.open - 1]
  return outdated === undefined || outdated < 1 ? null : keyIn(series, outdated, incident, longest)
}

/**
 * Every key of an incident that may be open.
 * @param given newest first; by their count alone the newest are asked for, too: what was given may be on record no more
 */
export function keysOf(
  { incident, notification }: Keyed,
  given: readonly Given[],
  longest: number,
): string[] {
  const numbered = ALL.flatMap((series) => {
    const most = series.open + MAY_BE_LEFT
    const newest = Math.min(series.count(notification), MOST)
    const counted = Array.from({ length: Math.min(newest, most) }, (_, index) => newest - index)
    const numbers = new Set([...numbersIn(series, given).slice(0, most), ...counted])
    return [...numbers].map((number) => keyIn(series, number, incident, longest))
  })
  return [ownKey(incident, longest), ...numbered]
}

function numbersIn(series: Series, given: readonly Given[]): number[] {
  return given.filter(({ kind }) => OF_KIND[kind] === series).map((one) => countOf(series, one))
}

/** What was decided before these were counted has a number all the same. */
function countOf({ count }: Series, notification: Keyed['notification']): number {
  return Math.min(Math.max(1, count(notification)), MOST)
}

function keyIn({ name }: Series, number: number, incident: string, longest: number): string {
  return `${ownKey(incident, longest)}:${name}-${number}`
}

function ownKey(incident: string, longest: number): string {
  return incident.slice(0, longest - LONGEST_SUFFIX)
}
