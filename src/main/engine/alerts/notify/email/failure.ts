/** What went wrong with a mail, from the reply code of the server or from how the conversation ended. Pure. */
import type { FailureCode, ReachStep } from '#shared/model/failure.ts'
import { errorCode, errorWords, failed, type Place } from '../../../reach/failed.ts'
import type { Delivery } from '../channel.ts'
import { judgeFailure } from '../verdict.ts'

/** Servers that look up who comes to them take their time before they answer. */
export const MAIL_TIMEOUT_MS = 30_000

interface Conversation {
  readonly place: Place
  /** Takes secrets out of what the server said. */
  readonly shown: (text: string) => string
  readonly loggingIn: boolean
}

type MailFailure = Extract<
  FailureCode,
  | 'smtp-refused'
  | 'smtp-busy'
  | 'smtp-credentials-refused'
  | 'smtp-login-unoffered'
  | 'smtp-without-starttls'
  | 'smtp-tls-failed'
  | 'smtp-cut'
  | 'smtp-not-spoken'
>

/** Replies that say that there is no such command here: RFC 5321, section 4.2. */
const UNKNOWN_COMMAND = new Set([500, 501, 502, 503, 504])

/** @param error of nodemailer, or of the socket below it */
export function mailFailure(error: unknown, { place, shown, loggingIn }: Conversation): Delivery {
  const code = codeOf(error)
  const said = textOf(error)
  const words = shown(said ?? errorWords(error))
  const { step, failure } = kindOf(kindOfError(error), code, loggingIn, commandOf(error))
  if (failure === 'smtp-silent') {
    return judgeFailure(failed(place, step, failure, { seconds: MAIL_TIMEOUT_MS / 1_000 }))
  }
  const judged = judgeFailure(failed(place, step, failure, { words }))
  return { ...judged, code, text: said === null ? '' : words }
}

/** Pure: which failure it is. @param code the reply of the server; `null` where none came */
export function kindOf(
  error: string | null,
  code: number | null,
  loggingIn: boolean,
  command: string,
): { step: ReachStep; failure: MailFailure | 'smtp-silent' } {
  const later = code !== null && code < 500
  if (error === 'ETLS') {
    const failure = code === null && command !== 'STARTTLS' ? 'smtp-tls-failed' : 'smtp-without-starttls'
    return { step: 'tls', failure: later ? 'smtp-busy' : failure }
  }
  if (error === 'EAUTH' || error === 'ENOAUTH') {
    if (later) return { step: 'authentication', failure: 'smtp-busy' }
    const unknown = code === null || UNKNOWN_COMMAND.has(code)
    return { step: 'authentication', failure: unknown ? 'smtp-login-unoffered' : 'smtp-credentials-refused' }
  }
  if (code === 530 && !loggingIn) return { step: 'authentication', failure: 'smtp-refused' }
  if (code !== null) return { step: 'protocol', failure: later ? 'smtp-busy' : 'smtp-refused' }
  if (error === 'ETIMEDOUT') return { step: 'protocol', failure: 'smtp-silent' }
  if (error === 'EPROTOCOL') return { step: 'protocol', failure: 'smtp-not-spoken' }
  return { step: 'protocol', failure: 'smtp-cut' }
}

/** Nodemailer's code; what OpenSSL thought of a certificate comes as a failure of the socket. */
function kindOfError(error: unknown): string | null {
  const original =
    typeof error === 'object' && error !== null && 'originalCode' in error ? error.originalCode : ''
  return /CERT|SIGN|TLS|SSL/.test(String(original)) ? 'ETLS' : errorCode(error)
}

function codeOf(error: unknown): number | null {
  if (typeof error !== 'object' || error === null || !('responseCode' in error)) return null
  const { responseCode } = error
  return typeof responseCode === 'number' && responseCode >= 400 ? responseCode : null
}

function textOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('response' in error)) return null
  return typeof error.response === 'string' ? error.response : null
}

function commandOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'command' in error ? String(error.command) : ''
}
