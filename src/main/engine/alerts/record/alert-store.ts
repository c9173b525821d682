/**
 * Alerts on record in `state.db`: what is given to be written is there as a whole after a kill, with what was decided to be told of it, or
 * not at all, and the next look sees it again. Of thousands that change together that is so of each incident (`parts.ts`).
 */
import type { DatabaseSync } from 'node:sqlite'
import { z } from 'zod'
import { SEVERITIES, type Severity, urgency } from '#shared/catalogue/severities.ts'
import { AlertRule, AlertSettings } from '#shared/model/alert-rule.ts'
import { TraceEntry } from '#shared/model/alert-trace.ts'
import type { Notification } from '#shared/model/notification.ts'
import { Silence } from '#shared/model/silence.ts'
import { inTurns } from '../../in-turns.ts'
import type { Store } from '../../store/store.ts'
import { AlertRecord, Episode, Incident } from '../records.ts'
import type { Counted } from '../statistics/statistics.ts'
import { inBatches } from './batches.ts'
import { condensed, MOST_ENTRIES } from './condense.ts'
import { putIntoOutbox } from './outbox.ts'

/** Alerts that are over are kept for so long, and as many of the newest however old they are. */
const RETENTION_MS = 90 * 86_400_000
export const KEPT_ALERTS = 5_000
const SETTINGS_KEY = 'alerts'
const OUTBOX_MS = 14 * 86_400_000

export interface Unwritten {
  readonly alerts: ReadonlyMap<string, AlertRecord>
  readonly incidents: ReadonlyMap<string, Incident>
  readonly silences: ReadonlyMap<string, Silence>
  /** How many alerts began, by deployment. */
  readonly begun: ReadonlyMap<string, number>
  readonly trace: readonly (TraceEntry & { readonly alert: string })[]
  readonly notifications: readonly Notification[]
}

export interface AlertQuery {
  readonly deployment: string | null
  readonly limit: number
  /** Older than this one; `null`: from the newest on. */
  readonly before: { readonly since: number; readonly id: string } | null
  /** Those that began at this moment or later. */
  readonly from: number
  readonly rule?: string | null
  /** As urgent as this, or more. */
  readonly severity?: Severity | null
}

export interface AlertBatch {
  /** Without those that another version wrote, and this one does not understand. */
  readonly records: readonly AlertRecord[]
  /** Where there may be more; `null`: there are none. */
  readonly next: AlertQuery['before']
}

export type CountQuery = Pick<AlertQuery, 'deployment' | 'from' | 'limit'>
/** As this console wrote it. */
type CountedRow = Omit<Counted, 'past'> & { readonly id: string; readonly past: string | null } & Record<
    string,
    string | number | null
  >

type JsonRow<Name extends string> = Record<Name, string>

