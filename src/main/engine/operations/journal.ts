/**
 * The journal in `state.db`: an entry and the record that it makes are written in one transaction, durable when it resolves
 * (`synchronous=FULL`). What is read back is parsed: another version may have written it.
 */
import type { SQLInputValue } from 'node:sqlite'
import { OperationLogLine } from '#shared/model/operation.ts'
import type { Store } from '../store/store.ts'
import { type Entry, OperationRecord, workedFor } from './record.ts'

export interface OperationQuery {
  readonly deployment: string | null
  readonly kinds: readonly string[] | null
  readonly states: readonly string[] | null
  /** The cursor of the page before; `null`: the newest. */
  readonly before: number | null
  readonly limit: number
}

export interface OperationPage {
  readonly records: OperationRecord[]
  readonly next: number | null
}

/** By which a script that asks again gets what it asked for the first time. */
export interface RequestKey {
  readonly actor: string
  readonly key: string
  /** What was asked for: the same key with something else is a mistake. */
  readonly request: string
}

/** What takes about as long each time. A kind alone would not do: to keep what a restore made is a moment, the restore hours. */
export interface SameWork {
  readonly kind: string
  readonly deployment: string
  readonly scope: string | null
  /** Ids of its steps, in order: they are what its options make of it. */
  readonly steps: readonly string[]
}

export interface Journal {
  create(record: OperationRecord, at: number, key: RequestKey | null): Promise<void>
  /** @param record what it is after the entry */
  append(record: OperationRecord, entry: Entry, at: number): Promise<void>
  /** Its console is at it still. */
  seen(id: string, at: number): Promise<void>
  note(id: string, line: OperationLogLine): Promise<void>
  get(id: string): Promise<OperationRecord | null>
  /** Newest first. */
  list(query: OperationQuery): Promise<OperationPage>
  /** One that is over and may be taken back still; `null`: there is none. */
  wayBack(deployment: string): Promise<OperationRecord | null>
  /** Those that are not over. */
  open(): Promise<OperationRecord[]>
  log(id: string): Promise<OperationLogLine[]>
  asked(actor: string, key: string): Promise<{ id: string; request: string } | null>
  /** How long the latest that did the same and succeeded was at its steps; `null`: there was none. */
  lastTookMs(work: SameWork): Promise<number | null>
  /** Forgets those that were over before a moment. */
  forget(before: number): Promise<void>
}

/** As many lines of one operation as anybody reads. */
export const MOST_LOG_LINES = 2_000

/** So many in one transaction: others wait for it. */
const FORGOTTEN_AT_ONCE = 200

const OVER = `('succeeded', 'failed', 'cancelled', 'undone')`

type RecordRow = { seq: number; record: string }

