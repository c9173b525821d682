/**
 * The connection pool as the server sees it, with the application's own view beside it. One cheap statement a look, on
 * the one session kept open for probes; it reads system views only and waits for no lock.
 */
import { PROBE_INTERVAL_MS } from '#shared/catalogue/probes.ts'
import { type Failure, isFailure } from '#shared/model/failure.ts'
import type { Evidence } from '#shared/model/observation.ts'
import { boundEvidence } from '../evidence.ts'
import { unknownValues } from '../figures.ts'
import { byBadness, type HeldLimits } from '../limits.ts'
import type { Look, LookContext, Probe } from '../probe.ts'
import { failureReason, reason } from '../reason.ts'
import { tellsOfTarget } from '../tells-of-target.ts'
import { ACTIVITY_SQL, Activity } from './activity.ts'
import { type ApplicationView, askApplication, disagreement, type Pauses } from './application-pool.ts'
import { type CountedDatabase, databaseValues } from './database-statistics.ts'
import { grantMonitor, poolFindings } from './findings.ts'
import { type PoolSize, poolSize } from './pool-size.ts'
import { lookAtQueries, type QueryMemory } from './queries.ts'
import { lookRarely, NEVER_LOOKED, type RareMemory } from './rare-look.ts'
import type { ServerState } from './server-state.ts'
import { asEvidence, countSlow, NO_SLOW_STATEMENTS, type SlowCount, slowLately } from './slow-statements.ts'
import { poolValues } from './values.ts'

/** A deployment has one PostgreSQL; it has no name of its own in the profile. */
const POSTGRES_TARGET = 'postgres'

const TIMEOUT_MS = 4_000

interface PoolMemory {
  /** `null` at first. */
  readonly counted: CountedDatabase | null
  readonly slow: SlowCount
  readonly held: HeldLimits
  readonly disagreeingLooks: number
  readonly pauses: Pauses
  readonly rarely: RareMemory
  readonly queries: QueryMemory
}

const AT_FIRST: PoolMemory = {
  counted: null,
  slow: NO_SLOW_STATEMENTS,
  held: {},
  disagreeingLooks: 0,
  pauses: new Map(),
  rarely: NEVER_LOOKED,
  queries: new Map(),
}

export const postgresPool: Probe<PoolMemory> = {
  id: 'pool',
  intervalMs: PROBE_INTERVAL_MS.pool,
  timeoutMs: TIMEOUT_MS,
  targets: (profile) => (profile.postgres === undefined ? [] : [POSTGRES_TARGET]),
  unfilled: ({ postgres }) => (postgres?.queries.length ? [] : ['db_query_value']),
  look,
  unreachable,
}

async function look(context: LookContext<PoolMemory>): Promise<{ look: Look; memory: PoolMemory }> {
  const { profile, reach, signal, monotonic } = context
  const session = reach.postgres?.probes
  if (session === undefined) throw new Error('looked for a PostgreSQL that the reach does not have')
  const before = context.memory ?? AT_FIRST
  const beganAt = monotonic()
  const application = profile.postgres?.application
  const [{ answer, answeredAt }, { view, pauses }] = await Promise.all([
    session
      .query(ACTIVITY_SQL, [application?.role ?? null, application?.name ?? null, session.pooled], {
        signal,
        timeoutMs: context.timeoutMs,
      })
      // Counters are of this moment: before it there may have been a login.
      .then((answer) => ({ answer, answeredAt: monotonic() })),
    askApplication(profile.services, reach, signal, {
      before: before.pauses,
      monotonic,
      now: context.now,
    }),
  ])
  const activity = Activity.parse(answer.rows[0])
  const rarely = await lookRarely(context, before.rarely, activity)
  const queries = await lookAtQueries(context, before.queries, beganAt)

  const size = poolSize(profile.services, view?.size ?? null, activity)
  const slow = countSlow(before.slow, activity.slow_keys, activity.slowest_ms, monotonic())
  const counted = countedBy(activity, answeredAt)
  const values = poolValues({
    activity,
    size,
    view,
    slow,
    rarely: rarely.memory,
    counted: databaseValues(before.counted, counted),
  })
  const { looks, told } = disagreement(
    before.disagreeingLooks,
    view,
    values.db_pool_checked_out ?? null,
    size.size,
  )
  const { findings: ofPool, held } = poolFindings(
    {
      activity,
      size,
      values,
      slow: slowLately(slow),
      view,
      viewsDisagree: told,
      server: rarely.memory.server,
    },
    profile.limits,
    before.held,
  )
  const worst = byBadness([...ofPool, ...queries.findings])[0]
  return {
    look: {
      status: worst?.status ?? 'HEALTHY',
      reason:
        worst?.reason ??
        reason('pool-healthy', {
          checkedOut: values.db_pool_checked_out ?? null,
          size: size.size,
          available: values.db_pool_available ?? null,
        }),
      values: { ...values, ...queries.values },
      evidence: evidence(activity, size, view, rarely.memory.server, session.pooled, queries.facts),
      standings: rarely.standings,
      cost: {
        rows: answer.rows.length + rarely.rows + queries.rows,
        bytes: answer.bytes + rarely.bytes + queries.bytes + (view?.bytes ?? 0),
      },
    },
    memory: {
      counted,
      rarely: rarely.memory,
      queries: queries.memory,
      slow,
      held,
      disagreeingLooks: looks,
      pauses,
    },
  }
}

