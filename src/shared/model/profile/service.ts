/** An HTTP service of a deployment profile. */
import { z } from 'zod'
import { Name, Path, SecretReference, url } from './fields.ts'
import { Tls } from './tls.ts'

const SERVICE_URL = { schemes: ['http:', 'https:'], example: 'https://shop.example.com' }

/**
 * OAuth 2.0 client credentials (RFC 6749, section 4.4): a token is fetched, and renewed before it ends. `form` is the
 * standard; `json` posts `{ client_id, client_secret, scope }` as JSON without `grant_type`, as some services want it.
 */
export const OAuth2 = z.strictObject({
  /** A URL, or a path of the service itself. */
  tokenUrl: z.union([Path, url(SERVICE_URL)]),
  clientId: z.string().min(1),
  clientSecret: SecretReference,
  scope: z.string().min(1).optional(),
  style: z.enum(['form', 'json']).default('form'),
})
export type OAuth2 = z.infer<typeof OAuth2>

export const HttpProxy = z.strictObject({
  /** `http://[USER@]HOST:PORT`; dialled from the end of the SSH chain, as the service itself would be. */
  url: url({ schemes: ['http:', 'https:'], example: 'http://proxy.internal:3128' }),
  password: SecretReference.optional(),
})

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
    basic: z.strictObject({ user: z.string().min(1), password: SecretReference }).optional(),
    oauth2: OAuth2.optional(),
    /** Sent with every request; a value is a reference to a secret, or stands as it is. */
    headers: z.record(z.string(), z.string()).default({}),
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
  })
  .superRefine((service, context) => {
    const ways = (['token', 'basic', 'oauth2'] as const).filter((way) => service[way] !== undefined)
    if (ways.length > 1) {
      context.addIssue({
        code: 'custom',
        path: [ways[1] ?? 'basic'],
        message: 'one-authorization',
        params: { ways: ways.join(', ') },
      })
    }
  })
export type Service = z.infer<typeof Service>
