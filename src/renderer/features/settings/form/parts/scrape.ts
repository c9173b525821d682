/** Where metrics are read from that are no service's, in the form. */
import type { Scrape } from '#shared/model/profile/scrape.ts'
import { type Kept, NOTHING_KEPT, onTop } from './kept.ts'
import { referenceOf, type SecretDraft, secretDraft } from './secret.ts'
import { basicOf, type ServiceDraft } from './service.ts'
import { type TlsDraft, tlsDraft, tlsOf } from './tls.ts'

/** How an exporter is told who asks. */
export const SCRAPE_AUTHORIZATIONS = ['none', 'token', 'basic'] as const

export interface ScrapeDraft {
  url: string
  authorization: (typeof SCRAPE_AUTHORIZATIONS)[number]
  token: SecretDraft
  basic: ServiceDraft['basic']
  tls: TlsDraft
  kept: Kept
}

export const newScrape = (): ScrapeDraft => ({ ...scrapeDraft({ url: '', headers: {} }), kept: NOTHING_KEPT })

export function scrapeDraft(source: Scrape): ScrapeDraft {
  const { basic } = source
  return {
    url: source.url,
    authorization: (['token', 'basic'] as const).find((way) => source[way] !== undefined) ?? 'none',
    token: secretDraft(source.token),
    basic: { user: basic?.user ?? '', password: secretDraft(basic?.password), kept: basic ?? NOTHING_KEPT },
    tls: tlsDraft(source.tls),
    kept: source,
  }
}

/** With what else the part says, where it says more. */
export function scrapeOf(draft: ScrapeDraft, more: Record<string, unknown> = {}): Record<string, unknown> {
  const { authorization, token, basic, tls, kept } = draft
  return onTop(
    kept,
    {
      ...more,
      url: draft.url.trim(),
      token: authorization === 'token' ? referenceOf(token) : undefined,
      basic: authorization === 'basic' ? basicOf(basic) : undefined,
      tls: tlsOf(tls),
    },
    ['name', 'url', 'token'],
  )
}
