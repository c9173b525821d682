/** What is remembered of a deployment's backups besides the backups themselves: what came of drills, and what was seen to by when. */
import type { BackupSummary, DrillOutcome } from '#shared/model/backup.ts'
import { Reason } from '#shared/model/reason.ts'
import type { Row, Store } from '../store/store.ts'

/** `configured`: since when backups are wanted. The others: up to when what was due was seen to. */
export type Mark = 'configured' | 'backup' | 'drill'

export interface BackupMarks {
  drilled(operation: string, deployment: string, outcome: DrillOutcome): Promise<void>
  /** What came of an operation's drill; `null`: it was not heard to end. */
  drill(operation: string): Promise<DrillOutcome | null>
  lastDrill(deployment: string): Promise<DrillOutcome | null>
  get(deployment: string, mark: Mark): Promise<number | null>
  set(deployment: string, mark: Mark, at: number): Promise<void>
  /** What was due by a schedule and is not begun. */
  notBegun(deployment: string): Promise<NotBegun[]>
  /** One at a time of each; `null`: it was begun. */
  setNotBegun(deployment: string, what: NotBegun['what'], one: Omit<NotBegun, 'what'> | null): Promise<void>
  /** Nothing is wanted any more: what was due by then is not made up for. */
  clear(deployment: string): Promise<void>
  /** Nor is what came of its drills. */
  forget(deployment: string): Promise<void>
}

/** `since`: when it was first tried, milliseconds since the epoch. */
export type NotBegun = BackupSummary['notBegun'][number] & { readonly since: number }

/** Of a deployment so many drills are remembered. */
const DRILLS_KEPT = 100

interface NotBegunRow extends Row {
  what: NotBegun['what']
  due: number
  since: number
  waits: number
  reason: string
}

interface DrillRow extends Row {
  at: number
  backup: string
  recovery_ms: number | null
  server: string | null
  problem: string | null
}

export function createBackupMarks({ store }: { readonly store: Store }): BackupMarks {
  return {
    async drilled(operation, deployment, { at, backup, recoveryMs, on, problem }) {
      const text = problem === null ? null : JSON.stringify(problem)
      await store.write((database) => {
        // Those before it that were dated later were dated by a clock that was ahead: they would hide this one.
        database
          .prepare('UPDATE drills SET at = ?1 - 1 WHERE deployment = ?2 AND at >= ?1 AND operation <> ?3')
          .run(at, deployment, operation)
        database
          .prepare(
            'INSERT OR REPLACE INTO drills (operation, deployment, at, backup, recovery_ms, server, problem) VALUES (?, ?, ?, ?, ?, ?, ?)',
          )
          .run(operation, deployment, at, backup, recoveryMs, on, text)
        database
          .prepare(
            `DELETE FROM drills WHERE deployment = ?1 AND operation NOT IN
               (SELECT operation FROM drills WHERE deployment = ?1 ORDER BY at DESC LIMIT ?2)`,
          )
          .run(deployment, DRILLS_KEPT)
      })
    },
    async drill(operation) {
      return outcomeOf(
        await store.first<DrillRow>(
          'SELECT at, backup, recovery_ms, server, problem FROM drills WHERE operation = ?',
          operation,
        ),
      )
    },
    async lastDrill(deployment) {
      return outcomeOf(
        await store.first<DrillRow>(
          'SELECT at, backup, recovery_ms, server, problem FROM drills WHERE deployment = ? ORDER BY at DESC LIMIT 1',
          deployment,
        ),
      )
    },
    async get(deployment, mark) {
      const row = await store.first<{ at: number }>(
        'SELECT at FROM backup_marks WHERE deployment = ? AND what = ?',
        ...[deployment, mark],
      )
      return row?.at ?? null
    },
    async set(deployment, mark, at) {
      await store.write((database) =>
        database
          .prepare('INSERT OR REPLACE INTO backup_marks (deployment, what, at) VALUES (?, ?, ?)')
          .run(deployment, mark, at),
      )
    },
    async notBegun(deployment) {
      const rows = await store.all<NotBegunRow>(
        'SELECT what, due, since, waits, reason FROM not_begun WHERE deployment = ? ORDER BY what',
        deployment,
      )
      return rows.map(({ what, due, since, waits, reason }) => ({
        ...{ what, since, at: due, waits: waits === 1, reason: Reason.parse(JSON.parse(reason)) },
      }))
    },
    async setNotBegun(deployment, what, one) {
      await store.write((database) => {
        if (one === null)
          database.prepare('DELETE FROM not_begun WHERE deployment = ? AND what = ?').run(deployment, what)
        else
          database
            .prepare(
              'INSERT OR REPLACE INTO not_begun (deployment, what, due, since, waits, reason) VALUES (?, ?, ?, ?, ?, ?)',
            )
            .run(deployment, what, one.at, one.since, one.waits ? 1 : 0, JSON.stringify(one.reason))
      })
    },
    async clear(deployment) {
      await store.write((database) => {
        database.prepare('DELETE FROM backup_marks WHERE deployment = ?').run(deployment)
        database.prepare('DELETE FROM not_begun WHERE deployment = ?').run(deployment)
      })
    },
    async forget(deployment) {
      await store.write((database) => {
        for (const table of ['backup_marks', 'drills', 'not_begun'])
          database.prepare(`DELETE FROM ${table} WHERE deployment = ?`).run(deployment)
      })
    },
  }
}

function outcomeOf(row: DrillRow | null): DrillOutcome | null {
  if (row === null) return null
  const { at, backup, recovery_ms: recoveryMs, server: on, problem } = row
  return {
    ...{ at, backup, recoveryMs, on },
    problem: problem === null ? null : Reason.parse(JSON.parse(problem)),
  }
}
