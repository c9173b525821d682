/** How long an alert lasted, and how long it took somebody to take it. Pure. */
import type { Outputs } from '../../../client/client.ts'

export type PastAlert = Outputs['alerts']['history']['items'][number]

/** Milliseconds; `null` where it goes on, or nobody took it. */
export function lengthsOf({ since, endedAt, acknowledgedAt }: PastAlert): {
  readonly lasted: number | null
  readonly taken: number | null
} {
  const from = Date.parse(since)
  const until = (moment: string | null) => (moment === null ? null : Math.max(0, Date.parse(moment) - from))
  return { lasted: until(endedAt), taken: until(acknowledgedAt) }
}
