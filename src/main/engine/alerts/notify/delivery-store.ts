/** The queue's rows in `state.db`: what was decided for which channel, how far it is, and what was answered. */
import type { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'
import { DeliveryAttempt, type DeliveryState, type DeliveryTrace } from '#shared/model/delivery.ts'
import { Notification } from '#shared/model/notification.ts'
import type { Store } from '../../store/store.ts'
import { givenBefore } from './given.ts'

export interface Waiting {
  readonly row: number
  readonly channel: string
  readonly incident: string
  /** `null`: another version of Vakhta wrote it, and this one cannot read it. */
  readonly notification: Notification | null
  readonly attempts: number
  readonly nextAt: number
  readonly possibleRepeat: boolean
  /** What the other side calls what it took last of the incident, where that can be changed; `null`: nothing. */
  readonly earlier: string | null
}

/** An entry of the outbox, and whom it is for. */
export interface Taken {
  readonly seq: number
  readonly notification: Notification
  /** `takes`: it is there and switched on. */
  readonly receivers: readonly { readonly name: string; readonly takes: boolean }[]
}

/** How an attempt ended. */
export interface Outcome {
  readonly state: DeliveryState
  readonly attempt: DeliveryAttempt
  readonly nextAt: number | null
  readonly possibleRepeat: boolean
  /** What the other side calls it; `null`: it does not say, or nothing can be changed there. */
  readonly handle: string | null
}

/** How a channel does. */
export interface ChannelStanding {
  readonly waiting: number
  readonly latest: DeliveryAttempt | null
  readonly deliveredAt: number | null
}

const READER = 'channels'
const MOST_KEPT_ATTEMPTS = 10
/** Of one channel that are looked at in one go. */
const HEADS_PER_CHANNEL = 8
const KEPT_MS = 30 * 86_400_000

const Tried = z.array(DeliveryAttempt)

interface WaitingRow extends Record<string, null | number | string> {
  id: number
  channel: string
  incident: string
  decided: string
  attempts: number
  next_at: number
  possible_repeat: number
  earlier: string | null
}

interface TraceRow extends Record<string, null | number | string> {
  notification: string
  channel: string
  state: string
  decided_at: number
  next_at: number | null
  attempts: number
  possible_repeat: number
  tried: string
}

export function createDeliveryStore({ store }: { store: Store }) {
  return {
    /** How far the outbox was read: the `seq` of the last entry that is in the queue. */
    async position(): Promise<number> {
      const row = await store.first<{ seq: number }>(
        'SELECT seq FROM outbox_readers WHERE reader = ?',
        READER,
      )
      return row?.seq ?? 0
    },

    /** Puts what was decided into the queue and moves the position on, both or none. */
    async take(entries: readonly Taken[]): Promise<void> {
      const last = entries.at(-1)
      if (last === undefined) return
      await store.write((database) => {
        for (const { notification, receivers } of entries) {
          for (const { name, takes } of receivers) insert(database, notification, name, takes)
        }
        database
          .prepare(
            'INSERT INTO outbox_readers (reader, seq) VALUES (?, ?) ON CONFLICT (reader) DO UPDATE SET seq = excluded.seq',
          )
          .run(READER, last.seq)
      })
    },

    /** What was under way when the console ended may have arrived. @returns how many those were */
    async recover(): Promise<number> {
      return store.write((database) =>
        Number(
          database
            .prepare('UPDATE deliveries SET in_flight = 0, possible_repeat = 1 WHERE in_flight = 1')
            .run().changes,
        ),
      )
    },

    /** Of each channel and incident the oldest that waits, those that are due first. */
    async heads(): Promise<Waiting[]> {
      const rows = await store.all<WaitingRow>(
        `SELECT id, channel, incident, decided, attempts, next_at, possible_repeat, (
           SELECT handle FROM deliveries AS told WHERE told.channel = head.channel AND told.incident = head.incident
              AND told.handle IS NOT NULL ORDER BY told.id DESC LIMIT 1) AS earlier FROM (
           SELECT *, row_number() OVER (PARTITION BY channel ORDER BY next_at, id) AS place FROM deliveries
            WHERE id IN (SELECT min(id) FROM deliveries WHERE state = 'waiting' GROUP BY channel, incident)
         ) AS head WHERE place <= ? ORDER BY next_at, id`,
        HEADS_PER_CHANNEL,
      )
      return rows.map((row) => ({
        row: row.id,
        channel: row.channel,
        incident: row.incident,
        notification: Notification.safeParse(JSON.parse(row.decided)).data ?? null,
        attempts: row.attempts,
        nextAt: row.next_at,
        possibleRepeat: row.possible_repeat === 1,
        earlier: row.earlier,
      }))
    },

    given: (head: Pick<Waiting, 'row' | 'channel' | 'incident'>) => givenBefore(store, head),

    /** Durable before anything goes out. */
    async begin(row: number): Promise<void> {
      await store.write((database) =>
        database.prepare('UPDATE deliveries SET in_flight = 1 WHERE id = ?').run(row),
      )
    },

    async end(row: number, { state, attempt, nextAt, possibleRepeat, handle }: Outcome): Promise<void> {
      await store.write((database) => {
        const before = database.prepare('SELECT tried FROM deliveries WHERE id = ?').get(row)
        const tried = [...Tried.parse(JSON.parse(String(before?.tried ?? '[]'))), attempt]
        // The first says what it began with, the newest how it is.
        if (tried.length > MOST_KEPT_ATTEMPTS) tried.splice(1, tried.length - MOST_KEPT_ATTEMPTS)
        database
          .prepare(
            `UPDATE deliveries SET in_flight = 0, state = ?, attempts = attempts + 1, next_at = ?, possible_repeat = ?,
               tried = ?, updated_at = ?, handle = ? WHERE id = ?`,
          )
          .run(state, nextAt, possibleRepeat ? 1 : 0, JSON.stringify(tried), attempt.at, handle, row)
      })
    },

    /** What waits for a channel is due by now, however long it was to rest. */
    async hasten(channel: string, now: number): Promise<void> {
      await store.write((database) =>
        database
          .prepare(
            "UPDATE deliveries SET next_at = ? WHERE channel = ? AND state = 'waiting' AND in_flight = 0 AND next_at > ?",
          )
          .run(now, channel, now),
      )
    },

    /** Everything that waits for a channel that takes nothing any more. */
    async drop(channel: string, at: number): Promise<void> {
      await store.write((database) =>
        database
          .prepare(
            "UPDATE deliveries SET state = 'dropped', next_at = NULL, updated_at = ? WHERE channel = ? AND state = 'waiting'",
          )
          .run(at, channel),
      )
    },

    /** One that cannot be sent. */
    async dropOne(row: number, at: number): Promise<void> {
      await store.write((database) =>
        database
          .prepare("UPDATE deliveries SET state = 'dropped', next_at = NULL, updated_at = ? WHERE id = ?")
          .run(at, row),
      )
    },

    async forget(now: number): Promise<void> {
      await store.write((database) =>
        database
          .prepare("DELETE FROM deliveries WHERE state <> 'waiting' AND decided_at < ?")
          .run(now - KEPT_MS),
      )
    },

    /** The ways of notifications, in the order in which they were decided. */
    async traces(notifications: readonly string[]): Promise<DeliveryTrace[]> {
      if (notifications.length === 0) return []
      const rows = await store.all<TraceRow>(
        `SELECT notification, channel, state, decided_at, next_at, attempts, possible_repeat, tried FROM deliveries
          WHERE notification IN (SELECT value FROM json_each(?)) ORDER BY id`,
        JSON.stringify(notifications),
      )
      return rows.map((row) => ({
        notification: row.notification,
        channel: row.channel,
        state: row.state as DeliveryState,
        decidedAt: row.decided_at,
        nextAt: row.next_at,
        attempts: row.attempts,
        possibleRepeat: row.possible_repeat === 1,
        tried: Tried.parse(JSON.parse(row.tried)),
      }))
    },

    /** By channel when the oldest was decided that was tried and still waits. */
    async vainSince(): Promise<Map<string, number>> {
      const rows = await store.all<{ channel: string; since: number }>(
        `SELECT channel, min(decided_at) AS since FROM deliveries
          WHERE state = 'waiting' AND attempts > 0 GROUP BY channel`,
      )
      return new Map(rows.map(({ channel, since }) => [channel, since]))
    },

    /** When a channel refused what was tried last there, or that was given up; `null`: neither. */
    async refusedAt(channel: string): Promise<number | null> {
      const newest = await store.first<{ state: string; updated_at: number }>(
        `SELECT state, updated_at FROM deliveries WHERE channel = ? AND attempts > 0 AND state <> 'dropped'
          ORDER BY updated_at DESC, id DESC LIMIT 1`,
        channel,
      )
      return newest?.state === 'refused' || newest?.state === 'given-up' ? newest.updated_at : null
    },

    async standing(channel: string): Promise<ChannelStanding> {
      const counted = await store.first<{ waiting: number; delivered: number | null }>(
        `SELECT count(*) FILTER (WHERE state = 'waiting') AS waiting,
                max(updated_at) FILTER (WHERE state = 'delivered') AS delivered
           FROM deliveries WHERE channel = ?`,
        channel,
      )
      const newest = await store.first<{ tried: string }>(
        'SELECT tried FROM deliveries WHERE channel = ? AND attempts > 0 ORDER BY updated_at DESC, id DESC LIMIT 1',
        channel,
      )
      const latest = newest === null ? null : (Tried.parse(JSON.parse(newest.tried)).at(-1) ?? null)
      return { waiting: counted?.waiting ?? 0, latest, deliveredAt: counted?.delivered ?? null }
    },
  }
}

/** What was refused longer ago is history by now. */
const SENT_AGAIN_MS = 86_400_000

/**
 * A channel was corrected: what it refused within a day waits for it again, in its order; but nothing of an incident that something later of
 * was delivered of, which would take that back.
 */
export function sendAgain(
  database: DatabaseSync,
  channel: { readonly from: string; readonly to: string },
  now: number,
): void {
  database
    .prepare(
      `UPDATE OR IGNORE deliveries SET channel = ?, state = 'waiting', next_at = ?, updated_at = ?
        WHERE channel = ? AND state = 'refused' AND decided_at > ? AND NOT EXISTS (
          SELECT 1 FROM deliveries AS later
           WHERE later.channel IN (?, ?) AND later.incident = deliveries.incident
             AND later.id > deliveries.id AND later.state = 'delivered')`,
    )
    .run(channel.to, now, now, channel.from, now - SENT_AGAIN_MS, channel.from, channel.to)
}

export type DeliveryStore = ReturnType<typeof createDeliveryStore>

/** A row, once for each notification and channel however often it comes. */
function insert(database: DatabaseSync, notification: Notification, channel: string, takes: boolean): void {
  const { id, incident, decidedAt } = notification
  database
    .prepare(
      `INSERT INTO deliveries (notification, channel, incident, decided, decided_at, state, next_at, updated_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (notification, channel) DO NOTHING`,
    )
    .run(
      ...([id, channel, incident, JSON.stringify(notification), decidedAt] as const),
      ...(takes ? (['waiting', decidedAt] as const) : (['dropped', null] as const)),
      decidedAt,
    )
}
