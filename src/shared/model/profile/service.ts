/** An HTTP service of a deployment profile. */
import { z } from 'zod'
import { refuseSameNames } from './custom.ts'
import { Name, Path, SecretReference, url } from './fields.ts'
import { Headers } from './headers.ts'
import { Request } from './request.ts'
import { Restart } from './restart.ts'
import { Tls } from './tls.ts'

const WEB_SCHEMES = ['http:', 'https:']
const SERVICE_EXAMPLE = 'https://shop.example.com'
const PROXY_EXAMPLE = 'http://vakhta@proxy.internal:3128'

const SERVICE_URL = {
  schemes: WEB_SCHEMES,
  example: SERVICE_EXAMPLE,
  refuse: (parsed: URL) => (parsed.username === '' ? refuseQuery(parsed) : { message: 'user-in-url' }),
}

function refuseQuery({ search, hash }: URL) {
  return search === '' && hash === '' ? null : { message: 'query-in-url' }
}

const ABSOLUTE_URL = url({
  ...SERVICE_URL,
  refuse: (parsed) => (parsed.username === '' ? null : { message: 'user-in-url' }),
})

/** One message, whichever of the two it was meant to be. */
const TokenUrl = z.string().superRefine((text, context) => {
  const issues = text.startsWith('/') ? [] : (ABSOLUTE_URL.safeParse(text).error?.issues ?? [])
  for (const { message } of issues) {
    const params = { example: 'https://id.example.com/token' }
    context.addIssue({ code: 'custom', message, params })
  }
})

/**
 * OAuth 2.0 client credentials (RFC 6749, section 4.4): a token is fetched, and renewed before it ends. `form` is the
 * standard; `json` posts `{ client_id, client_secret, scope }` as JSON without `grant_type`, as some services want it.
 */
export const OAuth2 = z
  .strictObject({
    /** A URL, or a path of the service itself. */
    tokenUrl: TokenUrl,
    clientId: z.string().min(1),
    clientSecret: SecretReference,
    scope: z.string().min(1).optional(),
    /** Whom the token is to be for, where the one who issues it asks for that. */
    audience: z.string().min(1).optional(),
    style: z.enum(['form', 'json']).default('form'),
    /** Where the secret goes with `form`: into the header, as the RFC recommends and where it is left out, or into the body. */
    clientAuthentication: z.enum(['basic', 'body']).optional(),
  })
  .superRefine(({ style, clientAuthentication }, context) => {
    if (style === 'json' && clientAuthentication !== undefined) {
      context.addIssue({ code: 'custom', path: ['clientAuthentication'], message: 'form-style-only' })
    }
  })
export type OAuth2 = z.infer<typeof OAuth2>

export const HttpProxy = z
  .strictObject({
    /**
     * `http://[USER@]HOST:PORT`; dialled from the end of the SSH chain, as the service itself would be. `HTTP_PROXY` and
     * its kin in the environment of Vakhta mean nothing: a profile says all of how a deployment is reached.
     */
    url: url({ schemes: WEB_SCHEMES, example: PROXY_EXAMPLE, refuse: refuseQuery }),
    password: SecretReference.optional(),
  })
  .superRefine((proxy, context) => {
    const hasUser = URL.canParse(proxy.url) && new URL(proxy.url).username !== ''
    if (proxy.password === undefined || hasUser) return
    const params = { example: PROXY_EXAMPLE }
    context.addIssue({ code: 'custom', path: ['password'], message: 'proxy-password-without-user', params })
  })
export type HttpProxy = z.infer<typeof HttpProxy>

export const Service = z
  .strictObject({
    name: Name,
    url: url(SERVICE_URL),
    live: Path.default('/health'),
    ready: Path.nullable().default('/ready'),
    /** `null` where the service exposes no Prometheus metrics. */
    metrics: Path.nullable().default('/metrics'),
    /** Where the service answers `pool/metrics` of its own, if it does. */
    monitoring: Path.nullable().default(null),
    /** Sent as `Authorization: Bearer …`. */
    token: SecretReference.optional(),
    basic: z
      .strictObject({
        user: z
          .string()
          .min(1)
          .regex(/^[^:]+$/, 'user-with-colon'),
        password: SecretReference,
      })
      .optional(),
    oauth2: OAuth2.optional(),
    /** Sent with every request; a value is a reference to a secret, or stands as it is. */
    headers: Headers.default({}),
    tls: Tls.optional(),
    proxy: HttpProxy.optional(),
    /** Redirects that are followed; credentials go to the service's own origin alone. */
    redirects: z.enum(['none', 'same-host', 'any']).default('none'),
    /** The declared pool: `size` kept open and `overflow` beyond it, in each process. */
    pool: z
      .strictObject({ size: z.number().int().min(1), overflow: z.number().int().min(0).default(0) })
      .optional(),
    processes: z.number().int().min(1).default(1),
    instances: z.number().int().min(1).default(1),
    /** How it is restarted; left out where it is not from here. */
    restart: Restart.optional(),
    /** What else is asked, in the profile's own words. */
    requests: z.array(Request).max(20).default([]),
  })
  .superRefine((service, context) => {
    refuseSameNames(service.requests, 'requests', context)
    const ways: string[] = (['token', 'basic', 'oauth2'] as const).filter((way) => service[way] !== undefined)
    const header = Object.keys(service.headers).find((name) => name.toLowerCase() === 'authorization')
    if (header !== undefined) ways.push(`headers.${header}`)
    if (ways.length > 1) {
      context.addIssue({
        code: 'custom',
        path: (ways[1] ?? 'basic').split('.', 2),
        message: 'one-authorization',
        params: { ways: ways.join(', ') },
      })
    }
  })
export type Service = z.infer<typeof Service>
