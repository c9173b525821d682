/** What is asked of whoever exposes metrics, and which answers cannot be read as such. */
import type { Reason } from '#shared/model/reason.ts'
import type { HttpAnswer } from '../../reach/reach.ts'
import { reason } from '../reason.ts'
import { askedPauseMs, retryAfterMs } from '../retry-after.ts'

const MIB = 2 ** 20
export const MAX_EXPOSITION_BYTES = 8 * MIB
/** An exposition that is too long for us is a burden for its application too: it is asked for less often. */
const TOO_LONG_PAUSE_SECONDS = 60
export const EXPOSITION_TYPES =
  'text/plain;version=0.0.4;q=1,application/openmetrics-text;version=1.0.0;q=0.5,*/*;q=0.1'

/** Why an answer cannot be read as metrics; `null` where it can. */
export function unusable(answer: HttpAnswer, path: string, now: number): Reason | null {
  const httpStatus = answer.status
  if (httpStatus === 429) {
    const retryAfterSeconds = Math.ceil(retryAfterMs(answer.headers['retry-after'], now) / 1000)
    return reason('traffic-limited', { retryAfterSeconds })
  }
  if (httpStatus === 401 || httpStatus === 403) return reason('traffic-refused', { path, httpStatus })
  if (answer.location !== null)
    return reason('traffic-redirected', { path, httpStatus, location: answer.location })
  if (httpStatus !== 200) {
    const pauseMs = askedPauseMs(answer, now)
    const asked = pauseMs === null ? {} : { retryAfterSeconds: Math.ceil(pauseMs / 1000) }
    return reason('traffic-unexpected', { path, httpStatus, ...asked })
  }
  if (answer.truncated) {
    // A cut may fall anywhere: sums over what came before it cannot be compared with each other.
    return reason('traffic-too-long', {
      path,
      limitMiB: MAX_EXPOSITION_BYTES / MIB,
      retryAfterSeconds: TOO_LONG_PAUSE_SECONDS,
    })
  }
  return null
}
