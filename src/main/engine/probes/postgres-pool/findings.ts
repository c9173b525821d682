/** What a look at the pool gives to say: limits, privilege, slow statements, the two views, the server's own room. */
import type { LimitedMetric, LimitOverrides } from '#shared/catalogue/limits.ts'
import type { MetricValues } from '#shared/model/observation.ts'
import type { Reason } from '#shared/model/reason.ts'
import { round } from '../figures.ts'
import { byBadness, type Finding, type HeldLimits, judgeLimits } from '../limits.ts'
import { type ReasonCode, reason } from '../reason.ts'
import type { Activity } from './activity.ts'
import type { ApplicationView } from './application-pool.ts'
import type { PoolSize } from './pool-size.ts'
import type { ServerState } from './server-state.ts'

/** Below this share of the server's connections left, its room is worth a word though the pool itself has some. */
const SERVER_ROOM = 0.1

export interface PoolFacts {
  readonly activity: Activity
  readonly size: PoolSize
  readonly values: MetricValues
  readonly slow: { statements: number; slowestMs: number } | null
  readonly view: ApplicationView | null
  /** The views have differed for several looks in a row. */
  readonly viewsDisagree: boolean
  /** `null`: not known. */
  readonly server: ServerState | null
}

/** A used-up pool opens on what uses it up: waiting for a lock, or idle in transactions. */
function occupiedBy(activity: Activity): ReasonCode | null {
  const checkedOut = activity.backends - activity.idle
  if (activity.lock_waiting * 2 >= checkedOut && activity.lock_waiting > 0) return 'pool-used-up-by-locks'
  if (activity.idle_in_transaction * 2 >= checkedOut && activity.idle_in_transaction > 0) {
    return 'pool-used-up-idle-in-transaction'
  }
  return null
}

function blockers(activity: Activity): string {
  const pids = new Set(activity.statements.flatMap(({ blocked_by }) => blocked_by))
  const waiting = new Set(
    activity.statements.filter(({ blocked_by }) => blocked_by.length > 0).map(({ pid }) => pid),
  )
  // Those at the head of the queue block the others; a prepared transaction shows as 0.
  const heads = [...pids].filter((pid) => !waiting.has(pid))
  return (heads.length > 0 ? heads : [...pids]).slice(0, 3).join(', ') || '?'
}

/** The statement that shows the role what it may not see; the name is quoted by the server. */
export function grantMonitor({ me }: Pick<Activity, 'me'>): string {
  return `GRANT pg_monitor TO ${me};`
}

/** Findings of one look, worst first; none where all is well. */
export function poolFindings(
  facts: PoolFacts,
  overrides: LimitOverrides,
  heldBefore: HeldLimits,
): { findings: Finding[]; held: HeldLimits } {
  const { activity, size, values, slow, view } = facts
  const occupied: Reason['params'] = {
    checkedOut: values.db_pool_checked_out ?? null,
    size: size.size,
    available: values.db_pool_available ?? null,
    waiting: activity.lock_waiting,
    idleInTransaction: activity.idle_in_transaction,
    seconds: round((values.db_pool_oldest_transaction_seconds ?? 0) as number, 0),
    blockers: blockers(activity),
  }
  const params: Partial<Record<LimitedMetric, Reason['params']>> = {
    db_pool_utilization: occupied,
    db_pool_available: occupied,
    db_lock_waiting: { blockers: occupied.blockers ?? '?' },
    db_pool_oldest_transaction_seconds: { idleInTransaction: activity.idle_in_transaction },
  }
  // A wait of milliseconds is how locks work; what has lasted over a second is worth a status.
  const judged = { ...values, db_lock_waiting: activity.hidden > 0 ? null : activity.lock_waiting_long }
  const { findings: crossed, held } = judgeLimits({ values: judged, overrides, held: heldBefore, params })

  const cause = occupiedBy(activity)
  const findings = crossed.map((finding) =>
    cause !== null && ['pool-utilization-high', 'pool-available-low'].includes(finding.reason.code)
      ? { ...finding, reason: reason(cause, { ...finding.reason.params }) }
      : finding,
  )
  if (activity.hidden > 0) {
    findings.push({
      status: 'UNKNOWN',
      reason: reason('pool-privilege-missing', {
        hidden: activity.hidden,
        role: activity.me,
        grant: grantMonitor(activity),
      }),
    })
  }
  findings.push(...serverFindings(facts))
  if (slow !== null) {
    findings.push({
      status: 'WARNING',
      reason: reason('pool-slow-statements', {
        statements: slow.statements,
        seconds: round(slow.slowestMs / 1000, 1),
      }),
    })
  }
  if (facts.viewsDisagree && view !== null) {
    findings.push({
      status: 'WARNING',
      reason: reason('pool-views-disagree', {
        application: view.checkedOut,
        server: values.db_pool_checked_out ?? null,
      }),
    })
  }
  const room = activity.max_connections - activity.reserved_connections
  const left = room - activity.server_connections
  if (size.from !== 'server-limit' && left < room * SERVER_ROOM && left < size.size - activity.backends) {
    findings.push({
      status: 'WARNING',
      reason: reason('pool-server-nearly-full', { left: Math.max(0, left), room }),
    })
  }
  return { findings: byBadness(findings), held }
}

/** What is wrong around the pool with the server itself. */
function serverFindings({ activity, server }: Pick<PoolFacts, 'activity' | 'server'>): Finding[] {
  if (server === null) return []
  const { archive_failing_at: wal, archived_seconds_ago: ago, standbys_hidden: hidden } = server
  const findings: Finding[] = []
  if (wal !== null) {
    const because =
      ago === null
        ? reason('pool-archive-never', { wal })
        : reason('pool-archive-failing', { wal, seconds: round(ago, 0) })
    findings.push({ status: 'CRITICAL', reason: because })
  }
  if (hidden > 0) {
    const role = activity.me
    findings.push({
      status: 'UNKNOWN',
      reason: reason('pool-replication-hidden', { hidden, role, grant: grantMonitor(activity) }),
    })
  }
  return findings
}
