/** How large the application's pool may grow: declared, else as the application tells, else what the server allows. */
import type { Service } from '#shared/model/profile/service.ts'
import type { Activity } from './activity.ts'

export interface PoolSize {
  readonly size: number
  /** Connections kept open, without the overflow; `null` where nobody declared it. */
  readonly kept: number | null
  readonly from: 'declared' | 'application' | 'role-limit' | 'database-limit' | 'server-limit'
}

/** `(size + overflow) × processes × instances` over all services that declare a pool; `null` where none does. */
function declaredSize(services: readonly Service[]): PoolSize | null {
  const pools = services.flatMap(({ pool, processes, instances }) =>
    pool === undefined ? [] : [{ ...pool, times: processes * instances }],
  )
  if (pools.length === 0) return null
  return {
    size: pools.reduce((sum, { size, overflow, times }) => sum + (size + overflow) * times, 0),
    kept: pools.reduce((sum, { size, times }) => sum + size * times, 0),
    from: 'declared',
  }
}

/** The smallest of what role, database and server allow; what the server reserves for others is not for the pool. */
function serverLimit(
  activity: Pick<Activity, 'role_limit' | 'database_limit' | 'max_connections' | 'reserved_connections'>,
): PoolSize {
  const limits = [
    { size: activity.role_limit ?? -1, from: 'role-limit' as const },
    { size: activity.database_limit ?? -1, from: 'database-limit' as const },
    { size: activity.max_connections - activity.reserved_connections, from: 'server-limit' as const },
  ].filter(({ size }) => size >= 0)
  const smallest = limits.reduce((least, limit) => (limit.size < least.size ? limit : least))
  return { ...smallest, kept: null }
}

/** @param told the size that the application's own monitoring endpoints add up to, if they do */
export function poolSize(services: readonly Service[], told: number | null, activity: Activity): PoolSize {
  return (
    declaredSize(services) ??
    (told === null ? serverLimit(activity) : { size: told, kept: null, from: 'application' })
  )
}
