/**
 * What each statement used between one look at the counters and the next, for the last day: minutes apart for an hour, then
 * an hour apart. Pure: a ledger goes in and another comes out.
 *
 * The server's counters only ever grow, so a difference is what was used in between; a counter that is smaller than before
 * began anew. Of a day at most two thirds of a megabyte are kept for each deployment, whatever the server counts: 14 + 25
 * intervals of at most 400 statements of 36 bytes, beside the newest counters of 1,000; with 100 statements it is 0.2.
 */
import { type CountedStatement, type Counters, WIDTH } from './counters.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
/** Within this age the looks are kept apart. */
const FINE_MS = HOUR_MS + 10 * MINUTE_MS
const KEPT_MS = 25 * HOUR_MS
/** Of an interval those that took the most time are kept; the totals are of all. */
const KEPT_STATEMENTS = 400
const CALLS = 0
const TOTAL_MS = 1

export interface Interval {
  /** By the server's clock. */
  readonly from: number
  readonly to: number
  readonly keys: readonly string[]
  /** `WIDTH` figures for each of the keys. */
  readonly figures: Float32Array
  readonly totalMs: number
  readonly totalCalls: number
  /** The counting began anew within it: what ran before that is not in it. */
  readonly restarted: boolean
}

interface Newest {
  readonly at: number
  readonly resetAt: number | null
  readonly complete: boolean
  /** Time of the least statement that was listed: one that was not listed had taken no more. */
  readonly floorMs: number
  readonly keys: readonly string[]
  readonly rows: ReadonlyMap<string, number>
  readonly figures: Float64Array
}

export interface Ledger {
  readonly newest: Newest | null
  /** Oldest first, without gaps. */
  readonly intervals: readonly Interval[]
}
export const EMPTY_LEDGER: Ledger = { newest: null, intervals: [] }

/** Takes in another look at the counters. */
export function recorded({ newest, intervals }: Ledger, seen: Counters): Ledger {
  const counters = withKnownKeys(seen, newest)
  // Another server, or one whose clock was set: nothing of before fits.
  if (newest === null || counters.at <= newest.at) return { newest: newestOf(counters), intervals: [] }
  return {
    newest: newestOf(counters),
    intervals: aged([...intervals, keptOf(usedBetween(newest, counters))], counters.at),
  }
}

/** The same text for the same key in all intervals, so that it is in memory once. */
function withKnownKeys(counters: Counters, newest: Newest | null): Counters {
  const known = (key: string) => newest?.keys[newest.rows.get(key) ?? -1] ?? key
  return { ...counters, statements: counters.statements.map((one) => ({ ...one, key: known(one.key) })) }
}

function newestOf(counters: Counters): Newest {
  const { at, resetAt, complete, statements } = counters
  const keys = statements.map(({ key }) => key)
  const figures = new Float64Array(statements.length * WIDTH)
  for (const [row, statement] of statements.entries()) figures.set(statement.figures, row * WIDTH)
  const rows = new Map(keys.map((key, row) => [key, row]))
  const floorMs = complete ? 0 : (statements.at(-1)?.figures[TOTAL_MS] ?? 0)
  return { at, resetAt, complete, floorMs, keys, rows, figures }
}

interface Used {
  readonly from: number
  readonly to: number
  readonly statements: ReadonlyMap<string, readonly number[]>
  readonly restarted: boolean
}

function usedBetween(before: Newest, after: Counters): Used {
  const restarted = beganAnew(before, after)
  const statements = new Map<string, readonly number[]>()
  for (const statement of after.statements) {
    const row = restarted ? undefined : before.rows.get(statement.key)
    const used =
      row === undefined
        ? ofUnknown(statement, before, restarted)
        : difference(statement.figures, before.figures.subarray(row * WIDTH, (row + 1) * WIDTH))
    if ((used[CALLS] ?? 0) > 0) statements.set(statement.key, used)
  }
  return { from: before.at, to: after.at, statements, restarted }
}

/** Before version 1.9 nothing tells of a reset but the counters themselves: most of them are smaller, or gone. */
function beganAnew(before: Newest, after: Counters): boolean {
  if (after.resetAt !== null && before.resetAt !== null) return after.resetAt !== before.resetAt
  if (before.rows.size === 0) return false
  const goneOn = after.statements.filter(({ key, figures }) => {
    const row = before.rows.get(key)
    return row !== undefined && (figures[CALLS] ?? 0) >= (before.figures[row * WIDTH + CALLS] ?? 0)
  })
  return goneOn.length * 2 < Math.min(before.rows.size, after.statements.length || 1)
}

