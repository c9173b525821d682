/** What the change log is told of: under which key, for which topics, and how its newest value is read. */
import type { Alert } from '#shared/model/alert.ts'
import type { Cause } from '#shared/model/cause.ts'
import type { Notice } from '#shared/model/change.ts'
import type { Connection } from '#shared/model/connection.ts'
import type { FleetRow } from '#shared/model/fleet.ts'
import { nowOf } from '#shared/model/fleet-now.ts'
import type { Observation } from '#shared/model/observation.ts'
import type { ChangeLog } from './changes.ts'
import type { Clock } from './clock.ts'
import type { Live } from './live/live.ts'

const MINUTE_MS = 60_000

export interface News {
  /** The row turned: whole where another minute began since it was told whole, else what is of now. */
  row(deployment: string): void
  /** Also the minutes that went by are others. */
  wholeRow(deployment: string): void
  observation(observation: Pick<Observation, 'deployment' | 'probe' | 'target'>): void
  causes(deployment: string): void
  /** Alerts of it turned. */
  alerts(deployment: string): void
  /** There are new events on its timeline. */
  timeline(deployment: string): void
  /** The live path changed, and with it the status in the row. */
  connection(deployment: string): void
  /** A profile was added, altered, paused or removed; its row is told whole next. */
  edited(deployment: string): void
  /** Nothing is observed of it any more. */
  forgotten(deployment: string): void
  notice(notice: Notice): void
  questions(): void
  /** An operation turned, or went on. */
  operation(id: string, deployment: string): void
  /** What is set of operations as a whole is another. */
  operationSettings(): void
  /** Its backups turned, or what was due of them; the row tells of both. */
  backups(deployment: string): void
}

export function createNews({
  changes,
  live,
  connectionOf,
  causesOf,
  alertsOf,
  fleetRow,
  openQuestions,
  openOperations,
  isReadOnly,
  clock,
}: {
  readonly changes: ChangeLog
  readonly live: Live
  readonly connectionOf: (deployment: string) => Connection
  readonly causesOf: (deployment: string) => Cause[]
  readonly alertsOf: (deployment: string) => Alert[]
  readonly fleetRow: (deployment: string) => FleetRow | null
  readonly openQuestions: () => number
  readonly openOperations: () => { running: number; waiting: number }
  readonly isReadOnly: () => boolean
  readonly clock: Clock
}): News {
  /** The minute in which a row was told whole. */
  const wholeIn = new Map<string, number>()
  const minute = () => Math.floor(clock.now() / MINUTE_MS)

  function row(name: string): void {
    if (wholeIn.get(name) !== minute()) {
      wholeRow(name)
      return
    }
    changes.touch(`now/${name}`, {
      topics: ['fleet', `deployment:${name}`],
      read() {
        const newest = fleetRow(name)
        return newest === null ? null : { kind: 'fleet-now', name, now: nowOf(newest) }
      },
    })
  }

  function wholeRow(name: string): void {
    wholeIn.set(name, minute())
    changes.drop(`now/${name}`)
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
    wholeRow,
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
      wholeIn.delete(name)
      changes.touch(`edit/${name}`, {
        topics: ['fleet', `deployment:${name}`],
        read: () => ({ kind: 'deployment-edited', deployment: name }),
      })
    },
    forgotten: (name) => changes.dropAll(`observation/${name}/`),
    notice(notice) {
      changes.touch('notice', { topics: ['console'], read: () => ({ kind: 'notice', notice }) })
    },
    operation(id, deployment) {
      changes.touch(`operation/${id}`, {
        topics: ['console', `deployment:${deployment}`],
        read: () => ({ kind: 'operation', id, deployment, open: openOperations() }),
      })
    },
    operationSettings() {
      changes.touch('operation-settings', {
        topics: ['console'],
        read: () => ({ kind: 'operation-settings', readOnly: isReadOnly() }),
      })
    },
    backups(deployment) {
      changes.touch(`backups/${deployment}`, {
        topics: ['console', `deployment:${deployment}`],
        read: () => ({ kind: 'backups', deployment }),
      })
      row(deployment)
    },
    questions() {
      changes.touch('questions', {
        topics: ['console'],
        read: () => ({ kind: 'questions', open: openQuestions() }),
      })
    },
  }
}
