/** Secrets and host keys: what opens the ways. Values go in and never come out. */
import { z } from 'zod'
import { Fingerprint, HostPort, SECRET_MAX_LENGTH, SecretName } from '#shared/model/access.ts'
import { administers, listOf, Moment, reads } from './procedure.ts'

export const secrets = {
  list: reads()
    .route({
      method: 'GET',
      path: '/secrets',
      tags: ['access'],
      summary: 'Names of the secrets in the vault',
    })
    .output(
      listOf(
        z.object({
          name: z.string(),
          updatedAt: Moment,
          /** Deployments and channels that refer to it. */ usedBy: z.array(z.string()),
        }),
      ),
    ),
  set: administers()
    .route({
      method: 'PUT',
      path: '/secrets/{name}',
      tags: ['access'],
      summary: 'Put a secret into the vault',
    })
    .input(z.object({ name: SecretName, value: z.string().min(1).max(SECRET_MAX_LENGTH) }))
    .output(z.object({ name: z.string() })),
  remove: administers()
    .route({ method: 'DELETE', path: '/secrets/{name}', tags: ['access'], summary: 'Remove a secret' })
    .input(z.object({ name: SecretName }))
    .output(z.object({ name: z.string() })),
}

export const hosts = {
  list: reads()
    .route({
      method: 'GET',
      path: '/hosts',
      tags: ['access'],
      summary: 'Host keys accepted in Vakhta, and those that wait for it',
    })
    .output(
      listOf(
        z.object({
          host: z.string(),
          keyType: z.string(),
          /** `SHA256:…`, as OpenSSH prints it. */
          fingerprint: z.string(),
          /** `accepted` here, `offered` and not yet accepted, or `changed`: offered in place of the known one, and refused. */
          state: z.enum(['accepted', 'offered', 'changed']),
          at: Moment,
          /**
           * Of a changed key the known one, and from where that is known: `FILE:LINE`, or `Vakhta`. `null` of others, and
           * until the key comes again after a start of the console.
           */
          replaces: z.object({ fingerprint: z.string(), where: z.string() }).nullable(),
        }),
      ),
    ),
  accept: administers()
    .route({
      method: 'POST',
      path: '/hosts/accept',
      tags: ['access'],
      summary: "Accept a host's key by its fingerprint",
    })
    .input(
      z.object({
        host: HostPort,
        fingerprint: Fingerprint,
      }),
    )
    .output(z.object({ host: z.string(), fingerprint: z.string() })),
  remove: administers()
    .route({
      method: 'POST',
      path: '/hosts/remove',
      tags: ['access'],
      summary: 'Forget the keys of a host, or one that was noted of it',
    })
    /** Of one that was offered or has changed: it is noted again where something still leads there. */
    .input(z.object({ host: HostPort, fingerprint: Fingerprint.optional() }))
    .output(z.object({ host: z.string() })),
}
