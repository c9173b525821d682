/** For how long a silence is wanted, as the dialog holds it, and as the contract takes it. Pure. */
import { typedMoment } from '../../../components/typed-moment.ts'

export const LENGTHS = ['30', '60', '240', 'until', 'clears'] as const
export type Length = (typeof LENGTHS)[number]

export interface SilenceFor {
  readonly length: Length
  /** As it was typed. */
  readonly until: string
}

export type Duration = { minutes: number } | { until: string } | { untilClears: true }

/** `null`: the moment is none, or has passed. @param now milliseconds since the epoch */
export function durationOf({ length, until }: SilenceFor, now: number): Duration | null {
  if (length === 'clears') return { untilClears: true }
  if (length !== 'until') return { minutes: Number(length) }
  const at = typedMoment(until, now, 'future')
  return at !== null && at > now ? { until: new Date(at).toISOString() } : null
}