/** Of a statement that was not listed before. */
function ofUnknown(
  { figures, since }: CountedStatement,
  before: Newest,
  restarted: boolean,
): readonly number[] {
  if (restarted || before.complete || (since !== null && since > before.at)) return figures
  // It took no more than the least that was listed; what came on top of that is certain.
  const total = figures[TOTAL_MS] ?? 0
  const share = total <= 0 ? 0 : Math.max(0, 1 - before.floorMs / total)
  return figures.map((figure) => figure * share)
}

/** A statement that was thrown out for others and came back counts from nothing. */
function difference(after: readonly number[], before: Float64Array): readonly number[] {
  if ((after[CALLS] ?? 0) < (before[CALLS] ?? 0)) return after
  return after.map((figure, column) => Math.max(0, figure - (before[column] ?? 0)))
}

function keptOf({ from, to, statements, restarted }: Used): Interval {
  const all = [...statements]
  const sum = (column: number) => all.reduce((total, [, figures]) => total + (figures[column] ?? 0), 0)
  const kept = all.sort(([, a], [, b]) => (b[TOTAL_MS] ?? 0) - (a[TOTAL_MS] ?? 0)).slice(0, KEPT_STATEMENTS)
  const figures = new Float32Array(kept.length * WIDTH)
  for (const [row, [, used]] of kept.entries()) figures.set(used, row * WIDTH)
  const keys = kept.map(([key]) => key)
  return { from, to, keys, figures, totalMs: sum(TOTAL_MS), totalCalls: sum(CALLS), restarted }
}

/** What is older than an hour is put together by the hour; what is older than a day is forgotten. */
function aged(intervals: readonly Interval[], now: number): Interval[] {
  const kept: Interval[] = []
  for (const interval of intervals) {
    if (interval.to < now - KEPT_MS) continue
    const last = kept.at(-1)
    const old = interval.to < now - FINE_MS
    if (old && last !== undefined && interval.to - last.from <= HOUR_MS) {
      kept[kept.length - 1] = joined([last, interval])
    } else kept.push(interval)
  }
  return kept
}

function joined(intervals: readonly [Interval, ...Interval[]]): Interval {
  const used = summed(intervals)
  const last = intervals.at(-1) ?? intervals[0]
  const kept = keptOf({
    from: intervals[0].from,
    to: last.to,
    statements: used.statements,
    restarted: used.restarted,
  })
  return { ...kept, totalMs: used.totalMs, totalCalls: used.totalCalls }
}

function summed(intervals: readonly Interval[]) {
  const statements = new Map<string, number[]>()
  for (const { keys, figures } of intervals) {
    for (const [row, key] of keys.entries()) {
      add(statements, key, figures.subarray(row * WIDTH, (row + 1) * WIDTH))
    }
  }
  return {
    statements,
    totalMs: intervals.reduce((sum, { totalMs }) => sum + totalMs, 0),
    totalCalls: intervals.reduce((sum, { totalCalls }) => sum + totalCalls, 0),
    restarted: intervals.some(({ restarted }) => restarted),
  }
}

function add(statements: Map<string, number[]>, key: string, figures: Iterable<number>): void {
  const sum = statements.get(key)
  if (sum === undefined) statements.set(key, [...figures])
  else {
    let column = 0
    for (const figure of figures) {
      sum[column] = (sum[column] ?? 0) + figure
      column += 1
    }
  }
}

export interface Window {
  /** Where it begins in truth: the look nearest to what was asked for, or the first. */
  readonly since: number
  readonly statements: ReadonlyMap<string, readonly number[]>
  readonly totalMs: number
  readonly totalCalls: number
  readonly restarted: boolean
}

/** What was used from about `minutes` before this look until it. */
export function windowUntil({ newest, intervals }: Ledger, counters: Counters, minutes: number): Window {
  if (newest === null || counters.at < newest.at) {
    return { since: counters.at, statements: new Map(), totalMs: 0, totalCalls: 0, restarted: false }
  }
  const wanted = counters.at - minutes * MINUTE_MS
  const beginnings = [...intervals.map(({ from }) => from), newest.at]
  const since = beginnings.reduce((best, at) => (Math.abs(at - wanted) < Math.abs(best - wanted) ? at : best))
  const sinceThen = keptOf(usedBetween(newest, counters))
  return { since, ...summed([...intervals.filter(({ from }) => from >= since), sinceThen]) }
}
