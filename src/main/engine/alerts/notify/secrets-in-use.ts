/** The secrets of one attempt: resolved when they are needed, and taken out of everything that is told of it. */
import type { SecretReference } from '#shared/model/profile/fields.ts'
import { isReference } from '#shared/model/profile/headers.ts'
import { createSecretMask } from '../../masking/secrets.ts'
import { failed, type Place } from '../../reach/failed.ts'
import { needSecret } from '../../reach/secret.ts'
import type { SecretResolver } from '../../vault/resolve.ts'

export interface SecretsInUse {
  /** Throws a `ReachError` where it cannot be had. */
  need(reference: SecretReference, place: Place): Promise<string>
  /** The same for parts of `reach` that resolve by themselves. */
  readonly resolve: SecretResolver
  /** A web address that stands there, or is referred to. Throws a `ReachError` where it is none. */
  address(urlOrReference: string): Promise<{ url: URL; isSecret: boolean }>
  /** A text of the other side on one line, bounded, and without these secrets. */
  shown(text: string): string
}

const LONGEST_SHOWN = 500
/** Shorter parts of an address are words: `services`, `hooks`. */
const SHORTEST_PART = 8

export function createSecretsInUse(resolveSecret: SecretResolver): SecretsInUse {
  const used = new Set<string>()

  const resolve: SecretResolver = async (reference) => {
    const secret = await resolveSecret(reference)
    used.add(secret)
    return secret
  }

  function isWeb(text: string): boolean {
    return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).hostname !== ''
  }

  return {
    resolve,
    need: (reference, place) => needSecret(resolve, reference, place, 'authentication'),
    async address(urlOrReference) {
      if (!isReference(urlOrReference)) return { url: new URL(urlOrReference), isSecret: false }
      const place: Place = { hop: urlOrReference, on: 'target' }
      const text = (await needSecret(resolve, urlOrReference, place, 'resolve')).trim()
      if (!isWeb(text)) throw failed(place, 'resolve', 'channel-url-invalid', { reference: urlOrReference })
      const url = new URL(text)
      // The other side may repeat a part of it.
      for (const part of [
        `${url.pathname}${url.search}`,
        ...url.pathname.split('/'),
        ...url.searchParams.values(),
      ]) {
        if (part.length >= SHORTEST_PART) used.add(part)
      }
      return { url, isSecret: true }
    },
    shown(text) {
      const line = text
        .slice(0, LONGEST_SHOWN * 8)
        .replaceAll(/[\s\p{Cc}]+/gu, ' ')
        .replaceAll(/\p{C}/gu, '')
        .trim()
      return createSecretMask([...used])(line).slice(0, LONGEST_SHOWN)
    },
  }
}
