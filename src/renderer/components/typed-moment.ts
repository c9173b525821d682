/** Moments as people type them, in local time: a browser's own field follows the browser's language, and takes a date before a time. */

const UNITS = { s: 1_000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 } as const
const DAY_MS = 86_400_000
/** Clocks differ by so much that a moment of a while ago may seem to lie ahead. */
const AHEAD_MS = 60_000

/**
 * `14:05` and `14:05:30` (the last time that it was so), `2026-11-28 14:05`, `28.11. 14:05`, `-15m`, and what programs write: ISO 8601
 * with a zone, seconds and milliseconds since the epoch. `null`: none of these.
 */
export function typedMoment(text: string, now: number): number | null {
  const typed = text.trim()
  return ago(typed, now) ?? timeOfDay(typed, now) ?? day(typed, now) ?? written(typed)
}

/** In a form that `typedMoment` takes, the same in every language. */
export function momentToType(at: number): string {
  const date = new Date(at)
  const [day, month] = [two(date.getDate()), two(date.getMonth() + 1)]
  return `${date.getFullYear()}-${month}-${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
}

function two(number: number): string {
  return String(number).padStart(2, '0')
}

function ago(typed: string, now: number): number | null {
  const [, count, unit] = /^[-−–]\s*(\d{1,6})\s*(s|min|m|h|d)$/.exec(typed) ?? []
  return count === undefined ? null : now - Number(count) * UNITS[unit as keyof typeof UNITS]
}

const TIME = String.raw`(\d{1,2}):(\d{2})(?::(\d{2}))?`

function timeOfDay(typed: string, now: number): number | null {
  const match = new RegExp(`^${TIME}$`).exec(typed)
  if (match === null) return null
  const today = new Date(now)
  const at = local([today.getFullYear(), today.getMonth() + 1, today.getDate()], match.slice(1))
  if (at === null || at <= now + AHEAD_MS) return at
  const yesterday = new Date(now - DAY_MS)
  return local([yesterday.getFullYear(), yesterday.getMonth() + 1, yesterday.getDate()], match.slice(1))
}

function day(typed: string, now: number): number | null {
  const iso = new RegExp(String.raw`^(\d{4})-(\d{1,2})-(\d{1,2})[T\s,]+${TIME}$`).exec(typed)
  if (iso !== null) return local([Number(iso[1]), Number(iso[2]), Number(iso[3])], iso.slice(4))
  const dotted = new RegExp(String.raw`^(\d{1,2})\.(\d{1,2})\.?(\d{4})?[\s,]+${TIME}$`).exec(typed)
  if (dotted === null) return null
  const year = dotted[3] === undefined ? new Date(now).getFullYear() : Number(dotted[3])
  const at = local([year, Number(dotted[2]), Number(dotted[1])], dotted.slice(4))
  // Without its year it is the last one that there was.
  if (at === null || dotted[3] !== undefined || at <= now + AHEAD_MS) return at
  return local([year - 1, Number(dotted[2]), Number(dotted[1])], dotted.slice(4))
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
