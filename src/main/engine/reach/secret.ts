/** Secrets for reaching things: what is missing is a failure in words that waits for a person. */

import type { ReachStep } from '#shared/model/failure.ts'
import type { SecretReference } from '#shared/model/profile/fields.ts'
import { SecretMissing, type SecretResolver } from '../vault/resolve.ts'
import { VaultError } from '../vault/vault.ts'
import { errorCode, failed, type Place } from './failed.ts'

/** A password, token or key. Throws a `ReachError` where it cannot be had. */
export async function needSecret(
  resolveSecret: SecretResolver,
  reference: SecretReference,
  place: Place,
  step: ReachStep,
): Promise<string> {
  try {
    return await resolveSecret(reference)
  } catch (error) {
    if (error instanceof VaultError) throw failed(place, step, 'secret-locked', { reference })
    if (error instanceof SecretMissing) {
      throw failed(place, step, missingCode(reference, error.cause), { reference, name: nameOf(reference) })
    }
    throw error
  }
}

function missingCode(reference: SecretReference, cause: unknown) {
  if (reference.startsWith('env:')) return 'secret-environment-missing'
  if (reference.startsWith('secret:')) return 'secret-missing'
  return errorCode(cause) === 'ENOENT' ? 'secret-file-missing' : 'secret-file-unreadable'
}

function nameOf(reference: SecretReference): string {
  return reference.slice(reference.indexOf(':') + 1)
}