export function createAlertStore({ store }: { readonly store: Store }) {
  return {
    /** Alerts that are not over, or ended since `endedAfter`. */
    async recent(endedAfter: number): Promise<AlertRecord[]> {
      const rows = await store.all<JsonRow<'alert'>>(
        'SELECT alert FROM alerts WHERE ended_at IS NULL OR ended_at >= ? ORDER BY since, id',
        endedAfter,
      )
      return rows.flatMap(({ alert }) => readable(AlertRecord.safeParse(JSON.parse(alert))))
    },
    async incidents(endedAfter: number): Promise<Incident[]> {
      const rows = await store.all<JsonRow<'incident'>>(
        'SELECT incident FROM incidents WHERE ended_at IS NULL OR ended_at >= ?',
        endedAfter,
      )
      return rows.flatMap(({ incident }) => readable(Incident.safeParse(JSON.parse(incident))))
    },
    async silences(): Promise<Silence[]> {
      const rows = await store.all<JsonRow<'silence'>>('SELECT silence FROM silences WHERE ended_at IS NULL')
      return rows.flatMap(({ silence }) => readable(Silence.safeParse(JSON.parse(silence))))
    },
    /** Those of maintenance windows that somebody ended. */
    async endedWindows(): Promise<Silence[]> {
      const rows = await store.all<JsonRow<'silence'>>(
        `SELECT silence FROM silences WHERE ended_at IS NOT NULL
          AND json_extract(silence, '$.window') IS NOT NULL AND json_extract(silence, '$.ending') = 'by-hand'`,
      )
      return rows.flatMap(({ silence }) => readable(Silence.safeParse(JSON.parse(silence))))
    },
    async totals(): Promise<Map<string, number>> {
      const rows = await store.all<{ deployment: string; total: number }>(
        'SELECT deployment, total FROM alert_totals',
      )
      return new Map(rows.map(({ deployment, total }) => [deployment, total]))
    },

    /** The newest first, whether they are over or not. */
    async history(query: AlertQuery): Promise<AlertBatch> {
      const { deployment, limit, before, from, rule = null, severity = null } = query
      const severities = SEVERITIES.filter((one) => severity === null || urgency(one) >= urgency(severity))
      const rows = await store.all<JsonRow<'alert' | 'id'> & { since: number }>(
        `SELECT alert, id, since FROM alerts
          WHERE since >= ? AND (? IS NULL OR deployment = ?) AND (since, id) < (?, ?)
            AND (? IS NULL OR rule = ?)
            AND (? IS NULL OR json_extract(alert, '$.severity') IN (SELECT value FROM json_each(?)))
          ORDER BY since DESC, id DESC LIMIT ?`,
        from,
        deployment,
        deployment,
        before?.since ?? Number.MAX_SAFE_INTEGER,
        before?.id ?? '',
        rule,
        rule,
        severity,
        JSON.stringify(severities),
        limit,
      )
      const last = rows.length < limit ? undefined : rows.at(-1)
      const next = last === undefined ? null : { since: last.since, id: last.id }
      return { records: await recordsIn(rows), next }
    },
    /** Those that fired within, or began before and had not ended by then, and those that may have before they came back; newest first. */
    async within({ from, to, limit }: { from: number; to: number; limit: number }): Promise<AlertRecord[]> {
      const rows = await inBatches(limit, (behind, most) =>
        store.all<JsonRow<'alert' | 'id'> & { since: number }>(
          `SELECT alert, id, since FROM alerts
            WHERE (since < ? OR json_extract(alert, '$.reopened') > 0)
              AND (ended_at IS NULL OR ended_at >= ?) AND (since, id) < (?, ?)
            ORDER BY since DESC, id DESC LIMIT ?`,
          ...[to, from, behind.since, behind.id, most],
        ),
      )
      return recordsIn(rows)
    },
    /** Of those that began since `from` what is counted, newest first: without the rest, which takes most of the time. */
    async counted({ deployment, from, limit }: CountQuery): Promise<Counted[]> {
      const rows = await inBatches(limit, (behind, most) =>
        store.all<CountedRow>(
          `SELECT id, rule, deployment, since, ended_at AS endedAt,
              json_extract(alert, '$.severity') AS severity, json_extract(alert, '$.state') AS state,
              json_extract(alert, '$.acknowledgedAt') AS acknowledgedAt, json_extract(alert, '$.reopened') AS reopened,
              json_extract(alert, '$.past') AS past
            FROM alerts WHERE since >= ? AND (? IS NULL OR deployment = ?) AND (since, id) < (?, ?)
            ORDER BY since DESC, id DESC LIMIT ?`,
          ...[from, deployment, deployment, behind.since, behind.id, most],
        ),
      )
      return inTurns(rows, (row) => ({ ...row, past: pastOf(row) }))
    },
    async alert(id: string): Promise<AlertRecord | null> {
      const row = await store.first<JsonRow<'alert'>>('SELECT alert FROM alerts WHERE id = ?', id)
      return row === null ? null : (readable(AlertRecord.safeParse(JSON.parse(row.alert)))[0] ?? null)
    },
    /** Which of these are on record. */
    async onRecord(ids: readonly string[]): Promise<Set<string>> {
      if (ids.length === 0) return new Set()
      const rows = await store.all<{ id: string }>(
        'SELECT id FROM alerts WHERE id IN (SELECT value FROM json_each(?))',
        JSON.stringify(ids),
      )
      return new Set(rows.map(({ id }) => id))
    },
    /** Those of an incident, newest first. */
    async ofIncident(incident: string, limit: number): Promise<AlertRecord[]> {
      const rows = await store.all<JsonRow<'alert'>>(
        `SELECT alert FROM alerts
          WHERE id IN (SELECT value FROM incidents, json_each(incidents.incident, '$.alerts') WHERE incidents.id = ?)
          ORDER BY since DESC, id DESC LIMIT ?`,
        incident,
        limit,
      )
      return rows.flatMap(({ alert }) => readable(AlertRecord.safeParse(JSON.parse(alert))))
    },
    async trace(alert: string, limit: number): Promise<TraceEntry[]> {
      const rows = await store.all<JsonRow<'entry'>>(
        'SELECT entry FROM alert_trace WHERE alert = ? ORDER BY id DESC LIMIT ?',
        alert,
        limit,
      )
      return rows.toReversed().flatMap(({ entry }) => readable(TraceEntry.safeParse(JSON.parse(entry))))
    },
    /** Alerts with a trace that is longer than any has to be. */
    async overlong(): Promise<string[]> {
      const rows = await store.all<JsonRow<'alert'>>(
        'SELECT alert FROM alert_trace GROUP BY alert HAVING count(*) > ?',
        MOST_ENTRIES,
      )
      return rows.map(({ alert }) => alert)
    },
    /** Brings the trace of one within its bound. */
    async condense(alert: string): Promise<void> {
      await store.write((database) => condenseTrace(database, alert))
    },

    /** `null`: nobody has set them. */
    async settings(): Promise<AlertSettings | null> {
      const row = await store.first<JsonRow<'value'>>(
        'SELECT value FROM settings WHERE key = ?',
        SETTINGS_KEY,
      )
      return row === null ? null : (readable(AlertSettings.safeParse(JSON.parse(row.value)))[0] ?? null)
    },
    async saveSettings(settings: AlertSettings): Promise<void> {
      await store.write((database) =>
        database
          .prepare('INSERT OR REPLACE INTO settings (key, value) VALUES (?, ?)')
          .run(SETTINGS_KEY, JSON.stringify(settings)),
      )
    },

    async rules(): Promise<AlertRule[]> {
      const rows = await store.all<JsonRow<'rule'>>('SELECT rule FROM alert_rules')
      return rows.flatMap(({ rule }) => readable(AlertRule.safeParse(JSON.parse(rule))))
    },
    async saveRule(rule: AlertRule, at: number): Promise<void> {
      await store.write((database) =>
        database
          .prepare('INSERT OR REPLACE INTO alert_rules (id, rule, updated_at) VALUES (?, ?, ?)')
          .run(rule.id, JSON.stringify(rule), at),
      )
    },
    async removeRule(id: string): Promise<void> {
      await store.write((database) => database.prepare('DELETE FROM alert_rules WHERE id = ?').run(id))
    },

    /** One durable transaction. */
    async write(unwritten: Unwritten): Promise<void> {
      await store.write((database) => writeAll(database, unwritten))
    },

    /** Lets go of what is over for long, as far as enough of it stays. */
    async retain(now: number): Promise<void> {
      await store.write((database) => {
        const old = now - RETENTION_MS
        database
          .prepare(
            `DELETE FROM alerts WHERE ended_at < ? AND id NOT IN (
              SELECT id FROM alerts ORDER BY since DESC, id DESC LIMIT ?)`,
          )
          .run(old, KEPT_ALERTS)
        database.prepare('DELETE FROM alert_trace WHERE alert NOT IN (SELECT id FROM alerts)').run()
        for (const table of ['incidents', 'silences']) {
          database.prepare(`DELETE FROM ${table} WHERE ended_at < ?`).run(old)
        }
        database.prepare('DELETE FROM outbox WHERE at < ?').run(now - OUTBOX_MS)
      })
    },
  }
}

