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

const OF_KIND: Partial<Record<Message['kind'], Series>> = {
  raised: RAISED,
  escalated: ESCALATED,
  reminder: REMINDED,
}

/** What was to end an older one may have been lost on its way: the end asks for so many more. */
const MAY_BE_LEFT = 4
/** One a second: that many are ten days without an end. */
const MOST = 999_999
const LONGEST_SUFFIX = 1 + Math.max(...ALL.map(({ name }) => `${name}-${MOST}`.length))

/** The key that a message goes under. @param longest that the service takes */
export function keyOf({ incident, kind, notification }: Keyed, longest: number): string {
  const series = OF_KIND[kind]
  if (series === undefined) return ownKey(incident, longest)
  // What was decided before these were counted has a key all the same.
  return keyIn(series, Math.max(1, countOf(series, notification)), incident, longest)
}

/** The key that a message makes needless: the oldest of its series; `null`: it makes none so. */
export function outdatedKeyOf({ incident, kind, notification }: Keyed, longest: number): string | null {
  const series = OF_KIND[kind]
  if (series === undefined) return null
  const outdated = countOf(series, notification) - series.open
  return outdated < 1 ? null : keyIn(series, outdated, incident, longest)
}

/** Every key of an incident that may be open. */
export function keysOf({ incident, notification }: Keyed, longest: number): string[] {
  const numbered = ALL.flatMap((series) => {
    const newest = countOf(series, notification)
    const asked = Math.min(newest, series.open + MAY_BE_LEFT)
    return Array.from({ length: asked }, (_, index) => keyIn(series, newest - index, incident, longest))
  })
  return [ownKey(incident, longest), ...numbered]
}

function countOf({ count }: Series, notification: Keyed['notification']): number {
  return Math.min(count(notification), MOST)
}

function keyIn({ name }: Series, number: number, incident: string, longest: number): string {
  return `${ownKey(incident, longest)}:${name}-${number}`
}

function ownKey(incident: string, longest: number): string {
  return incident.slice(0, longest - LONGEST_SUFFIX)
}
