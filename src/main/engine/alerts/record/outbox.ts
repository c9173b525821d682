/**
 * What was decided to be told, on record in `state.db`: a notification is written in the transaction that changes its alerts,
 * so that it is decided exactly once, whenever the process is killed. Delivering reads it here, from where it left off.
 */
import type { DatabaseSync } from 'node:sqlite'
import { Notification } from '#shared/model/notification.ts'
import type { Store } from '../../store/store.ts'

/** Where decided notifications go: the channels. */
export interface NotificationSink {
  /** There are new ones, durable by now and in the order of their decision. Must not block, and must not throw. */
  decided(notifications: readonly Notification[]): void
  /**
   * The disk takes nothing, and these are too urgent to wait for it: marked as possible repeats, since they come again, with the same
   * ids, once they are durable. Must not block, and must not throw.
   */
  undurable(notifications: readonly Notification[]): void
}

/** A notification with its place in the order of decisions: what delivering notes as far as it came. */
export interface OutboxEntry {
  readonly seq: number
  readonly notification: Notification
}

export interface Outbox {
  /** Those decided after `seq` (0: all on record), oldest first. Rejects with `StoreError` where they cannot be read. */
  after(seq: number, limit: number): Promise<OutboxEntry[]>
}

type OutboxRow = { seq: number; notification: string }

export function createOutbox({ store }: { readonly store: Store }): Outbox {
  return {
    async after(seq, limit) {
      const rows = await store.all<OutboxRow>(
        'SELECT seq, notification FROM outbox WHERE seq > ? ORDER BY seq LIMIT ?',
        seq,
        limit,
      )
      return rows.map((row) => ({
        seq: row.seq,
        notification: Notification.parse(JSON.parse(row.notification)),
      }))
    },
  }
}

/** Puts decided notifications on record, within the transaction that changes their alerts; one that is there already stays. */
export function putIntoOutbox(database: DatabaseSync, notifications: readonly Notification[]): void {
  const insert = database.prepare('INSERT OR IGNORE INTO outbox (id, at, notification) VALUES (?, ?, ?)')
  for (const notification of notifications) {
    insert.run(notification.id, notification.decidedAt, JSON.stringify(notification))
  }
}
