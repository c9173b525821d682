/** How long a target asks to be left alone: `Retry-After` of an answer 429, and of a 503. */
import type { HttpAnswer } from '../reach/reach.ts'

const DEFAULT_MS = 30_000
const LONGEST_MS = 600_000
/** A service that is down for maintenance is left alone too, but its return should not be seen late. */
const LONGEST_WHILE_DOWN_MS = 30_000

/**
 * @param header seconds or an HTTP date (RFC 9110, 10.2.3), or nothing
 * @returns milliseconds, between one second and ten minutes
 */
export function retryAfterMs(header: string | undefined, now: number): number {
  const text = header?.trim() ?? ''
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now
  if (Number.isNaN(ms)) return DEFAULT_MS
  return Math.min(Math.max(ms, 1000), LONGEST_MS)
}

/** Milliseconds that an answer asks for; `null` where it does not. */
export function askedPauseMs(
  { status, headers }: Pick<HttpAnswer, 'status' | 'headers'>,
  now: number,
): number | null {
  const header = headers['retry-after']
  if (status === 429) return retryAfterMs(header, now)
  if (status !== 503 || header === undefined) return null
  return Math.min(retryAfterMs(header, now), LONGEST_WHILE_DOWN_MS)
}
