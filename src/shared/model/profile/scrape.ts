/** Where metrics are read from that are no service of the deployment: an exporter, by the whole address of its metrics. */
import { z } from 'zod'
import { SecretReference, url } from './fields.ts'
import { Headers } from './headers.ts'
import { Service } from './service.ts'
import { Tls } from './tls.ts'

const EXAMPLE = 'http://10.0.0.5:9100/metrics'

/** Dialled from the end of the SSH chain, where there is one. What is read may be chosen in the query: `?collect[]=cpu`. */
export const scrape = {
  url: url({
    schemes: ['http:', 'https:'],
    example: EXAMPLE,
    refuse: ({ username, hash }) =>
      username !== '' ? { message: 'user-in-url' } : hash !== '' ? { message: 'bad-url' } : null,
  }),
  /** Sent as `Authorization: Bearer …`. */
  token: SecretReference.optional(),
  basic: Service.shape.basic,
  headers: Headers.default({}),
  tls: Tls.optional(),
}

export const Scrape = z.strictObject(scrape).superRefine(refuseTwoAuthorizations)
export type Scrape = z.infer<typeof Scrape>

/** Adds an issue where more than one way is given to say who we are. */
export function refuseTwoAuthorizations(
  source: Pick<z.infer<typeof Fields>, 'token' | 'basic'>,
  context: z.core.$RefinementCtx,
): void {
  if (source.token === undefined || source.basic === undefined) return
  const params = { ways: 'token, basic' }
  context.addIssue({ code: 'custom', path: ['basic'], message: 'one-authorization', params })
}
const Fields = z.strictObject(scrape)

/** The path with its query, as it is asked for. */
export function scrapePath({ url: text }: Pick<Scrape, 'url'>): string {
  const { pathname, search } = new URL(text)
  return `${pathname}${search}`
}

/** As a service of which nothing but its metrics is known. */
export function scrapedService(name: string, source: Scrape): Service {
  const { token, basic, headers, tls } = source
  return {
    name,
    url: new URL(source.url).origin,
    live: scrapePath(source),
    ...{ ready: null, metrics: null, monitoring: null, redirects: 'none', requests: [] },
    ...{ processes: 1, instances: 1, headers },
    ...(token !== undefined && { token }),
    ...(basic !== undefined && { basic }),
    ...(tls !== undefined && { tls }),
  }
}
