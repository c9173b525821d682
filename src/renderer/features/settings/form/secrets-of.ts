/** The secrets that were typed into the form and are not yet in the vault. */
import { isSecretDraft, referenceOf, type SecretDraft } from './parts/secret.ts'

export interface TypedSecret {
  /** Path of the field in the form. */
  readonly field: string
  /** Name in the vault, from its reference. */
  readonly name: string
  readonly value: string
}

/**
 * Those with a value to put into the vault; a reference that is not of the vault keeps no value, and neither does one
 * that what is made of the form does not refer to: it was typed for a choice that was then changed.
 */
export function typedSecrets(draft: unknown, profile: unknown): TypedSecret[] {
  const referred = new Set(textsIn(profile))
  return secretFields(draft).flatMap(([field, secret]) => {
    const reference = referenceOf(secret)
    const name = /^secret:(.+)$/.exec(reference)?.[1]
    return secret.value === '' || name === undefined || !referred.has(reference)
      ? []
      : [{ field, name, value: secret.value }]
  })
}

/** Every secret field below a part of the form, by its path. */
function secretFields(part: unknown, path = ''): [string, SecretDraft][] {
  if (isSecretDraft(part)) return [[path, part]]
  if (typeof part !== 'object' || part === null) return []
  return Object.entries(part).flatMap(([key, value]) =>
    key === 'kept' ? [] : secretFields(value, path === '' ? key : `${path}.${key}`),
  )
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []
}

/** A name for a secret of a deployment that says what it is: `shop-postgres-password`. */
export function proposedName(deployment: string, what: string): string {
  const safe = `${deployment.trim() || 'deployment'}-${what}`.replaceAll(/[^A-Za-z0-9._-]+/g, '-')
  return safe.slice(0, 128)
}