export type AlertStore = ReturnType<typeof createAlertStore>

function writeAll(database: DatabaseSync, unwritten: Unwritten): void {
  const alert = database.prepare(
    'INSERT OR REPLACE INTO alerts (id, deployment, rule, since, ended_at, alert) VALUES (?, ?, ?, ?, ?, ?)',
  )
  for (const one of unwritten.alerts.values()) {
    alert.run(one.id, one.deployment, one.rule, one.since, one.endedAt, JSON.stringify(one))
  }
  const incident = database.prepare(
    'INSERT OR REPLACE INTO incidents (id, ended_at, incident) VALUES (?, ?, ?)',
  )
  for (const one of unwritten.incidents.values()) incident.run(one.id, one.endedAt, JSON.stringify(one))
  const silence = database.prepare('INSERT OR REPLACE INTO silences (id, ended_at, silence) VALUES (?, ?, ?)')
  for (const one of unwritten.silences.values()) silence.run(one.id, one.endedAt, JSON.stringify(one))
  const total = database.prepare(
    `INSERT INTO alert_totals (deployment, total) VALUES (?, ?)
      ON CONFLICT (deployment) DO UPDATE SET total = total + excluded.total`,
  )
  for (const [deployment, count] of unwritten.begun) total.run(deployment, count)
  const trace = database.prepare('INSERT INTO alert_trace (alert, at, entry) VALUES (?, ?, ?)')
  for (const { alert: id, ...entry } of unwritten.trace) trace.run(id, entry.at, JSON.stringify(entry))
  putIntoOutbox(database, unwritten.notifications)
}

/** What another version wrote, and this one does not understand, leaves the trace as it is. */
function condenseTrace(database: DatabaseSync, alert: string): void {
  const rows = database.prepare('SELECT entry FROM alert_trace WHERE alert = ? ORDER BY id').all(alert)
  const entries = z.array(TraceEntry).safeParse(rows.map(({ entry }) => JSON.parse(String(entry))))
  if (!entries.success) return
  database.prepare('DELETE FROM alert_trace WHERE alert = ?').run(alert)
  const insert = database.prepare('INSERT INTO alert_trace (alert, at, entry) VALUES (?, ?, ?)')
  for (const entry of condensed(entries.data)) insert.run(alert, entry.at, JSON.stringify(entry))
}

async function recordsIn(rows: readonly JsonRow<'alert'>[]): Promise<AlertRecord[]> {
  const read = await inTurns(rows, ({ alert }) => readable(AlertRecord.safeParse(JSON.parse(alert))))
  return read.flat()
}

/** Most never came back. */
function pastOf({ past }: CountedRow): Counted['past'] {
  if (past === null || past === '[]') return []
  return readable(z.array(Episode).safeParse(JSON.parse(past))).flat()
}

/** What another version wrote, and this one does not understand, is left where it is. */
function readable<T>(parsed: { success: true; data: T } | { success: false }): T[] {
  return parsed.success ? [parsed.data] : []
}
