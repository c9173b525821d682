/** The rows of the fleet: what is known of each deployment in one line, and the last hour that it begins with. */
import type { Connection } from '#shared/model/connection.ts'
import type { FleetAlerts, FleetBackups, FleetRow } from '#shared/model/fleet.ts'
import type { DeploymentProfile } from '#shared/model/profile/deployment.ts'
import type { Standing as BackupStanding } from './backups/backups.ts'
import type { Causes } from './causes/causes.ts'
import type { Clock } from './clock.ts'
import type { Deployments } from './deployments/deployments.ts'
import type { Live } from './live/live.ts'
import type { Log } from './log.ts'
import type { History } from './metrics/history.ts'

export interface Fleet {
  /** `null`: there is no such deployment. */
  row(deployment: string): FleetRow | null
  /** Fills the heartbeats of the last hour from history. What cannot be read back is missing from the rows, and nothing else. */
  restoreLastHour(isStopped: () => boolean): Promise<void>
}

export function createFleet({
  deployments,
  live,
  history,
  connectionOf,
  causes,
  alertsOf,
  backupsOf,
  onRow,
  clock,
  log,
}: {
  readonly deployments: Deployments
  readonly live: Live
  readonly history: History
  readonly connectionOf: (deployment: string) => Connection
  readonly causes: Causes
  readonly alertsOf: (deployment: string) => FleetAlerts
  /** `null`: not known yet. */
  readonly backupsOf: (deployment: string) => BackupStanding | null
  readonly onRow: (deployment: string) => void
  readonly clock: Clock
  readonly log: Log
}): Fleet {
  return {
    row(name) {
      const deployment = deployments.get(name)
      if (deployment === null) return null
      return {
        name,
        environment: deployment.profile.environment,
        description: deployment.profile.description ?? null,
        tags: deployment.profile.tags,
        paused: deployment.paused,
        connection: connectionOf(name).status,
        ...live.summary(name, clock.now()),
        cause: causes.first(name),
        alerts: alertsOf(name),
        backups: backupsIn(deployment.profile, backupsOf(name)),
      }
    },

    async restoreLastHour(isStopped) {
      for (const { profile } of deployments.list()) {
        const { name } = profile
        try {
          const minutes = await history.lastHour(name, clock.now())
          // It may have been removed meanwhile.
          if (deployments.get(name) === null) continue
          live.restore(name, minutes)
          onRow(name)
        } catch (error) {
          if (isStopped()) return
          log.error({ deployment: name, err: error }, 'the last hour could not be read back')
        }
      }
    },
  }
}

function backupsIn({ backups }: DeploymentProfile, standing: BackupStanding | null): FleetBackups {
  const point = standing?.recoveryPoint ?? null
  return {
    isConfigured: backups !== undefined,
    lastGoodAt: standing?.lastGoodAt ?? null,
    isStale: point !== null && point.age > point.limit,
    recoveryMs: standing?.recoveryMs ?? null,
  }
}
