/**
 * The service's own view of itself under `/api/v1/monitoring`, in the shapes of the console's contract. What a
 * service cannot know of itself is `null`.
 */
import type { Pool } from 'pg'
import { metricsOf } from '#shared/catalogue/metrics.ts'
import type { ProbeId } from '#shared/catalogue/probes.ts'
import { SEVERITIES } from '#shared/catalogue/severities.ts'
import { type Status, worstStatus } from '#shared/catalogue/statuses.ts'
import type { Cache } from './cache.ts'
import { type Readiness, readiness } from './readiness.ts'
import { redisMetrics, redisSections, redisSlowLog } from './redis-view.ts'
import type { ServiceSettings } from './settings.ts'

type Values = Record<string, number | null>
type Answer = (query: URLSearchParams) => Promise<unknown>

/** The read endpoints by path below `/api/v1/monitoring/`. */
export function createMonitoring(own: { settings: ServiceSettings; database: Pool; cache: Cache }) {
  const { settings, database, cache } = own
  const deployment = settings.name
  const now = () => new Date().toISOString()
  const page = { nextCursor: null }

  const poolMetrics = (): Values => {
    const out = database.totalCount - database.idleCount
    return {
      ...unknown('pool'),
      db_pool_size: settings.poolSize,
      db_pool_checked_out: out,
      db_pool_checked_in: database.idleCount,
      db_pool_overflow: 0,
      db_pool_available: settings.poolSize - out,
      db_pool_utilization: (100 * out) / settings.poolSize,
      db_pool_waiting: database.waitingCount,
    }
  }
  const poolStatus = () => {
    const { db_pool_utilization: utilization } = poolMetrics()
    const percent = Math.round(utilization ?? 0)
    const status: Status = percent > 90 ? 'CRITICAL' : percent > 75 ? 'WARNING' : 'HEALTHY'
    return {
      status,
      reason: reason('pool', `${percent} % of ${settings.poolSize} connections are checked out`),
    }
  }
  const redisStatus = async () => {
    const { redis_connected: connected } = await redisMetrics(cache.redis)
    const status: Status = connected === 1 ? 'HEALTHY' : 'DISCONNECTED'
    return { status, reason: reason('redis', connected === 1 ? 'Redis answers' : 'Redis does not answer') }
  }
  const statuses = async (ready: Readiness) => {
    const at = now()
    const failing = Object.entries(ready.dependencies).filter(([, word]) => word !== 'ok')
    const health = {
      status: (failing.length === 0 ? 'HEALTHY' : 'DEGRADED') as Status,
      reason: reason('health', failing.map(([name, word]) => `${name}: ${word}`).join('; ') || 'ready'),
    }
    const unwatched = {
      status: 'UNKNOWN' as Status,
      reason: reason('unwatched', 'not watched by the service'),
    }
    return {
      health: { ...health, at },
      pool: { ...poolStatus(), at },
      redis: { ...(await redisStatus()), at },
      host: { ...unwatched, at: null },
      traffic: { ...unwatched, at: null },
      exposition: { ...unwatched, at: null },
    }
  }
  const watched = (all: Awaited<ReturnType<typeof statuses>>) =>
    worstStatus([all.health.status, all.pool.status, all.redis.status])

  const answers: Record<string, Answer> = {
    'pool/status': async () => ({ deployment, target: null, ...poolStatus(), at: now() }),
    'pool/metrics': async () => ({ deployment, target: null, at: now(), metrics: poolMetrics() }),
    'pool/statistics': async () => {
      const metrics = Object.fromEntries(
        Object.entries(poolMetrics()).map(([name, last]) => [
          name,
          { min: null, mean: null, max: null, last },
        ]),
      )
      return { deployment, from: now(), to: now(), metrics }
    },
    // A service keeps no list of its statements; the database does.
    'pool/slow-queries': async () => ({ deployment, at: null, items: [], ...page }),
    'redis/status': async () => ({ deployment, target: null, ...(await redisStatus()), at: now() }),
    'redis/metrics': async () => ({
      deployment,
      target: null,
      at: now(),
      metrics: { ...unknown('redis'), ...(await redisMetrics(cache.redis)) },
    }),
    'redis/info': async () => ({
      deployment,
      target: null,
      at: now(),
      info: await redisSections(cache.redis),
    }),
    'redis/slow-log': async () => ({
      deployment,
      target: null,
      items: await redisSlowLog(cache.redis),
      ...page,
    }),
    'system/health': async () => {
      const all = await statuses(await readiness({ database, cache }))
      const connection = all.health.status === 'HEALTHY' ? 'CONNECTED' : 'DISCONNECTED'
      return { deployment, status: watched(all), reason: all.health.reason, connection, statuses: all }
    },
    'metrics/all': async () => ({
      items: [
        { deployment, probe: 'pool', target: 'api', at: now(), metrics: poolMetrics() },
        { deployment, probe: 'redis', target: 'cache', at: now(), metrics: await redisMetrics(cache.redis) },
      ],
      ...page,
    }),
    'dashboard/overview': async () => {
      const all = await statuses(await readiness({ database, cache }))
      const status = watched(all)
      const summary = {
        name: deployment,
        environment: 'staging',
        description: null,
        paused: false,
        connection: 'CONNECTED',
        status,
        reason: all.health.reason,
        at: now(),
        // It is backed up by others.
        recovery: null,
      }
      return {
        at: now(),
        deployments: 1,
        byStatus: { [status]: 1 },
        byEnvironment: { staging: 1 },
        // It watches itself, and raises none.
        alerts: { active: 0, bySeverity: Object.fromEntries(SEVERITIES.map((severity) => [severity, 0])) },
        items: [summary],
      }
    },
  }
  return answers
}

function unknown(probe: ProbeId): Values {
  return Object.fromEntries(metricsOf(probe).map((name) => [name, null]))
}

function reason(code: string, text: string) {
  return { code: `service.${code}`, params: {}, text }
}
