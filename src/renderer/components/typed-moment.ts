/** Moments as people type them, in local time: a browser's own field follows the browser's language, and takes a date before a time. */

const UNITS = { s: 1_000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 } as const
/** Clocks differ by so much that a moment of a while ago may seem to lie ahead. */
const AHEAD_MS = 60_000

/** Which of the moments is meant that a text without its day or year may say: the last one, or the next. */
export type Toward = 'past' | 'future'

/**
 * `14:05` and `14:05:30` (the last or the next time that it is so), `2026-11-28 14:05`, `28.11. 14:05`, `-15m`, `+2h`, and what programs
 * write: ISO 8601 with a zone, seconds and milliseconds since the epoch. `null`: none of these.
 */
export function typedMoment(text: string, now: number, toward: Toward): number | null {
  const typed = text.trim()
  return fromNow(typed, now) ?? timeOfDay(typed, now, toward) ?? day(typed, now, toward) ?? written(typed)
}

/** ISO 8601 of what was typed; what is no moment stays as it is, and is refused as that. */
export function typedIso(text: string, now: number, toward: Toward): string {
  const at = typedMoment(text, now, toward)
  return at === null ? text : new Date(at).toISOString()
}

/** In a form that `typedMoment` takes, the same in every language: `2026-11-28 14:05`, with seconds where there are some. */
export function momentToType(at: number): string {
  const date = new Date(at)
  const seconds = date.getSeconds() === 0 ? '' : `:${two(date.getSeconds())}`
  return `${dateToType(at)} ${two(date.getHours())}:${two(date.getMinutes())}${seconds}`
}

/** `2026-11-28`, by the clock of whoever reads it. */
export function dateToType(at: number): string {
  const date = new Date(at)
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

function two(number: number): string {
  return String(number).padStart(2, '0')
}

function fromNow(typed: string, now: number): number | null {
  const [, sign, count, unit] = /^([-−–+])\s*(\d{1,6})\s*(s|min|m|h|d)$/.exec(typed) ?? []
  if (count === undefined) return null
  return now + (sign === '+' ? 1 : -1) * Number(count) * UNITS[unit as keyof typeof UNITS]
}

/** Whether a moment lies on the side that is not meant. */
function isBeyond(at: number, now: number, toward: Toward): boolean {
  return toward === 'past' ? at > now + AHEAD_MS : at <= now
}

const TIME = String.raw`(\d{1,2}):(\d{2})(?::(\d{2}))?`

function timeOfDay(typed: string, now: number, toward: Toward): number | null {
  const match = new RegExp(`^${TIME}$`).exec(typed)
  if (match === null) return null
  const at = local(dateIn(now, 0), match.slice(1))
  if (at === null || !isBeyond(at, now, toward)) return at
  return local(dateIn(now, toward === 'past' ? -1 : 1), match.slice(1))
}

function dateIn(now: number, days: number): [number, number, number] {
  const date = new Date(now)
  date.setDate(date.getDate() + days)
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()]
}

function day(typed: string, now: number, toward: Toward): number | null {
  const iso = new RegExp(String.raw`^(\d{4})-(\d{1,2})-(\d{1,2})[T\s,]+${TIME}$`).exec(typed)
  if (iso !== null) return local([Number(iso[1]), Number(iso[2]), Number(iso[3])], iso.slice(4))
  const dotted = new RegExp(String.raw`^(\d{1,2})\.(\d{1,2})\.?(\d{4})?[\s,]+${TIME}$`).exec(typed)
  if (dotted === null) return null
  const year = dotted[3] === undefined ? new Date(now).getFullYear() : Number(dotted[3])
  const at = local([year, Number(dotted[2]), Number(dotted[1])], dotted.slice(4))
  if (at === null || dotted[3] !== undefined || !isBeyond(at, now, toward)) return at
  return local([year + (toward === 'past' ? -1 : 1), Number(dotted[2]), Number(dotted[1])], dotted.slice(4))
}

function written(typed: string): number | null {
  if (/^\d{10}$/.test(typed)) return Number(typed) * 1_000
  if (/^\d{13}$/.test(typed)) return Number(typed)
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/.test(typed)) return null
  const at = Date.parse(typed)
  return Number.isNaN(at) ? null : at
}

/** `null` where there is no such day or time: `Date` would take the 31st of February for the 3rd of March. */
function local(
  [year, month, dayOfMonth]: readonly [number, number, number],
  [hours = '0', minutes = '0', seconds = '0']: readonly (string | undefined)[],
): number | null {
  const [h, m, s] = [Number(hours), Number(minutes), Number(seconds)]
  if (h > 23 || m > 59 || s > 59) return null
  const date = new Date(year, month - 1, dayOfMonth, h, m, s)
  const isThatDay = date.getMonth() === month - 1 && date.getDate() === dayOfMonth
  return isThatDay ? date.getTime() : null
}
