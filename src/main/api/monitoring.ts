/** The read endpoints under `/api/v1/monitoring`: the connection pool, Redis, every probe's status and all metrics. */

import { ENVIRONMENTS } from '#shared/catalogue/environments.ts'
import { metricsOf } from '#shared/catalogue/metrics.ts'
import type { ProbeId } from '#shared/catalogue/probes.ts'
import { SEVERITIES, type Severity } from '#shared/catalogue/severities.ts'
import { STATUSES } from '#shared/catalogue/statuses.ts'
import type { Evidence, MetricValues, Observation } from '#shared/model/observation.ts'
import type { Clock } from '../engine/clock.ts'
import type { Deployment } from '../engine/deployments/deployments.ts'
import type { Engine } from '../engine/engine.ts'
import { chosenDeployment, chosenRedis, deploymentsMeant } from './choices.ts'
import type { ApiContext } from './context.ts'
import { probeStatusOf, spokenStatuses, summaryOf } from './deployment-views.ts'
import type { Procedures } from './procedures.ts'
import { moment, momentOrNull, speak } from './speech.ts'
import { summarize } from './statistics.ts'

/** The limit over which a statement counts as slow, in milliseconds. */
const SLOW_STATEMENT_MS = 1000

export function implementMonitoring(procedures: Procedures, engine: Engine, clock: Clock) {
  const { pool, redis, system, metrics, dashboard } = procedures

  function statusOf(deployment: Deployment, probe: ProbeId, target: string | null, context: ApiContext) {
    const name = deployment.profile.name
    const seen = target === null ? null : engine.live.latestOf(name, probe, target)
    const { status, reason, at } = seen ?? probeStatusOf(engine, deployment, probe)
    return { deployment: name, target, status, reason: speak(context.language, reason), at: momentOrNull(at) }
  }

  function poolOf({ profile }: Deployment): Observation | null {
    return engine.live.latest(profile.name).find(({ probe }) => probe === 'pool') ?? null
  }

  /** The newest of the recent observations that carries some evidence: not every look brings all of it. */
  function newestEvidence<K extends keyof Evidence>(latest: Observation | null, key: K) {
    if (latest === null) return null
    const ring = engine.live.ring(latest.deployment, latest.probe, latest.target)
    for (const { at, evidence } of [latest, ...ring.toReversed()]) {
      const found = evidence?.[key]
      if (found !== undefined) return { at, found }
    }
    return null
  }

  return {
    pool: {
      status: pool.status.handler(({ input, context }) => {
        const deployment = chosenDeployment(engine, input.deployment)
        return statusOf(deployment, 'pool', poolOf(deployment)?.target ?? null, context)
      }),
      metrics: pool.metrics.handler(({ input }) => {
        const deployment = chosenDeployment(engine, input.deployment)
        return metricsAnswer(deployment, 'pool', poolOf(deployment))
      }),
      statistics: pool.statistics.handler(async ({ input }) => {
        const deployment = chosenDeployment(engine, input.deployment)
        const to = clock.now()
        const from = to - input.minutes * 60_000
        const names = metricsOf('pool')
        const { name } = deployment.profile
        const { series } = await engine.history.range({
          deployment: name,
          metrics: names,
          from,
          to,
          points: 2000,
        })
        const latest = poolOf(deployment)?.values ?? {}
        return {
          deployment: name,
          from: moment(from),
          to: moment(to),
          metrics: Object.fromEntries(
            names.map((metric) => [
              metric,
              summarize(
                series.filter((one) => one.metric === metric),
                latest[metric] ?? null,
              ),
            ]),
          ),
        }
      }),
      slowQueries: pool.slowQueries.handler(({ input }) => {
        const deployment = chosenDeployment(engine, input.deployment)
        const latest = poolOf(deployment)
        // Statements are of this moment: those of an older look may have ended since.
        const statements = latest?.evidence?.statements ?? []
        return {
          deployment: deployment.profile.name,
          at: momentOrNull(latest?.at ?? null),
          items: statements.filter(({ durationMs }) => durationMs >= SLOW_STATEMENT_MS),
          nextCursor: null,
        }
      }),
    },

    redis: {
      status: redis.status.handler(({ input, context }) => {
        const deployment = chosenDeployment(engine, input.deployment)
        const only = deployment.profile.redis.length === 1 ? deployment.profile.redis[0]?.name : undefined
        const target = input.target === undefined ? (only ?? null) : chosenRedis(deployment, input.target)
        return statusOf(deployment, 'redis', target, context)
      }),
      metrics: redis.metrics.handler(({ input }) => {
        const deployment = chosenDeployment(engine, input.deployment)
        return metricsAnswer(deployment, 'redis', redisOf(deployment, input.target))
      }),
      info: redis.info.handler(({ input }) => {
        const deployment = chosenDeployment(engine, input.deployment)
        const latest = redisOf(deployment, input.target)
        const evidence = newestEvidence(latest, 'redisInfo')
        return {
          deployment: deployment.profile.name,
          target: latest?.target ?? null,
          at: momentOrNull(evidence?.at ?? null),
          info: evidence?.found ?? {},
        }
      }),
      slowLog: redis.slowLog.handler(({ input }) => {
        const deployment = chosenDeployment(engine, input.deployment)
        const latest = redisOf(deployment, input.target)
        const entries = newestEvidence(latest, 'slowLog')?.found ?? []
        return {
          deployment: deployment.profile.name,
          target: latest?.target ?? null,
          items: entries.map((entry) => ({ ...entry, at: moment(entry.at) })),
          nextCursor: null,
        }
      }),
    },

    system: {
      health: system.health.handler(({ input, context }) => {
        const deployment = chosenDeployment(engine, input.deployment)
        const { name, status, reason, connection } = summaryOf(engine, deployment, context.language)
        const statuses = spokenStatuses(engine, deployment, context.language)
        return { deployment: name, status, reason, connection, statuses }
      }),
    },

    metrics: {
      all: metrics.all.handler(({ input }) => ({
        items: deploymentsMeant(engine, input.deployment)
          .flatMap(({ profile }) => engine.live.latest(profile.name))
          .map(({ deployment, probe, target, at, values }) => ({
            deployment,
            probe,
            target,
            at: moment(at),
            metrics: complete(probe, values),
          })),
        nextCursor: null,
      })),
    },

    dashboard: {
      overview: dashboard.overview.handler(({ input, context }) => {
        const items = deploymentsMeant(engine, input.deployment).map((deployment) =>
          summaryOf(engine, deployment, context.language),
        )
        const count = (test: (item: (typeof items)[number]) => boolean) => items.filter(test).length
        const firing = items.flatMap(({ name }) => engine.alerts.active(name))
        return {
          at: moment(clock.now()),
          deployments: items.length,
          byStatus: Object.fromEntries(STATUSES.map((one) => [one, count(({ status }) => status === one)])),
          byEnvironment: Object.fromEntries(
            ENVIRONMENTS.map((one) => [one, count(({ environment }) => environment === one)]),
          ),
          alerts: {
            active: firing.length,
            bySeverity: Object.fromEntries(
              SEVERITIES.map((one) => [one, firing.filter(({ severity }) => severity === one).length]),
            ) as Record<Severity, number>,
          },
          items: items.map((item) => ({ ...item, recovery: recoveryOf(item.name) })),
        }
      }),
    },
  }

  function recoveryOf(deployment: string) {
    const backups = engine.fleetRow(deployment)?.backups
    if (backups?.isConfigured !== true) return null
    return { point: momentOrNull(backups.lastGoodAt), isStale: backups.isStale, ms: backups.recoveryMs }
  }

  function redisOf(deployment: Deployment, target: string | undefined): Observation | null {
    const name = chosenRedis(deployment, target)
    return name === null ? null : engine.live.latestOf(deployment.profile.name, 'redis', name)
  }
}

function metricsAnswer({ profile }: Deployment, probe: ProbeId, seen: Observation | null) {
  return {
    deployment: profile.name,
    target: seen?.target ?? null,
    at: momentOrNull(seen?.at ?? null),
    metrics: complete(probe, seen?.values ?? {}),
  }
}

/** Every metric of the probe's, `null` where it is not known: never absent. */
function complete(probe: ProbeId, values: MetricValues): MetricValues {
  return { ...Object.fromEntries(metricsOf(probe).map((name) => [name, null])), ...values }
}
