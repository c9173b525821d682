/** For how long a silence is wanted, as the dialog holds it, and as the contract takes it. Pure. */

export const LENGTHS = ['30', '60', '240', 'until', 'clears'] as const
export type Length = (typeof LENGTHS)[number]

export interface SilenceFor {
  readonly length: Length
  /** Local, as the field gives it: `2026-11-28T14:30`. */
  readonly until: string
}

export type Duration = { minutes: number } | { until: string } | { untilClears: true }

/** `null`: the moment is none, or has passed. @param now milliseconds since the epoch */
export function durationOf({ length, until }: SilenceFor, now: number): Duration | null {
  if (length === 'clears') return { untilClears: true }
  if (length !== 'until') return { minutes: Number(length) }
  const at = Date.parse(until)
  return Number.isFinite(at) && at > now ? { until: new Date(at).toISOString() } : null
}

/** A moment as a field for local moments takes it. */
export function localMoment(at: number): string {
  const local = new Date(at - new Date(at).getTimezoneOffset() * 60_000)
  return local.toISOString().slice(0, 16)
}
