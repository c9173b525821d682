/**
 * The profile's own queries: one of those that are due in a look, in a read-only transaction of its own that is taken back,
 * within two seconds and fifty rows. What is slow is asked more rarely, so that none takes more than a hundredth of the time.
 */
import { labelled } from '#shared/catalogue/labelled.ts'
import { type FailureCode, isFailure } from '#shared/model/failure.ts'
import type { MetricValues } from '#shared/model/observation.ts'
import type { Query } from '#shared/model/profile/query.ts'
import type { Reason } from '#shared/model/reason.ts'
import { ReachError } from '../../reach/reach.ts'
import { crossedBound } from '../bounds.ts'
import { round } from '../figures.ts'
import type { Finding } from '../limits.ts'
import type { LookContext } from '../probe.ts'
import { reason } from '../reason.ts'

const TIMEOUT_MS = 2_000
export const MOST_SERIES = 50
/** Columns of one row that are taken as values. */
const MOST_COLUMNS = 20
/** A query that takes a while is left alone for so many times as long. */
const REST = 100
const LONGEST_PAUSE_MS = 3_600_000
/** Values older than so many intervals are not of now. */
const STALE_INTERVALS = 3

export interface AskedQuery {
  /** What was asked: a query that was edited is another one. */
  readonly query: Query
  /** Monotonic milliseconds. */
  readonly askedAt: number
  readonly dueAt: number
  readonly tookMs: number
  readonly series: readonly QuerySeries[]
  readonly fault: Reason | null
  readonly failures: number
}
/** By the query's name. */
export type QueryMemory = ReadonlyMap<string, AskedQuery>

export interface QuerySeries {
  /** Which of a query's values this is: a row's name, a column's, or both; empty where there is one value alone. */
  readonly series: string
  readonly value: number
}

export interface QueriesLook {
  readonly memory: QueryMemory
  readonly values: MetricValues
  readonly findings: readonly Finding[]
  /** Queries that are asked more rarely than the profile says. */
  readonly facts: Record<string, string>
  readonly rows: number
  readonly bytes: number
}

/** @param beganAt when the look began, monotonic: a look that took long already asks nothing more */
export async function lookAtQueries(
  context: LookContext<unknown>,
  before: QueryMemory,
  beganAt: number,
): Promise<QueriesLook> {
  const queries = context.profile.postgres?.queries ?? []
  const now = context.monotonic()
  const known = new Map(
    queries.flatMap((query) => {
      const asked = before.get(query.name)
      return asked !== undefined && isSame(asked.query, query) ? [[query.name, asked] as const] : []
    }),
  )
  const due = queries
    .filter(({ name }) => now >= (known.get(name)?.dueAt ?? 0))
    .sort((a, b) => (known.get(a.name)?.dueAt ?? 0) - (known.get(b.name)?.dueAt ?? 0))[0]
  let cost = { rows: 0, bytes: 0 }
  if (due !== undefined && now - beganAt + TIMEOUT_MS <= context.timeoutMs) {
    const asked = await ask(context, due, known.get(due.name)?.failures ?? 0)
    if (asked !== null) {
      known.set(due.name, asked.outcome)
      cost = asked.cost
    }
  }
  return { memory: known, ...told([...known.values()], context.monotonic()), ...cost }
}

function isSame(a: Query, b: Query): boolean {
  return a.sql === b.sql && a.by === b.by && a.every === b.every
}

async function ask(
  { reach, signal, monotonic }: LookContext<unknown>,
  query: Query,
  failuresBefore: number,
): Promise<{ outcome: AskedQuery; cost: { rows: number; bytes: number } } | null> {
  const askedAt = monotonic()
  const limits = { signal, timeoutMs: TIMEOUT_MS, maxRows: MOST_SERIES + 1, isolated: true }
  let cost = { rows: 0, bytes: 0 }
  let read: ReadRows
  try {
    const answer = await reach.postgres?.probes.query(boundedSql(query.sql), [], limits)
    cost = { rows: answer?.rows.length ?? 0, bytes: answer?.bytes ?? 0 }
    read = readRows(query, answer?.rows ?? [])
  } catch (error) {
    if (!(error instanceof ReachError)) throw error
    // The session was taken: the query has its turn in another look.
    if (isFailure(error.failure, 'postgres-session-busy')) return null
    const fault = faultOf(query, error)
    // What is wrong with the connection is not the query's fault, and says nothing good of the pool either.
    if (fault === null) throw error
    read = { series: [], fault }
  }
  const tookMs = monotonic() - askedAt
  const failures = read.fault === null ? 0 : failuresBefore + 1
  return {
    outcome: {
      query,
      askedAt,
      tookMs,
      dueAt: askedAt + pauseMs(query, tookMs, failures),
      failures,
      ...read,
    },
    cost,
  }
}

/** What has no LIMIT gets one; SHOW can have none, and answers with as much as the server has settings. */
export function boundedSql(sql: string): string {
  const statement = sql.trim().replace(/;\s*$/, '')
  return /^show\b/i.test(statement)
    ? statement
    : `SELECT * FROM (\n${statement}\n) AS asked LIMIT ${MOST_SERIES + 1}`
}

