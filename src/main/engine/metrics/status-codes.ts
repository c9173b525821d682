/** The numbers under which statuses are stored. The list only ever grows: a number that was written keeps its meaning. */
import { badness, type Status } from '#shared/catalogue/statuses.ts'

const CODED: readonly Status[] = [
  'UNOBSERVED',
  'HEALTHY',
  'UNKNOWN',
  'WARNING',
  'DEGRADED',
  'CRITICAL',
  'DISCONNECTED',
  'DOWN',
]
const CODES = new Map(CODED.map((status, code) => [status, code]))
const BADNESS = CODED.map(badness)

export const UNOBSERVED_CODE = 0

export function statusCode(status: Status): number {
  const code = CODES.get(status)
  if (code === undefined) throw new RangeError(`the status ${status} has no number in the history`)
  return code
}

/** A number of a later Vakhta's is read as `UNKNOWN`. */
export function statusOf(code: number): Status {
  return CODED[code] ?? 'UNKNOWN'
}

/** The worse of two; what was observed outranks what was not. */
export function worseCode(a: number, b: number): number {
  if (a === UNOBSERVED_CODE) return b
  if (b === UNOBSERVED_CODE) return a
  return (BADNESS[a] ?? 0) >= (BADNESS[b] ?? 0) ? a : b
}
