/** The secret key that a backup is opened with: this console's own drill key, or one that somebody names for it, as the recovery key of the console that made it. */
import type { SecretReference } from '#shared/model/profile/fields.ts'
import { SecretMissing, type SecretResolver } from '../vault/resolve.ts'
import { BackupError } from './backup-error.ts'
import { asTyped, type BackupKeys, recipientOf } from './keys.ts'
import type { Manifest } from './manifest.ts'

export interface IdentityDependencies {
  readonly backedUp: { readonly keys: Pick<BackupKeys, 'drillIdentity'> }
  readonly resolveSecret: SecretResolver
}

/**
 * Said before anything of it is read: whom it was encrypted for stands in its manifest.
 * @param key where the key is; left out: this console's own is taken
 * @throws BackupError `key-missing`, `identity-invalid`, `identity-other`
 */
export async function identityFor(
  { backedUp: { keys }, resolveSecret }: IdentityDependencies,
  { recipients }: Pick<Manifest, 'recipients'>,
  key: SecretReference | undefined,
): Promise<string> {
  const identity = key === undefined ? await keys.drillIdentity() : await named(resolveSecret, key)
  if (recipients.length > 0 && !recipients.includes(await publicHalf(identity)))
    throw new BackupError('identity-other')
  return identity
}

async function named(resolveSecret: SecretResolver, reference: SecretReference): Promise<string> {
  try {
    return asTyped(await resolveSecret(reference))
  } catch (error) {
    if (error instanceof SecretMissing) throw new BackupError('key-missing', { reference }, error)
    throw error
  }
}

async function publicHalf(identity: string): Promise<string> {
  try {
    return await recipientOf(identity)
  } catch (error) {
    throw new BackupError('identity-invalid', {}, error)
  }
}
