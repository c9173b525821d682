/** A proxy in a form. */
import type { HttpProxy } from '#shared/model/profile/service.ts'
import { type Kept, onTop } from './kept.ts'
import { referenceOf, type SecretDraft, secretDraft } from './secret.ts'

export interface ProxyDraft {
  url: string
  password: SecretDraft
  kept: Kept | null
}

export function proxyDraft(proxy: HttpProxy | undefined): ProxyDraft {
  return { url: proxy?.url ?? '', password: secretDraft(proxy?.password), kept: proxy ?? null }
}

/** `undefined` where nothing is said of one. */
export function proxyOf({ url, password, kept }: ProxyDraft): Record<string, unknown> | undefined {
  if (url.trim() === '' && referenceOf(password) === '') return undefined
  return onTop(kept ?? {}, { url: url.trim(), password: referenceOf(password) }, ['url'])
}
