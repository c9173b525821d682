/** Reasons of probes, with codes that are known to have a text. */
import type { reasons } from '#shared/locales/en/reasons.ts'
import type { Failure } from '#shared/model/failure.ts'
import type { Reason } from '#shared/model/reason.ts'

export type ReasonCode = keyof typeof reasons

export function reason(code: ReasonCode, params: Reason['params'] = {}): Reason {
  return { code, params }
}

/** A failure of the way or of the target as a reason: its text already says what happened, where, and what to do. */
export function failureReason(failure: Failure): Reason {
  return { code: failure.code, params: { ...failure.params, hop: failure.hop } }
}
