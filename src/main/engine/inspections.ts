/** What people ask targets for, at this moment: what each of those rooms needs of the others is handed to it here. */
import type { Clock } from './clock.ts'
import type { Deployments } from './deployments/deployments.ts'
import { createLogInspection, type LogInspection } from './inspect/logs/create-inspection.ts'
import { createKnownSecrets } from './inspect/logs/known-secrets.ts'
import { createDatabaseInspection, type DatabaseInspection } from './inspect/postgres/create-inspection.ts'
import { createRedisInspection, type RedisInspection } from './inspect/redis/create-inspection.ts'
import type { Live } from './live/live.ts'
import type { Log } from './log.ts'
import type { Reach } from './reach/reach.ts'
import type { Releases } from './releases.ts'
import type { SecretResolver } from './vault/resolve.ts'
import type { Vault } from './vault/vault.ts'

export interface Inspections {
  readonly database: DatabaseInspection
  readonly redis: RedisInspection
  readonly logs: LogInspection
}

export interface InspectionsOptions {
  readonly deployments: Deployments
  readonly live: Live
  readonly reachOf: (deployment: string) => Reach | null
  readonly clock: Clock
  readonly log: Log
  readonly releases: Releases
  readonly vault: Vault
  readonly resolveSecret: SecretResolver
}

export function createInspections({
  deployments,
  live,
  reachOf,
  clock,
  log,
  releases,
  vault,
  resolveSecret,
}: InspectionsOptions): Inspections {
  const database = createDatabaseInspection({
    databases: () =>
      deployments.list().flatMap(({ paused, profile: { name, postgres } }) => {
        if (paused || postgres === undefined) return []
        return { name, address: postgres.url, application: postgres.application }
      }),
    reachOf,
    applicationPoolOf: (name) =>
      live.latest(name).find(({ probe }) => probe === 'pool')?.evidence?.applicationPool ?? null,
    clock,
    log,
  })
  releases.add('what people ask databases', () => database.stop())
  const redis = createRedisInspection({
    serversOf(name) {
      const deployment = deployments.get(name)
      if (deployment === null || deployment.paused) return []
      return deployment.profile.redis.map((redis) => {
        return { deployment: name, target: redis.name, address: redis.url, queues: redis.queues ?? [] }
      })
    },
    reachOf,
    clock,
  })
  releases.add('what people ask Redis', () => redis.stop())
  const logs = createLogInspection({
    profileOf: (name) => {
      const deployment = deployments.get(name)
      return deployment === null || deployment.paused ? null : deployment.profile
    },
    reachOf,
    secretMaskFor: createKnownSecrets({ vault, resolveSecret }),
    clock,
  })
  releases.add('what people read of logs', async () => logs.stop())
  return { database, redis, logs }
}