function countedBy(activity: Activity, at: number): CountedDatabase {
  return {
    at,
    serverStartedAt: activity.started_at,
    database: activity.database,
    statistics: activity.database_statistics,
  }
}

function evidence(
  activity: Activity,
  size: PoolSize,
  view: ApplicationView | null,
  server: ServerState | null,
  pooled: boolean,
  queries: Record<string, string>,
): Evidence {
  return boundEvidence({
    ...(activity.statements.length > 0 ? { statements: activity.statements.map(asEvidence) } : {}),
    ...(view === null
      ? {}
      : {
          applicationPool: {
            db_pool_size: view.size,
            db_pool_checked_out: view.checkedOut,
            db_pool_checked_in: view.checkedIn,
            db_pool_overflow: view.overflow,
            db_pool_waiting: view.waiting,
          },
        }),
    facts: {
      version: activity.server_version,
      database: activity.database,
      ...(pooled ? { through: 'pooler' } : {}),
      role: server === null ? 'unknown' : server.standby ? 'standby' : 'primary',
      poolSizeFrom: size.from,
      ...(server === null ? {} : replication(server)),
      ...hidden(activity, server),
      ...queries,
      serverConnections: `${activity.server_connections} / ${activity.max_connections - activity.reserved_connections}`,
    },
  })
}

function replication({ standbys, slots, slots_idle: idle }: ServerState): Record<string, string> {
  return {
    ...(standbys === 0 ? {} : { standbys: String(standbys) }),
    ...(slots === 0 ? {} : { slots: String(slots) }),
    ...(idle === 0 ? {} : { slotsIdle: String(idle) }),
  }
}

/** What the role may not see, view by view, and the statement that lets it. */
function hidden(activity: Activity, server: ServerState | null): Record<string, string> {
  const views = [
    ...(activity.hidden > 0 ? [`pg_stat_activity: ${activity.hidden}`] : []),
    ...((server?.standbys_hidden ?? 0) > 0 ? [`pg_stat_replication: ${server?.standbys_hidden}`] : []),
  ]
  return views.length === 0 ? {} : { hidden: views.join(', '), grant: grantMonitor(activity) }
}

function unreachable(failure: Failure) {
  const values = unknownValues('pool')
  const because = failureReason(failure)
  // The server is up; the pool is worse than full, or what tells of it is locked away.
  if (
    isFailure(failure, 'postgres-too-many-clients', 'postgres-lock-timeout', 'postgres-statement-timeout')
  ) {
    return { status: 'CRITICAL' as const, reason: because, values: { ...values, db_up: 1 } }
  }
  // Nobody gets a connection, and what is behind the pooler cannot be seen.
  if (isFailure(failure, 'postgres-pooler-busy', 'postgres-pooler-gave-up', 'postgres-pooler-full')) {
    return { status: 'CRITICAL' as const, reason: because, values }
  }
  if (!tellsOfTarget(failure)) return { status: 'UNKNOWN' as const, reason: because, values }
  return { status: 'CRITICAL' as const, reason: because, values: { ...values, db_up: 0 } }
}