/** Milliseconds from asking to asking again. */
export function pauseMs({ every }: Pick<Query, 'every'>, tookMs: number, failures: number): number {
  const interval = every * 1_000
  const afterFailures = interval * 2 ** Math.min(failures, 10)
  return Math.max(interval, Math.min(LONGEST_PAUSE_MS, Math.max(afterFailures, tookMs * REST)))
}

/** Of what has words of its own elsewhere. */
const SQLSTATES: Partial<Record<string, string>> = {
  'postgres-permission-denied': '42501',
  'postgres-lock-timeout': '55P03',
  'postgres-disk-full': '53100',
} satisfies Partial<Record<FailureCode, string>>

/** What is wrong with the query; `null` where something else is. */
function faultOf({ name }: Query, { failure }: ReachError): Reason | null {
  if (isFailure(failure, 'postgres-statement-timeout')) {
    return reason('pool-query-too-slow', { query: name, seconds: TIMEOUT_MS / 1_000 })
  }
  const words = String(failure.params.words ?? '')
  const sqlstate = SQLSTATES[failure.code]
  if (sqlstate !== undefined) return reason('pool-query-failed', { query: name, sqlstate, words })
  if (!isFailure(failure, 'postgres-statement-failed')) return null
  return reason('pool-query-failed', { query: name, sqlstate: String(failure.params.sqlstate ?? '?'), words })
}

interface ReadRows {
  readonly series: readonly QuerySeries[]
  readonly fault: Reason | null
}

/** Rows as series: of the first row its numbers, or of each row, named by a column, its numbers. */
export function readRows(
  { name, by }: Pick<Query, 'name' | 'by'>,
  rows: readonly Record<string, unknown>[],
): ReadRows {
  const [first] = rows
  // No row is an answer: nothing of what was asked for is there.
  if (first === undefined) return { series: [], fault: null }
  if (by !== undefined && !Object.hasOwn(first, by)) {
    const columns = Object.keys(first).slice(0, MOST_COLUMNS).join(', ')
    return { series: [], fault: reason('pool-query-without-column', { query: name, column: by, columns }) }
  }
  if (by === undefined && rows.length > 1) {
    return { series: [], fault: reason('pool-query-many-rows', { query: name }) }
  }
  const series = rows
    .flatMap((row) => {
      const numbers = Object.entries(row)
        .filter(([column]) => column !== by)
        .slice(0, MOST_COLUMNS)
        .flatMap(([column, value]) => {
          const number = numberOf(value)
          return number === null ? [] : [{ column, number }]
        })
      const rowName = by === undefined ? '' : String(row[by] ?? '')
      return numbers.map(({ column, number }) => ({
        series: [rowName, ...(numbers.length > 1 ? [column] : [])].filter((part) => part !== '').join(' '),
        value: number,
      }))
    })
    .slice(0, MOST_SERIES)
  const isKnown = rows.some((row) =>
    Object.entries(row).some(([column, value]) => column !== by && value !== null),
  )
  // Nothing but NULL is "not known"; texts are no values.
  return series.length === 0 && isKnown
    ? { series, fault: reason('pool-query-no-number', { query: name }) }
    : { series, fault: null }
}

/** Whole numbers beyond 32 bits and numerics come as text. */
function numberOf(value: unknown): number | null {
  if (typeof value === 'boolean') return value ? 1 : 0
  const number =
    typeof value === 'number' || typeof value === 'bigint'
      ? Number(value)
      : typeof value === 'string' && /^\s*[+-]?[\d.]/.test(value)
        ? Number(value)
        : Number.NaN
  return Number.isFinite(number) ? number : null
}

/** What the latest answers come to. */
function told(asked: readonly AskedQuery[], now: number): Pick<QueriesLook, 'values' | 'findings' | 'facts'> {
  const values: MetricValues = {}
  const findings: Finding[] = []
  const facts: Record<string, string> = {}
  for (const { query, askedAt, dueAt, tookMs, series, fault } of asked) {
    if (fault !== null) findings.push({ status: 'WARNING', reason: fault })
    const pause = dueAt - askedAt
    if (pause > query.every * 1_000) {
      facts[`query ${query.name}`] = `${round(tookMs, 0)} ms, 1/${Math.round(pause / 1_000)} s`
    }
    if (now - askedAt > Math.max(pause, query.every * 1_000) * STALE_INTERVALS) continue
    for (const { series: of, value } of series) {
      values[labelled('db_query_value', { query: query.name, series: of })] = value
      const crossed = crossedBound(value, query)
      if (crossed === null) continue
      const { level, limit, direction } = crossed
      const shown = { query: of === '' ? query.name : `${query.name} (${of})`, value, limit }
      const code = direction === 'above' ? 'pool-query-above' : 'pool-query-below'
      findings.push({ status: level, reason: reason(code, shown) })
    }
  }
  return { values, findings, facts }
}
