/** Connections counted by one of their traits, and what the application and the server do not agree about. Pure. */
import type { ConnectionGroup, DatabaseConnections } from '#shared/model/database/connections.ts'

export const TRAITS = ['application', 'user', 'state', 'database'] as const
export type Trait = (typeof TRAITS)[number]

export interface Counted {
  /** `null`: not named, or not to be seen. */
  readonly value: string | null
  readonly count: number
  readonly active: number
  readonly idle: number
  readonly idleInTransaction: number
  /** Age of the one that idles in a transaction for the longest, seconds. */
  readonly oldestIdleInTransaction: number | null
}

const isForgotten = (state: string | null) => state?.startsWith('idle in transaction') ?? false

/** Most connections first. */
export function countBy(groups: readonly ConnectionGroup[], trait: Trait): Counted[] {
  const byValue = Map.groupBy(groups, (group) => group[trait])
  return [...byValue]
    .map(([value, members]) => {
      const sum = (is: (state: string | null) => boolean) =>
        members.reduce((total, { state, count }) => total + (is(state) ? count : 0), 0)
      const ages = members
        .filter(({ state }) => isForgotten(state))
        .map(({ oldestSeconds }) => oldestSeconds)
        .filter((age) => age !== null)
      return {
        value,
        count: sum(() => true),
        active: sum((state) => state === 'active'),
        idle: sum((state) => state === 'idle'),
        idleInTransaction: sum(isForgotten),
        oldestIdleInTransaction: ages.length === 0 ? null : Math.max(...ages),
      }
    })
    .sort((a, b) => b.count - a.count || (a.value ?? '').localeCompare(b.value ?? ''))
}

/** Whose connections are the application's; what is left out matches all. */
export interface Application {
  readonly role?: string | undefined
  readonly name?: string | undefined
}

export interface PoolComparison {
  /** Open connections of the application, as the server counts them. */
  readonly server: number
  /** Connections that the application's pool says it has open. */
  readonly application: number
  /** `agrees` within what may open or close between two looks. */
  readonly verdict: 'agrees' | 'server-has-more' | 'application-has-more'
}

/** Both are asked at different moments: so many may come or go between. */
const LEEWAY = 2
const LEEWAY_SHARE = 0.1

/** `null` where the application does not tell how many it has open, or the server may be seen in part only. */
export function comparePools(
  { groups, total, applicationPool, hidden }: DatabaseConnections,
  { role, name }: Application,
): PoolComparison | null {
  const listed = groups.reduce((sum, { count }) => sum + count, 0)
  const out = applicationPool?.db_pool_checked_out ?? null
  const idle = applicationPool?.db_pool_checked_in ?? null
  if (out === null || idle === null || (role === undefined && name === undefined)) return null
  if (listed < total || (hidden > 0 && role === undefined)) return null
  const server = groups
    .filter(
      (group) =>
        (role === undefined || group.user === role) && (name === undefined || group.application === name),
    )
    .reduce((sum, { count }) => sum + count, 0)
  const application = out + idle
  const leeway = Math.max(LEEWAY, application * LEEWAY_SHARE)
  const verdict =
    Math.abs(server - application) <= leeway
      ? 'agrees'
      : server > application
        ? 'server-has-more'
        : 'application-has-more'
  return { server, application, verdict }
}
