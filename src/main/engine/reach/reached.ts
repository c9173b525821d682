/**
 * What of a profile its reach goes by. Everything else may be altered while its connections stay: what is asked over them, how that is judged, and what is
 * done with it. That a reach goes by nothing else is held by its types.
 */
import type { DeploymentProfile } from '#shared/model/profile/deployment.ts'
import type { Exposition } from '#shared/model/profile/exposition.ts'
import type { Host } from '#shared/model/profile/host.ts'
import type { Postgres } from '#shared/model/profile/postgres.ts'
import type { Redis } from '#shared/model/profile/redis.ts'
import type { Service } from '#shared/model/profile/service.ts'

export type ReachedService = Omit<
  Service,
  'live' | 'ready' | 'metrics' | 'monitoring' | 'pool' | 'processes' | 'instances' | 'restart' | 'requests'
>
export type ReachedPostgres = Omit<Postgres, 'application' | 'queries'>
export type ReachedRedis = Omit<Redis, 'queues'>
export type ReachedHost = Omit<Host, 'disks'>
export type ReachedExposition = Omit<Exposition, 'keep'>

export interface Reached extends Pick<DeploymentProfile, 'name' | 'ssh'> {
  readonly services: readonly ReachedService[]
  readonly postgres?: ReachedPostgres | undefined
  readonly redis: readonly ReachedRedis[]
  readonly hosts: readonly ReachedHost[]
  readonly expositions: readonly ReachedExposition[]
}

/** Two profiles of which this is the same are reached in the same way. */
export function reachedBy({
  name,
  ssh,
  services,
  postgres,
  redis,
  hosts,
  expositions,
}: DeploymentProfile): Reached {
  return {
    ...{ name, ssh, postgres: reachedPostgres(postgres), redis: reachedRedis(redis) },
    services: services.map(
      ({ live, ready, metrics, monitoring, pool, processes, instances, restart, requests, ...reached }) =>
        reached,
    ),
    hosts: hosts.map(({ disks, ...reached }) => reached),
    expositions: expositions.map(({ keep, ...reached }) => reached),
  }
}

export function reachedPostgres(postgres: Postgres | undefined): ReachedPostgres | undefined {
  if (postgres === undefined) return undefined
  const { application, queries, ...reached } = postgres
  return reached
}

export function reachedRedis(redis: readonly Redis[]): readonly ReachedRedis[] {
  return redis.map(({ queues, ...reached }) => reached)
}
