/**
 * The values of the secrets that this console knows, for taking them out of what is read. They are turned into a mask and go
 * nowhere else.
 */
import type { DeploymentProfile } from '#shared/model/profile/deployment.ts'
import { SecretReference } from '#shared/model/profile/fields.ts'
import { createSecretMask, type SecretMask } from '../../masking/secrets.ts'
import { SecretMissing, type SecretResolver } from '../../vault/resolve.ts'
import type { Vault } from '../../vault/vault.ts'

export interface KnownSecretsOptions {
  readonly vault: Vault
  readonly resolveSecret: SecretResolver
}

export type SecretMaskFor = (profile: DeploymentProfile) => Promise<SecretMask>

/** @returns a function that rejects with a `VaultError` where the vault cannot be used: nothing is shown unmasked then */
export function createKnownSecrets({ vault, resolveSecret }: KnownSecretsOptions): SecretMaskFor {
  return async (profile) => {
    const inVault = (await vault.names()).map(({ name }): SecretReference => `secret:${name}`)
    const references = new Set([...inVault, ...referencesIn(profile)])
    const values = await Promise.all(
      [...references].map((reference) =>
        resolveSecret(reference).catch((error: unknown) => {
          if (error instanceof SecretMissing) return null
          throw error
        }),
      ),
    )
    return createSecretMask(values.filter((value) => value !== null))
  }
}

function referencesIn(value: unknown): SecretReference[] {
  if (typeof value === 'string') {
    const parsed = SecretReference.safeParse(value)
    return parsed.success ? [parsed.data] : []
  }
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(referencesIn)
}
