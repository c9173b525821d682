/** A secret in the form: where it is, and what was typed for the vault. */

/** A reference to a secret and, while it is typed and not yet in the vault, its value. */
export interface SecretDraft {
  reference: string
  value: string
}

export const secretDraft = (reference = ''): SecretDraft => ({ reference, value: '' })

export function referenceOf({ reference }: SecretDraft): string {
  return reference.trim()
}

export function isSecretDraft(value: unknown): value is SecretDraft {
  return typeof value === 'object' && value !== null && 'reference' in value && 'value' in value
}
