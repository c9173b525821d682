/** A line as a reader may see it: never with a secret, with values only where they were revealed. Pure. */
import type { LogLine } from '#shared/model/logs.ts'
import { maskField, maskLiterals } from '../../masking/literals.ts'
import { isSecretName, SECRET_MASK, type SecretMask } from '../../masking/secrets.ts'

export type Shown = (line: LogLine) => LogLine

export function showFor({ secrets, revealed }: { secrets: SecretMask; revealed: boolean }): Shown {
  const text = (value: string) => (revealed ? secrets(value) : maskLiterals(secrets(value)))
  return (line) => ({
    ...line,
    message: text(line.message),
    detail: line.detail === null ? null : text(line.detail),
    source: line.source === null ? null : text(line.source),
    fields: line.fields.map(({ name, value }) => {
      const harmless = secrets(name)
      if (isSecretName(name) && value !== '') return { name: harmless, value: SECRET_MASK }
      const safe = secrets(value)
      return { name: harmless, value: revealed ? safe : maskField(name, safe) }
    }),
  })
}
