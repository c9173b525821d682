/** A Redis of a deployment profile: one server, those that sentinels name, or a cluster. */
import { z } from 'zod'
import { Name, SecretReference, url } from './fields.ts'
import { Tls } from './tls.ts'

export const Redis = z
  .strictObject({
    name: Name,
    /** `redis://[USER@]HOST:PORT[/DB]` or `rediss://…`; several addresses for sentinels and clusters. */
    url: url({ schemes: ['redis:', 'rediss:'], example: 'redis://127.0.0.1:6379/0' }),
    password: SecretReference.optional(),
    tls: Tls.optional(),
    /** The URL's addresses are those of sentinels, which are asked for this primary. */
    sentinel: z
      .strictObject({
        primary: z.string().min(1),
        /** Who we are to the sentinels, where they ask. */
        user: z.string().min(1).optional(),
        password: SecretReference.optional(),
      })
      .optional(),
    /** The URL's addresses are nodes of a cluster, which name the others. */
    cluster: z.boolean().default(false),
  })
  .superRefine((redis, context) => {
    if (redis.sentinel !== undefined && redis.cluster) {
      context.addIssue({ code: 'custom', path: ['cluster'], message: 'sentinel-or-cluster' })
    }
  })
export type Redis = z.infer<typeof Redis>