export function createJournal({ store }: { store: Store }): Journal {
  return {
    create: (record, at, key) =>
      store.write((database) => {
        database
          .prepare(
            'INSERT INTO operations (id, deployment, kind, state, created_at, ended_at, record) VALUES (?, ?, ?, ?, ?, ?, ?)',
          )
          .run(record.id, record.deployment, record.kind, record.state, at, null, JSON.stringify(record))
        database
          .prepare('INSERT INTO operation_journal (operation, at, entry) VALUES (?, ?, ?)')
          .run(record.id, at, JSON.stringify({ type: 'asked' } satisfies Entry))
        if (key !== null) {
          database
            .prepare(
              'INSERT INTO operation_requests (actor, key, operation, request, at) VALUES (?, ?, ?, ?, ?)',
            )
            .run(key.actor, key.key, record.id, key.request, at)
        }
      }),
    append: (record, entry, at) =>
      store.write((database) => {
        database
          .prepare('INSERT INTO operation_journal (operation, at, entry) VALUES (?, ?, ?)')
          .run(record.id, at, JSON.stringify(entry))
        database
          .prepare('UPDATE operations SET state = ?, ended_at = ?, record = ? WHERE id = ?')
          .run(record.state, record.endedAt, JSON.stringify(record), record.id)
      }),
    seen: (id, at) =>
      store.write((database) => {
        database
          .prepare(`UPDATE operations SET record = json_set(record, '$.seenAt', ?) WHERE id = ?`)
          .run(at, id)
      }),
    note: (id, { at, step, reason }) =>
      store.write((database) => {
        database
          .prepare(
            `INSERT INTO operation_log (operation, at, step, reason)
             SELECT ?, ?, ?, ? WHERE (SELECT count(*) FROM operation_log WHERE operation = ?) < ${MOST_LOG_LINES}`,
          )
          .run(id, at, step, JSON.stringify(reason), id)
      }),
    async get(id) {
      const row = await store.first<RecordRow>('SELECT seq, record FROM operations WHERE id = ?', id)
      return row === null ? null : recordOf(row)
    },
    async list({ deployment, kinds, states, before, limit }) {
      const where = ['seq < ?']
      const values: SQLInputValue[] = [before ?? Number.MAX_SAFE_INTEGER]
      const among = (column: string, wanted: readonly string[] | null) => {
        if (wanted === null) return
        where.push(`${column} IN (${wanted.map(() => '?').join(', ')})`)
        values.push(...wanted)
      }
      among('deployment', deployment === null ? null : [deployment])
      among('kind', kinds)
      among('state', states)
      const rows = await store.all<RecordRow>(
        `SELECT seq, record FROM operations WHERE ${where.join(' AND ')} ORDER BY seq DESC LIMIT ?`,
        ...values,
        limit + 1,
      )
      const shown = rows.slice(0, limit)
      return {
        records: shown.map(recordOf),
        next: rows.length > limit ? (shown.at(-1)?.seq ?? null) : null,
      }
    },
    async wayBack(deployment) {
      const row = await store.first<RecordRow>(
        `SELECT seq, record FROM operations
          WHERE deployment = ? AND state IN ${OVER} AND json_extract(record, '$.undo') IN ('available', 'failed')
          ORDER BY seq DESC LIMIT 1`,
        deployment,
      )
      return row === null ? null : recordOf(row)
    },
    async open() {
      const rows = await store.all<RecordRow>(
        `SELECT seq, record FROM operations WHERE state NOT IN ${OVER} ORDER BY seq`,
      )
      return rows.map(recordOf)
    },
    async log(id) {
      const rows = await store.all<{ at: number; step: string | null; reason: string }>(
        'SELECT at, step, reason FROM operation_log WHERE operation = ? ORDER BY id',
        id,
      )
      return rows.map(({ at, step, reason }) =>
        OperationLogLine.parse({ at, step, reason: JSON.parse(reason) }),
      )
    },
    async asked(actor, key) {
      const row = await store.first<{ operation: string; request: string }>(
        'SELECT operation, request FROM operation_requests WHERE actor = ? AND key = ?',
        actor,
        key,
      )
      return row === null ? null : { id: row.operation, request: row.request }
    },
    async lastTookMs({ kind, deployment, scope, steps }) {
      const row = await store.first<RecordRow>(
        `SELECT seq, record FROM operations
          WHERE kind = ? AND deployment = ? AND state = 'succeeded' AND json_extract(record, '$.scope') IS ?
            AND (SELECT json_group_array(json_extract(step.value, '$.id')) FROM json_each(record, '$.steps') step) = ?
          ORDER BY seq DESC LIMIT 1`,
        ...[kind, deployment, scope, JSON.stringify(steps)],
      )
      // What of it was taken back, and how long that took, says nothing of the way there.
      return row === null ? null : workedFor(recordOf(row).steps.map((step) => ({ ...step, undoMs: null })))
    },
    async forget(before) {
      for (let gone = FORGOTTEN_AT_ONCE; gone === FORGOTTEN_AT_ONCE; ) {
        gone = await store.write((database) => {
          const oldest = 'SELECT seq FROM operations WHERE ended_at < ? LIMIT ?'
          const statement = database.prepare(`DELETE FROM operations WHERE seq IN (${oldest})`)
          return Number(statement.run(before, FORGOTTEN_AT_ONCE).changes)
        })
      }
    },
  }
}

function recordOf({ record }: RecordRow): OperationRecord {
  return OperationRecord.parse(JSON.parse(record))
}
