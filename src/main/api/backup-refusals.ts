/** What is refused of backups, or fails with them, as an error of the contract. */
import { ORPCError } from '@orpc/server'
import { errors } from '#shared/contract/procedure.ts'
import type { Language } from '#shared/locales/languages.ts'
import { backupText } from '#shared/locales/translate.ts'
import type { BackupError } from '../engine/backups/backup-error.ts'
import type { BackupRefused } from '../engine/backups/backup-refused.ts'
import { errorText, translatorOf } from './speech.ts'

const CODES = {
  'no-backup': 'NOT_FOUND',
  'not-configured': 'WRONG_STATE',
  'console-read-only': 'FORBIDDEN',
  'deployment-read-only': 'FORBIDDEN',
  'backup-held': 'WRONG_STATE',
  confirm: 'CONFIRMATION_REQUIRED',
} as const

export function answerToBackupRefused(error: BackupRefused, language: Language): ORPCError<string, unknown> {
  const { refusal } = error
  const code = CODES[refusal.kind]
  const answer = (message: string, data: unknown) =>
    new ORPCError(code, { status: errors[code].status, message, data, cause: error })
  switch (refusal.kind) {
    case 'no-backup': {
      const { id } = refusal
      return answer(errorText(language, 'no-backup', { id }), { what: 'backup', name: id })
    }
    case 'not-configured': {
      const { deployment, kind } = refusal
      return answer(errorText(language, 'backups-not-configured', { name: deployment }), { reason: kind })
    }
    case 'console-read-only':
    case 'deployment-read-only': {
      const { kind, deployment: name } = refusal
      const action = errorText(language, 'removing-backup')
      return answer(errorText(language, kind, { action, name }), { reason: kind })
    }
    case 'backup-held': {
      const { id, operation, kind } = refusal
      return answer(errorText(language, kind, { id, operation }), { reason: kind })
    }
    case 'confirm': {
      const { deployment, id, isLastGood, isWrong } = refusal
      const text = errorText(language, isLastGood ? 'removes-last-backup' : 'removes-backup', {
        ...{ id, name: deployment },
      })
      const message = isWrong ? errorText(language, 'confirm-mismatch', { name: deployment }) : text
      const preview = {
        irreversible: [{ code: isLastGood ? 'removes-last-backup' : 'removes-backup', text }],
      }
      return answer(message, { reason: isWrong ? 'mismatch' : 'missing', deployment, preview, plan: null })
    }
  }
}

/** Something that failed as things do: understood, and not done. */
export function answerToBackupFailure(error: BackupError, language: Language): ORPCError<string, unknown> {
  const reason = backupText(translatorOf(language), error.failure)
  const data = { reason, codes: [error.failure.code], issues: [] }
  return new ORPCError('UNPROCESSABLE', { status: 422, message: reason, data, cause: error })
}
