/** Who we are to a service: the headers that a profile names, with the secrets that they refer to. */

import type { SecretReference } from '#shared/model/profile/fields.ts'
import { isReference } from '#shared/model/profile/headers.ts'
import type { Service } from '#shared/model/profile/service.ts'
import type { SecretResolver } from '../../vault/resolve.ts'
import { failed, type Place } from '../failed.ts'
import { needSecret } from '../secret.ts'

export interface Credentials {
  /** Lower case, so that one of the profile takes the place of one of ours. */
  readonly headers: Record<string, string>
  /** What of it is secret, to tell whether it changed; `null` where nothing is. */
  readonly secrets: string | null
}

/** All but OAuth's token. Throws a `ReachError` at step `authentication` where a secret cannot be had or sent. */
export async function credentialsOf(
  { token, basic, headers }: Pick<Service, 'token' | 'basic' | 'headers'>,
  resolveSecret: SecretResolver,
  place: Place,
): Promise<Credentials> {
  const secrets: string[] = []
  const need = async (reference: SecretReference) => {
    const secret = await needSecret(resolveSecret, reference, place, 'authentication')
    secrets.push(secret)
    return secret
  }
  const made: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    made[name.toLowerCase()] = isReference(value) ? visible(await need(value), name, value, place) : value
  }
  if (token !== undefined) {
    const value = await need(token)
    if (!/^[\x21-\x7e]+$/.test(value))
      throw failed(place, 'authentication', 'http-token-invalid', { reference: token })
    made.authorization = `Bearer ${value}`
  }
  if (basic !== undefined) {
    const login = `${basic.user}:${await need(basic.password)}`
    made.authorization = `Basic ${Buffer.from(login).toString('base64')}`
  }
  return { headers: made, secrets: secrets.length === 0 ? null : JSON.stringify(secrets) }
}

function visible(value: string, name: string, reference: string, place: Place): string {
  if (/^[\x20-\x7e]*$/.test(value)) return value
  throw failed(place, 'authentication', 'http-header-invalid', { name, reference })
}
