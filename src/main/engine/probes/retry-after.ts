/** `Retry-After` of an answer 429: how long a target asks to be left alone. */
const DEFAULT_MS = 30_000
const LONGEST_MS = 600_000

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
