/** What an operation is refused with, as an error of the contract. */
import { ORPCError } from '@orpc/server'
import { errors } from '#shared/contract/procedure.ts'
import type { Language } from '#shared/locales/languages.ts'
import { operationText, scopeWords } from '#shared/locales/translate.ts'
import type { OperationRefused, Refused } from '../engine/operations/refused.ts'
import { badRequest, inputIssue } from './input-issues.ts'
import { speakLine, speakPreview } from './operations.ts'
import { errorText, momentOrNull, translatorOf } from './speech.ts'

const CODES = {
  'no-deployment': 'NOT_FOUND',
  'no-operation': 'NOT_FOUND',
  options: 'BAD_REQUEST',
  guard: 'FORBIDDEN',
  confirm: 'CONFIRMATION_REQUIRED',
  impossible: 'UNPROCESSABLE',
  'key-used': 'UNPROCESSABLE',
  locked: 'TARGET_LOCKED',
  held: 'WRONG_STATE',
  'way-back': 'WRONG_STATE',
  state: 'WRONG_STATE',
} as const

export function refusedCode({ kind }: Refused): (typeof CODES)[Refused['kind']] {
  return CODES[kind]
}

export function answerToRefused(error: OperationRefused, language: Language): ORPCError<string, unknown> {
  const { refused } = error
  const code = refusedCode(refused)
  const { message, data } = said(refused, language)
  return new ORPCError(code, { status: errors[code].status, message, data, cause: error })
}

function said(refused: Refused, language: Language): { message: string; data: unknown } {
  const words = (...args: Parameters<typeof errorText> extends [Language, ...infer Rest] ? Rest : never) =>
    errorText(language, ...args)
  switch (refused.kind) {
    case 'no-deployment': {
      const { name } = refused
      return { message: words('no-deployment', { name }), data: { what: 'deployment', name } }
    }
    case 'no-operation':
      return {
        message: words('no-operation', { id: refused.id }),
        data: { what: 'operation', name: refused.id },
      }
    case 'options':
      return badRequest(
        language,
        refused.issues.map((issue) => inputIssue({ ...issue, path: ['options', ...issue.path] }, language)),
      )
    case 'guard': {
      const { reason, deployment, role } = refused
      const action = operationText(translatorOf(language), { code: `kind-${refused.action}`, params: {} })
      const message =
        reason === 'role'
          ? words('forbidden', { action, role: 'OPERATOR', has: role })
          : words(reason, { name: deployment, action })
      return { message, data: { reason } }
    }
    case 'confirm': {
      const { reason, deployment, plan } = refused
      const preview = speakPreview(language, refused.preview)
      return {
        message: words(`confirm-${reason}`, { name: deployment }),
        data: { reason, deployment, preview, plan },
      }
    }
    case 'impossible': {
      const reason = refused.reasons.map((one) => speakLine(language, one).text).join('\n')
      return {
        message: reason,
        data: { reason, codes: refused.reasons.map(({ code: one }) => one), issues: [] },
      }
    }
    case 'key-used':
      return { message: words('key-used'), data: { reason: words('key-used'), issues: [] } }
    case 'locked': {
      const { scope, deployment, holder } = refused
      const { console: other, operation, isLeft } = holder
      const key = isLeft ? 'target-left' : other === null ? 'target-locked' : 'target-locked-elsewhere'
      const where = scopeWords(translatorOf(language), scope)
      const params = { name: deployment, scope: where, console: other ?? '', operation: operation ?? '?' }
      return {
        message: words(other === null && isLeft ? 'target-locked' : key, params),
        data: { scope, deployment, holder: { ...holder, since: momentOrNull(holder.since) } },
      }
    }
    case 'held':
    case 'way-back': {
      const { id: operation, deployment: name } = refused
      const key = refused.kind === 'held' ? 'deployment-held' : 'deployment-way-back'
      const message = words(key, { name, operation })
      return { message, data: { reason: message } }
    }
    case 'state':
      return { message: words(`operation-${refused.reason}`), data: { reason: refused.reason } }
  }
}
