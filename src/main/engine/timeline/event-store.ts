/**
 * Events and what was known on record in `state.db`. What came of one look is written together: after a kill either the
 * change is on record with its event, or it is seen again.
 */
import { type EventKind, TimelineEvent } from '#shared/model/timeline.ts'
import type { Store } from '../store/store.ts'
import { Known } from './known.ts'

export const RETENTION_MS = 90 * 86_400_000
export const MOST_EVENTS = 10_000

/** What an event or a known thing belongs to. */
export interface KnownRow {
  readonly deployment: string
  readonly probe: string
  readonly target: string
  readonly server: string
  readonly known: Known
}

export interface EventQuery {
  readonly deployment: string
  /** Milliseconds since the epoch; `from` is within, `to` is not. */
  readonly from: number
  readonly to: number
  /** None: all. */
  readonly kinds: readonly EventKind[]
  readonly limit: number
  /** Events older than this one; `null`: from the newest on. */
  readonly before: Pick<TimelineEvent, 'at' | 'id'> | null
}

type EventRow = {
  id: number
  deployment: string
  at: number
  kind: string
  probe: string | null
  target: string | null
  reason: string
  status: string | null
}

export interface Batch {
  /** Added, or in place of those with their ids. */
  readonly events: readonly TimelineEvent[]
  readonly known: readonly KnownRow[]
  /** Deployments of which nothing is known any more; their events age out. */
  readonly forgotten: readonly string[]
}

const COLUMNS = 'id, deployment, at, kind, probe, target, reason, status'

export function createEventStore({ store }: { readonly store: Store }) {
  return {
    /** The highest id on record; 0 where there is none. */
    async newestId(): Promise<number> {
      const row = await store.first<{ id: number | null }>('SELECT max(id) AS id FROM events')
      return row?.id ?? 0
    },

    async known(): Promise<KnownRow[]> {
      const rows = await store.all<{
        deployment: string
        probe: string
        target: string
        server: string
        known: string
      }>('SELECT deployment, probe, target, server, known FROM known')
      return rows.flatMap((row) => {
        // What another version noted, and this one does not understand, is learned anew.
        const known = Known.safeParse(JSON.parse(row.known))
        return known.success ? [{ ...row, known: known.data }] : []
      })
    },

    /** Newest first. */
    async between({ deployment, from, to, kinds, limit, before }: EventQuery): Promise<TimelineEvent[]> {
      const ofKinds = kinds.length === 0 ? '' : `AND kind IN (${kinds.map(() => '?').join(', ')})`
      const rows = await store.all<EventRow>(
        `SELECT ${COLUMNS} FROM events
          WHERE deployment = ? AND at >= ? AND at < ? ${ofKinds} AND (at, id) < (?, ?)
          ORDER BY at DESC, id DESC LIMIT ?`,
        deployment,
        from,
        to,
        ...kinds,
        before?.at ?? Number.MAX_SAFE_INTEGER,
        before?.id ?? Number.MAX_SAFE_INTEGER,
        limit,
      )
      return rows.flatMap(toEvent)
    },

    /** Of all deployments, oldest first. */
    async since(at: number): Promise<TimelineEvent[]> {
      const rows = await store.all<EventRow>(
        `SELECT ${COLUMNS} FROM events WHERE at >= ? ORDER BY at, id`,
        at,
      )
      return rows.flatMap(toEvent)
    },

    /** One durable transaction. */
    async write({ events, known, forgotten }: Batch): Promise<void> {
      await store.write((database) => {
        const insert = database.prepare(
          `INSERT OR REPLACE INTO events (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
        )
        for (const { id, deployment, at, kind, probe, target, reason, status } of events) {
          insert.run(id, deployment, at, kind, probe, target, JSON.stringify(reason), status)
        }
        const forget = database.prepare('DELETE FROM known WHERE deployment = ?')
        for (const deployment of forgotten) forget.run(deployment)
        const keep = database.prepare(
          'INSERT OR REPLACE INTO known (deployment, probe, target, server, known) VALUES (?, ?, ?, ?, ?)',
        )
        for (const { deployment, probe, target, server, known: what } of known) {
          keep.run(deployment, probe, target, server, JSON.stringify(what))
        }
      })
    },

    /** Lets go of what is too old, and of the oldest where a deployment has too many. */
    async retain(now: number): Promise<void> {
      await store.write((database) => {
        database.prepare('DELETE FROM events WHERE at < ?').run(now - RETENTION_MS)
        const crowded = database
          .prepare('SELECT deployment FROM events GROUP BY deployment HAVING count(*) > ?')
          .all(MOST_EVENTS)
        const thin = database.prepare(
          `DELETE FROM events WHERE id IN (
            SELECT id FROM events WHERE deployment = ? ORDER BY at DESC, id DESC LIMIT -1 OFFSET ?)`,
        )
        for (const { deployment } of crowded) thin.run(deployment ?? null, MOST_EVENTS)
      })
    },
  }
}

export type EventStore = ReturnType<typeof createEventStore>

/** None where another version wrote what this one does not understand. */
function toEvent(row: EventRow): TimelineEvent[] {
  const event = TimelineEvent.safeParse({ ...row, reason: JSON.parse(row.reason) as unknown })
  return event.success ? [event.data] : []
}
