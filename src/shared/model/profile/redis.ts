/** A Redis of a deployment profile: one server, the primary that sentinels name, or a cluster. */
import { z } from 'zod'
import { Name, SecretReference } from './fields.ts'
import { REDIS_URL_EXAMPLE, readRedisUrl } from './redis-url.ts'
import { Tls } from './tls.ts'

const Url = z.string().superRefine((text, context) => {
  const read = readRedisUrl(text)
  if (!('fault' in read)) return
  const { message, params } = read.fault
  context.addIssue({ code: 'custom', message, params: { example: REDIS_URL_EXAMPLE, ...params } })
})

const Sentinel = z.strictObject({
  /** The name under which the sentinels know the primary: `mymaster`. */
  primary: z.string().regex(/^[A-Za-z0-9._-]+$/, 'bad-sentinel-primary'),
  /** Who we are to the sentinels, where they ask. */
  user: z.string().min(1).optional(),
  password: SecretReference.optional(),
  /** Whether the sentinels speak TLS; left out: as the URL says of the primary. */
  encrypted: z.boolean().optional(),
  /** Their TLS; left out: as that of the primary. */
  tls: Tls.optional(),
})

export const Redis = z
  .strictObject({
    name: Name,
    /**
     * `redis://[USER@]HOST[:PORT][/DB]`, `rediss://…` over TLS, `unix:///PATH[?db=DB]`; several addresses, with a comma
     * between them, for sentinels and clusters.
     */
    url: Url,
    password: SecretReference.optional(),
    tls: Tls.optional(),
    /** The URL's addresses are those of sentinels, which are asked for this primary. */
    sentinel: Sentinel.optional(),
    /** The URL's addresses are nodes of a cluster, which name the others. */
    cluster: z.boolean().default(false),
    /** Celery's queues that are kept in it: `celery`. */
    queues: z
      .array(z.string().regex(/^[^\s\p{Cc}]{1,100}$/u, 'bad-queue'))
      .max(20, 'too-many-queues')
      .optional(),
  })
  .superRefine((redis, context) => {
    const refuse = (path: string[], message: string) =>
      context.addIssue({ code: 'custom', path, message, params: { example: REDIS_URL_EXAMPLE } })
    const { sentinel, cluster, tls, queues } = redis
    if (sentinel !== undefined && cluster) refuse(['cluster'], 'sentinel-or-cluster')
    if (cluster && queues !== undefined && queues.length > 0) refuse(['queues'], 'queues-in-cluster')
    if (queues !== undefined && new Set(queues).size < queues.length) refuse(['queues'], 'queue-twice')
    const url = readRedisUrl(redis.url)
    if ('fault' in url) return
    const many = sentinel !== undefined || cluster
    if (many && url.socket !== null) refuse(['url'], 'redis-socket-alone')
    if (!many && url.servers.length > 1) refuse(['url'], 'redis-several-servers')
    if (cluster && url.database !== 0) refuse(['url'], 'redis-cluster-database')
    const sentinelsEncrypted = sentinel?.encrypted ?? url.tls
    if (tls !== undefined && !url.tls && !(sentinel !== undefined && sentinelsEncrypted)) {
      refuse(['tls'], 'redis-tls-without-tls')
    }
    if (sentinel?.tls !== undefined && !sentinelsEncrypted) {
      refuse(['sentinel', 'tls'], 'redis-tls-without-tls')
    }
  })
export type Redis = z.infer<typeof Redis>
