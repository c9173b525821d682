/** A Redis in the form: one server, those that sentinels name, or a cluster. */
import type { Redis } from '#shared/model/profile/redis.ts'
import { type Kept, NOTHING_KEPT, onTop } from './kept.ts'
import { referenceOf, type SecretDraft, secretDraft } from './secret.ts'
import { type TlsDraft, tlsDraft, tlsOf } from './tls.ts'

export const REDIS_KINDS = ['server', 'sentinel', 'cluster'] as const
export type RedisKind = (typeof REDIS_KINDS)[number]

export interface RedisDraft {
  name: string
  kind: RedisKind
  url: string
  password: SecretDraft
  sentinel: { primary: string; user: string; password: SecretDraft; kept: Kept }
  tls: TlsDraft
  /** Names with commas between them. */
  queues: string
  kept: Kept
}

export const newRedis = (name: string): RedisDraft => ({
  ...redisDraft({ name, url: '', cluster: false }),
  kept: NOTHING_KEPT,
})

export function redisDraft(redis: Redis): RedisDraft {
  const { sentinel } = redis
  return {
    name: redis.name,
    kind: sentinel !== undefined ? 'sentinel' : redis.cluster ? 'cluster' : 'server',
    url: redis.url,
    password: secretDraft(redis.password),
    sentinel: {
      primary: sentinel?.primary ?? '',
      user: sentinel?.user ?? '',
      password: secretDraft(sentinel?.password),
      kept: sentinel ?? NOTHING_KEPT,
    },
    tls: tlsDraft(redis.tls),
    queues: (redis.queues ?? []).join(', '),
    kept: redis,
  }
}

export function redisOf({
  name,
  kind,
  url,
  password,
  sentinel,
  tls,
  queues,
  kept,
}: RedisDraft): Record<string, unknown> {
  return onTop(
    kept,
    {
      name: name.trim(),
      url: url.trim(),
      password: referenceOf(password),
      sentinel:
        kind === 'sentinel'
          ? onTop(
              sentinel.kept,
              {
                primary: sentinel.primary.trim(),
                user: sentinel.user.trim(),
                password: referenceOf(sentinel.password),
              },
              ['primary'],
            )
          : undefined,
      cluster: kind === 'cluster' ? true : kept.cluster === undefined ? undefined : false,
      tls: tlsOf(tls),
      queues: namesIn(queues),
    },
    ['name', 'url'],
  )
}

function namesIn(text: string): string[] | undefined {
  const names = text.split(/[\s,]+/).filter((name) => name !== '')
  return names.length === 0 ? undefined : names
}
