/** What people leave for the next watch, in `state.db`. */
import { HandoverNote } from '#shared/model/handover.ts'
import type { Clock } from '../clock.ts'
import type { Store } from '../store/store.ts'
import type { Period } from './facts.ts'

const RETENTION_MS = 90 * 86_400_000

export interface HandoverNotes {
  /** Oldest first, the newest `limit` of them. Rejects with `StoreError` where the store cannot be read. */
  within(period: Period, limit: number): Promise<HandoverNote[]>
  byId(id: string): Promise<HandoverNote | null>
  /** On record when it resolves. */
  add(by: string, text: string): Promise<HandoverNote>
  remove(id: string): Promise<void>
}

export function createHandoverNotes({
  store,
  clock,
  createId,
}: {
  readonly store: Store
  readonly clock: Clock
  readonly createId: () => string
}): HandoverNotes {
  return {
    async within({ from, to }, limit) {
      const rows = await store.all<HandoverNote>(
        'SELECT id, at, by, text FROM handover_notes WHERE at >= ? AND at < ? ORDER BY at DESC, id DESC LIMIT ?',
        from,
        to,
        limit,
      )
      return rows.map((row) => HandoverNote.parse(row)).toReversed()
    },
    async byId(id) {
      const row = await store.first<HandoverNote>(
        'SELECT id, at, by, text FROM handover_notes WHERE id = ?',
        id,
      )
      return row === null ? null : HandoverNote.parse(row)
    },
    async add(by, text) {
      const note = { id: createId(), at: clock.now(), by, text }
      await store.write((database) => {
        database.prepare('DELETE FROM handover_notes WHERE at < ?').run(note.at - RETENTION_MS)
        database
          .prepare('INSERT INTO handover_notes (id, at, by, text) VALUES (?, ?, ?, ?)')
          .run(note.id, note.at, note.by, note.text)
      })
      return note
    },
    async remove(id) {
      await store.write((database) => database.prepare('DELETE FROM handover_notes WHERE id = ?').run(id))
    },
  }
}
