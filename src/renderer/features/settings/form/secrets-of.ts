/** The secrets that were typed into the form and are not yet in the vault. */
import type { Draft, HopDraft, SecretDraft } from './draft.ts'

export interface TypedSecret {
  /** Path of the field in the form. */
  readonly field: string
  /** Name in the vault, from its reference. */
  readonly name: string
  readonly value: string
}

/** Every secret field of a draft, by its path. */
export function secretFields(draft: Draft): [string, SecretDraft][] {
  const ofHop = (path: string, hop: HopDraft): [string, SecretDraft][] => [
    [`${path}.key`, hop.key],
    [`${path}.passphrase`, hop.passphrase],
  ]
  return [
    ...draft.hops.flatMap((hop, index) => ofHop(`hops.${index}`, hop)),
    ...draft.services.map(({ token }, index): [string, SecretDraft] => [`services.${index}.token`, token]),
    ...draft.postgres.map(({ password }, index): [string, SecretDraft] => [
      `postgres.${index}.password`,
      password,
    ]),
    ...draft.redis.map(({ password }, index): [string, SecretDraft] => [`redis.${index}.password`, password]),
    ...draft.hosts.flatMap(({ hop }, index) => (hop === null ? [] : ofHop(`hosts.${index}.hop`, hop))),
  ]
}

/** Those with a value to put into the vault; a reference that is not of the vault keeps no value. */
export function typedSecrets(draft: Draft): TypedSecret[] {
  return secretFields(draft).flatMap(([field, { reference, value }]) => {
    const name = /^secret:(.+)$/.exec(reference.trim())?.[1]
    return value === '' || name === undefined ? [] : [{ field, name, value }]
  })
}

/** A name for a secret of a deployment that says what it is: `shop-postgres-password`. */
export function proposedName(deployment: string, what: string): string {
  const safe = `${deployment.trim() || 'deployment'}-${what}`.replaceAll(/[^A-Za-z0-9._-]+/g, '-')
  return safe.slice(0, 128)
}
