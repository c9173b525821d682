/**
 * Turns whatever a procedure throws into an error of the contract, in the reader's language. What nobody expected is
 * masked, and logged with its cause.
 */
import { ORPCError, ValidationError } from '@orpc/server'
import { errors } from '#shared/contract/procedure.ts'
import type { Language } from '#shared/locales/languages.ts'
import { profileIssueText } from '#shared/locales/translate.ts'
import type { ProfileIssue } from '#shared/model/profile/deployment.ts'
import { profileIssue } from '#shared/model/profile/issues.ts'
import { RuleRefused } from '../engine/alerts/rules/check-rule.ts'
import { BackupError } from '../engine/backups/backup-error.ts'
import { BackupRefused } from '../engine/backups/backup-refused.ts'
import { ProfileRefused } from '../engine/deployments/deployments.ts'
import { NotWatched } from '../engine/inspect/not-watched.ts'
import type { Log } from '../engine/log.ts'
import { OperationRefused } from '../engine/operations/refused.ts'
import { ReachError } from '../engine/reach/reach.ts'
import { StoreError } from '../engine/store/store.ts'
import { VaultError } from '../engine/vault/vault.ts'
import { answerToBackupFailure, answerToBackupRefused } from './backup-refusals.ts'
import { badRequest, inputIssue } from './input-issues.ts'
import { answerToRefused } from './operation-refusals.ts'
import { Refusal } from './refusal.ts'
import { errorText, speakFailure, translatorOf } from './speech.ts'

export interface FailedCall {
  readonly language: Language
  readonly procedure: string
  readonly signal: AbortSignal | undefined
}

export type ErrorAnswer = ORPCError<string, unknown>

/** @returns what to throw in place of `error` */
export function answerTo(error: unknown, call: FailedCall, log: Log): ErrorAnswer {
  const { language } = call
  if (error instanceof Refusal) {
    const { code, key, params, data }: Refusal = error
    return answer(code, errors[code].status, errorText(language, key, params), data, error)
  }
  if (error instanceof ProfileRefused) return refusedWith(error.issues, 'profile-refused', error, language)
  if (error instanceof RuleRefused) {
    const issues = error.faults.map(({ keys, reason }) => profileIssue(keys, 'invalid', reason).issue)
    return refusedWith(issues, 'rule-refused', error, language)
  }
  if (error instanceof OperationRefused) return answerToRefused(error, language)
  if (error instanceof BackupRefused) return answerToBackupRefused(error, language)
  if (error instanceof BackupError) return answerToBackupFailure(error, language)
  if (error instanceof ReachError) {
    const failure = speakFailure(language, error.failure)
    return answer('TARGET_FAILED', errors.TARGET_FAILED.status, failure.text, { failure }, error)
  }
  if (error instanceof NotWatched) {
    const { reason, deployment } = error
    const text = errorText(language, `not-watched-${reason}`, { name: deployment })
    return answer('WRONG_STATE', errors.WRONG_STATE.status, text, { reason }, error)
  }
  if (error instanceof StoreError || error instanceof VaultError) {
    log.error({ err: error, procedure: call.procedure }, 'the data directory failed a call')
    return unavailable(error, language)
  }
  if (error instanceof ORPCError && error.cause instanceof ValidationError && error.code === 'BAD_REQUEST') {
    const issues = error.cause.issues.map((issue) => inputIssue(issue, language))
    const { message, data } = badRequest(language, issues)
    return answer('BAD_REQUEST', 400, message, data, error)
  }
  if (error instanceof ORPCError && error.code !== 'INTERNAL_SERVER_ERROR') return error
  if (call.signal?.aborted === true) {
    return answer('CLIENT_CLOSED_REQUEST', 499, errorText(language, 'client-gone'), null, error)
  }
  log.error(
    { err: error, cause: (error as Error | undefined)?.cause, procedure: call.procedure },
    'a call failed unexpectedly',
  )
  return answer('INTERNAL_SERVER_ERROR', 500, errorText(language, 'internal'), null, error)
}

/** `defined` is settled by the contract's own schema of the code's data. */
function answer(code: string, status: number, message: string, data: unknown, cause: unknown): ErrorAnswer {
  return new ORPCError(code, { status, message, data, cause })
}

function refusedWith(
  faults: readonly ProfileIssue[],
  key: 'profile-refused' | 'rule-refused',
  error: Error,
  language: Language,
): ErrorAnswer {
  const issues = faults.map((issue) => spokenIssue(issue, language))
  const reason = issues.map((issue) => issueLine(issue, language)).join('\n')
  return answer('UNPROCESSABLE', 422, errorText(language, key, { detail: reason }), { reason, issues }, error)
}

export function spokenIssue(issue: ProfileIssue, language: Language): ProfileIssue {
  return { ...issue, message: profileIssueText(translatorOf(language), issue) }
}

function issueLine({ path, line, message }: ProfileIssue, language: Language): string {
  const where = [line === null ? '' : errorText(language, 'line', { line }), path].filter(
    (part) => part !== '',
  )
  return [...where, message].join(': ')
}

/** Nothing of the error's own message: it names files, which are no business of every role. */
function unavailable(error: StoreError | VaultError, language: Language): ErrorAnswer {
  const full = error.code === 'full'
  const readOnly = error.code === 'read-only' || error.code === 'unwritable'
  const key = full ? 'store-full' : readOnly ? 'store-read-only' : 'store-unusable'
  return answer('SERVICE_UNAVAILABLE', 503, errorText(language, key), { reason: error.code }, error)
}
