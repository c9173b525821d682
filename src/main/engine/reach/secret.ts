/** Secrets for reaching things: what is missing is a failure in words that waits for a person. */

import type { ReachStep } from '#shared/model/failure.ts'
import type { SecretReference } from '#shared/model/profile/fields.ts'
import { SecretMissing, type SecretResolver } from '../vault/resolve.ts'
import { VaultError } from '../vault/vault.ts'
import { errorCode, failed, type Place } from './failed.ts'
import { ReachError } from './reach.ts'

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

/** A shorter one would be found in words that have nothing to do with it. */
const SHORTEST_HIDDEN = 4

/** A text of a far side, which may repeat what it was sent, without our secrets. */
export function hideSecrets(text: string, secrets: readonly (string | null)[]): string {
  return (
    secrets
      .filter((secret) => secret !== null && secret.length >= SHORTEST_HIDDEN)
      .flatMap((secret) => [secret ?? '', encodeURIComponent((secret ?? '').toWellFormed())])
      // One that is part of another would leave the rest of that to be read.
      .toSorted((one, other) => other.length - one.length)
      .reduce((said, each) => said.replaceAll(each, '…'), text)
  )
}

/** The same failure without our secrets in what the far side said; every other error as it is. */
export function withoutSecrets<T>(error: T, secrets: readonly (string | null)[]): T | ReachError {
  if (!(error instanceof ReachError)) return error
  const { failure } = error
  const params = Object.fromEntries(
    Object.entries(failure.params).map(([name, value]) => [
      name,
      name === 'words' && typeof value === 'string' ? hideSecrets(value, secrets) : value,
    ]),
  )
  return params.words === failure.params.words ? error : new ReachError({ ...failure, params })
}

function missingCode(reference: SecretReference, cause: unknown) {
  if (reference.startsWith('env:')) return 'secret-environment-missing'
  if (reference.startsWith('secret:')) return 'secret-missing'
  return errorCode(cause) === 'ENOENT' ? 'secret-file-missing' : 'secret-file-unreadable'
}

function nameOf(reference: SecretReference): string {
  return reference.slice(reference.indexOf(':') + 1)
}
