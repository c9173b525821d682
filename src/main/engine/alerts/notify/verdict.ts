/** What an answer over HTTP means for a message. Pure. */
import type { FailureCode } from '#shared/model/failure.ts'
import { failed } from '../../reach/failed.ts'
import { shownAddress } from '../../reach/http/redirect.ts'
import type { ReachError } from '../../reach/reach.ts'
import type { Delivery } from './channel.ts'
import type { HttpReply } from './http.ts'

/** What nobody is made to wait longer than. */
export const LONGEST_PAUSE_MS = 3_600_000
/** Answers that say "not now" rather than "not so". */
const LATER = new Set([408, 425, 429])

export interface Judged {
  readonly reply: HttpReply
  /** What of the answer may be shown. */
  readonly text: string
  /** Of an answer with a status of success: whether it is one of the service that was meant. */
  readonly isRight?: boolean
  /** How long to wait, where the service says so elsewhere than in `Retry-After`. */
  readonly retryAfterMs?: number | null
}

/** @param now milliseconds since the epoch, for a `Retry-After` that is a date */
export function judge({ reply, text, isRight = true, retryAfterMs }: Judged, now: number): Delivery {
  const { status, headers, place } = reply
  const told = { code: status, text }
  const fault = (code: 'channel-odd-answer' | 'channel-busy' | 'channel-refused' | 'channel-not-admitted') =>
    failed(place, code === 'channel-not-admitted' ? 'authentication' : 'protocol', code, { status }).failure
  if (status >= 200 && status < 300) {
    if (isRight) return { ...told, status: 'delivered', failure: null, retryAfterMs: null }
    return { ...told, status: 'refused', failure: fault('channel-odd-answer'), retryAfterMs: null }
  }
  if (status >= 500 || LATER.has(status)) {
    const pause = retryAfterMs ?? pauseOf(headers['retry-after'], now)
    const bounded = pause === null ? null : Math.min(Math.max(pause, 0), LONGEST_PAUSE_MS)
    return { ...told, status: 'retry', failure: fault('channel-busy'), retryAfterMs: bounded }
  }
  if (status >= 300 && status < 400) {
    const { location = '' } = headers
    const to = URL.canParse(location) ? shownAddress(new URL(location)) : '?'
    const { failure } = failed(place, 'protocol', 'channel-redirected', { status, location: to })
    return { ...told, status: 'refused', failure, retryAfterMs: null }
  }
  const code = status === 401 || status === 403 ? 'channel-not-admitted' : 'channel-refused'
  return { ...told, status: 'refused', failure: fault(code), retryAfterMs: null }
}

/** Several requests for one message: it is delivered once all of them are, and what stops one stops the rest. */
export async function oneAfterTheOther<Request>(
  requests: readonly Request[],
  send: (request: Request) => Promise<Delivery>,
): Promise<Delivery> {
  const [first, ...others] = requests
  if (first === undefined) throw new Error('a message without a request')
  let delivery = await send(first)
  for (const request of others) {
    if (delivery.status !== 'delivered') break
    delivery = await send(request)
  }
  return delivery
}

/** Seconds or an HTTP date (RFC 9110, section 10.2.3), as milliseconds from now; `null` where it is neither. */
function pauseOf(header: string | undefined, now: number): number | null {
  const text = header?.trim() ?? ''
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000
  const at = Date.parse(text)
  return Number.isNaN(at) ? null : at - now
}

/** Secrets that are not there yet: nothing goes out without them, so trying again locks nobody out. */
const MAY_COME: ReadonlySet<string> = new Set<FailureCode>([
  'secret-missing',
  'secret-environment-missing',
  'secret-file-missing',
  'secret-file-unreadable',
  'secret-locked',
])

/** What a failure on the way there means: credentials that were refused are not shown again by themselves. */
export function judgeFailure(error: ReachError): Delivery {
  const { failure } = error
  const again = failure.recovery === 'by-itself' || MAY_COME.has(failure.code)
  return { status: again ? 'retry' : 'refused', code: null, text: '', failure, retryAfterMs: null }
}
