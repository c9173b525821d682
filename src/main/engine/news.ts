/** What the change log is told of: under which key, for which topics, and how its newest value is read. */
import type { Alert } from '#shared/model/alert.ts'
import type { Cause } from '#shared/model/cause.ts'
import type { Notice } from '#shared/model/change.ts'
import type { Connection } from '#shared/model/connection.ts'
import type { FleetRow } from '#shared/model/fleet.ts'
import type { Observation } from '#shared/model/observation.ts'
import type { ChangeLog } from './changes.ts'
import type { Live } from './live/live.ts'

export interface News {
  row(deployment: string): void
  observation(observation: Pick<Observation, 'deployment' | 'probe' | 'target'>): void
  causes(deployment: string): void
  /** Alerts of it turned. */
  alerts(deployment: string): void
  /** There are new events on its timeline. */
  timeline(deployment: string): void
  /** The live path changed, and with it the status in the row. */
  connection(deployment: string): void
  /** A profile was added, altered, paused or removed. */
  edited(deployment: string): void
  /** Nothing is observed of it any more. */
  forgotten(deployment: string): void
  notice(notice: Notice): void
  questions(): void
}

export function createNews({
  changes,
  live,
  connectionOf,
  causesOf,
  alertsOf,
  fleetRow,
  openQuestions,
}: {
  readonly changes: ChangeLog
  readonly live: Live
  readonly connectionOf: (deployment: string) => Connection
  readonly causesOf: (deployment: string) => Cause[]
  readonly alertsOf: (deployment: string) => Alert[]
  readonly fleetRow: (deployment: string) => FleetRow | null
  readonly openQuestions: () => number
}): News {
  function row(name: string): void {
    changes.touch(`row/${name}`, {
      topics: ['fleet', `deployment:${name}`],
      read() {
        const newest = fleetRow(name)
        return newest === null
          ? { kind: 'fleet-row-removed', name }
          : { kind: 'fleet-row', name, row: newest }
      },
    })
  }

  return {
    row,
    observation({ deployment, probe, target }) {
      changes.touch(`observation/${deployment}/${probe}/${target}`, {
        topics: [`deployment:${deployment}`],
        read() {
          const latest = live.latestOf(deployment, probe, target)
          return latest === null ? null : { kind: 'observation', observation: latest }
        },
      })
    },
    causes(name) {
      changes.touch(`causes/${name}`, {
        topics: [`deployment:${name}`],
        read: () => ({ kind: 'causes', deployment: name, causes: causesOf(name) }),
      })
    },
    alerts(name) {
      changes.touch(`alerts/${name}`, {
        topics: ['alerts', `deployment:${name}`],
        read: () => ({ kind: 'alerts', deployment: name, alerts: alertsOf(name) }),
      })
    },
    timeline(name) {
      changes.touch(`timeline/${name}`, {
        topics: [`deployment:${name}`],
        read: () => ({ kind: 'timeline', deployment: name }),
      })
    },
    connection(name) {
      changes.touch(`connection/${name}`, {
        topics: [`deployment:${name}`],
        read: () => ({ kind: 'connection', deployment: name, connection: connectionOf(name) }),
      })
      row(name)
    },
    edited(name) {
      changes.touch(`edit/${name}`, {
        topics: ['fleet', `deployment:${name}`],
        read: () => ({ kind: 'deployment-edited', deployment: name }),
      })
    },
    forgotten: (name) => changes.forget(`observation/${name}/`),
    notice(notice) {
      changes.touch('notice', { topics: ['console'], read: () => ({ kind: 'notice', notice }) })
    },
    questions() {
      changes.touch('questions', {
        topics: ['console'],
        read: () => ({ kind: 'questions', open: openQuestions() }),
      })
    },
  }
}
