/** What a server asks while somebody logs in, made fit to be shown: it comes from a far side that may be hostile. Pure. */
import type { QuestionField } from '#shared/model/question.ts'
import { hideSecrets } from '../secret.ts'

const MOST_FIELDS = 8
const LABEL_LENGTH = 200
const INSTRUCTION_LENGTH = 1_000

export interface Prompt {
  readonly prompt: string
  readonly echo?: boolean
}

export interface AskedQuestion {
  readonly instruction: string
  readonly fields: readonly QuestionField[]
}

/**
 * `null` where it asks for more than any login does.
 * @param secrets what it was told before: many a server repeats what it was given
 */
export function questionOf(
  name: string,
  instruction: string,
  prompts: readonly Prompt[],
  secrets: readonly string[] = [],
): AskedQuestion | null {
  if (prompts.length > MOST_FIELDS) return null
  return {
    instruction: shown(`${name} ${instruction}`, INSTRUCTION_LENGTH, secrets),
    fields: prompts.map(({ prompt, echo }) => ({
      label: shown(prompt, LABEL_LENGTH, secrets),
      secret: echo !== true,
    })),
  }
}

/** On one line, bounded, without secrets, and without what moves the cursor or turns the direction of writing. */
export function shown(text: string, length: number, secrets: readonly string[] = []): string {
  return hideSecrets(text, secrets)
    .replaceAll(/[\p{Cc}\p{Z}]+/gu, ' ')
    .replaceAll(/\p{C}/gu, '')
    .trim()
    .slice(0, length)
}

const PASSWORD =
  /passw|passphrase|парол|kennwort|mot de passe|contraseñ|senha|hasło|密码|密碼|パスワード|비밀번호/i
const SOMETHING_ELSE =
  /one.?time|onetime|otp|verif|token|code|pin\b|second|factor|новый|разов|код|new|again|retype|change/i

/** Whether the one thing that is asked for is the account's password: not a code, nor a new password. */
export function asksForPassword({ fields }: AskedQuestion): boolean {
  const [field] = fields
  return (
    fields.length === 1 &&
    field?.secret === true &&
    PASSWORD.test(field.label) &&
    !SOMETHING_ELSE.test(field.label)
  )
}
