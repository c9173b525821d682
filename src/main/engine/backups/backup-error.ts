/** How making, reading or proving a backup fails as things in the world do: a code and what its text needs. */

import type { backups } from '#shared/locales/en/backups.ts'
import type { BackupFailure, BackupFailureCode } from '#shared/model/backup.ts'

/** The names in a text's `{{name}}` and `{{name, number}}`. */
type NamesIn<Text extends string> = Text extends `${string}{{${infer Name}}}${infer Rest}`
  ? (Name extends `${infer Bare},${string}` ? Bare : Name) | NamesIn<Rest>
  : never
type NamesOf<Code extends BackupFailureCode> = NamesIn<(typeof backups)[Code]>
type ParametersOf<Code extends BackupFailureCode> = Record<NamesOf<Code>, string | number> &
  Record<string, string | number>
type Rest<Code extends BackupFailureCode> = [NamesOf<Code>] extends [never]
  ? [params?: Record<string, string | number>, cause?: unknown]
  : [params: ParametersOf<Code>, cause?: unknown]

/** An expected failure. Its parameters are names and numbers for the text, nothing secret. */
export class BackupError<Code extends BackupFailureCode = BackupFailureCode> extends Error {
  readonly failure: BackupFailure
  constructor(code: Code, ...[params, cause]: Rest<Code>) {
    super(`backup: ${code}`, cause === undefined ? undefined : { cause })
    this.name = 'BackupError'
    this.failure = { code, params: params ?? {} }
  }
}

/** One that was told by another thread or process. */
export function backupError({ code, params }: BackupFailure): BackupError {
  return Object.assign(new BackupError('not-age'), { message: `backup: ${code}`, failure: { code, params } })
}
