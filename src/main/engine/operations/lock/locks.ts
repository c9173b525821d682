/**
 * The lock between consoles: a session of who operates holds an advisory lock in the maintenance database for as long as steps run, and a marker there says
 * who works on what until the operation is over. The lock ends with the session, so with the console; the marker does not.
 */
import type { OperationError, OperationText } from '#shared/model/operation.ts'
import type { Reason } from '#shared/model/reason.ts'
import type { Clock } from '../../clock.ts'
import { NotWatched, reasonOfNotWatched } from '../../inspect/not-watched.ts'
import type { Log } from '../../log.ts'
import type { HeldSession, PostgresOperating } from '../../reach/postgres/operating.ts'
import { type Reach, ReachError } from '../../reach/reach.ts'
import { type LockNeed, OperationFailed } from '../kind.ts'
import { maintenanceLack } from '../maintenance.ts'
import { OperationRefused } from '../refused.ts'
import { MARKERS_SQL, type Marker, markersIn, othersSetting, SETTING_SQL, settingOf } from './marker.ts'
import { serverIdentity } from './server-identity.ts'
import { type Found, keyOf, LOOK_TIMEOUT_MS, lookAtScope, obstacleOf, type Wanted } from './standing.ts'

/** Sooner than the server ends a session that asks nothing, so that it is lost here before it is free for others. */
const ALIVE_EVERY_MS = 5_000
const MARK_TRIES = 5
/** So long a console that has just taken the lock may need to leave its marker. */
const MARKED_WITHIN_MS = 1_000
const LOOK_AGAIN_MS = 50

export interface LockSubject extends Wanted {
  readonly deployment: string
  /** It was begun before: its marker is expected there. */
  readonly isTakenUp: boolean
  /** The server that what is taken up, taken back or kept was done at, by its system identifier; `null`: any. */
  readonly server: string | null
}

/** A lock, or what stands for one where none is needed or none can be had. */
export interface HeldLock {
  /** What is to be said of it in the operation's log. */
  readonly notes: readonly Reason[]
  /** The system identifier of the server that it is held at; `null`: it is not known, or at none. */
  readonly server: string | null
  /** Why no step may begin; `null`: it may. */
  check(): Promise<OperationError | null>
  /** Tells once, when it is lost. @param isNeeded the operation may not go on without; otherwise it does, and says so */
  onLost(listener: (why: Reason, isNeeded: boolean) => void): void
  /** Gives it back. @param isOver nothing of the operation is left to do: its marker goes, too */
  release(isOver: boolean): Promise<void>
}

export interface ConsoleLocks {
  /**
   * @throws OperationRefused where somebody else is there, or where a lock that is required cannot be had; ReachError and NotWatched where the target
   * cannot be asked, and the lock is required
   */
  take(need: LockNeed, subject: LockSubject, signal: AbortSignal): Promise<HeldLock>
  /**
   * What a preview says of it; takes nothing, and opens no connection.
   * @param operation the one that goes on: its own marker is no obstacle; `null`: it would begin
   */
  foresee(
    need: LockNeed,
    deployment: string,
    operation: string | null,
    signal: AbortSignal,
  ): Promise<{ warnings: Reason[]; refusals: Reason[]; connections: number }>
}

export interface ConsoleLocksOptions {
  readonly reachOf: (deployment: string) => Reach | null
  readonly console: { readonly id: string; readonly name: () => string }
  /** Whether an operation of this console is over, or forgotten. */
  readonly isOver: (operation: string) => Promise<boolean>
  readonly clock: Clock
  readonly log: Log
}

export function createConsoleLocks({
  reachOf,
  console: self,
  isOver,
  clock,
  log,
}: ConsoleLocksOptions): ConsoleLocks {
  function postgresOf(deployment: string) {
    const reach = reachOf(deployment)
    if (reach === null) throw new NotWatched(deployment, 'opening')
    return reach.postgres
  }

  /** What was looked up of this console's own markers, before it is decided. */
  async function obstacle(found: Found, wanted: Wanted) {
    const own = found.markers.filter((marker) => marker.console === self.id)
    const over = new Set<string>()
    for (const { operation } of own) if (await isOver(operation)) over.add(operation)
    return obstacleOf(found, wanted, self.id, ({ operation }) => over.has(operation))
  }

  async function open(subject: LockSubject, signal: AbortSignal): Promise<HeldSession> {
    const { deployment: name } = subject
    const postgres = postgresOf(name)
    if (postgres === null) throw new OperationFailed('lock-no-postgres', { name })
    if (postgres.operating === null) throw new OperationFailed('no-operate', { name })
    // What a pooler lends is another session with each statement.
    if (postgres.probes.pooled) throw new OperationFailed('lock-pooled', { name })
    const session = await holdMaintenance(postgres.operating, signal, name)
    const lack: OperationText | null = session.pooled
      ? 'lock-pooled'
      : session.standby
        ? 'lock-standby'
        : null
    if (lack === null) return session
    await session.close()
    throw new OperationFailed(lack, { name })
  }

  async function take(need: LockNeed, subject: LockSubject, signal: AbortSignal): Promise<HeldLock> {
    const { scope, required } = need
    let session: HeldSession
    try {
      session = await open(subject, signal)
    } catch (error) {
      if (signal.aborted) throw error
      const reason = reasonOf(error, subject.deployment)
      if (reason === null) throw error
      if (!required) return without([{ code: 'lock-without', params: { scope } }, reason])
      if (error instanceof OperationFailed) {
        throw new OperationRefused({ kind: 'impossible', reasons: [reason] })
      }
      throw error
    }
    try {
      return await hold(session, need, subject, signal)
    } catch (error) {
      await session.close()
      throw error
    }
  }

  async function hold(
    session: HeldSession,
    { scope, required }: LockNeed,
    subject: LockSubject,
    signal: AbortSignal,
  ): Promise<HeldLock> {
    const { deployment, operation, takeOver, isTakenUp } = subject
    const limits = { signal, timeoutMs: LOOK_TIMEOUT_MS }
    const server = await serverIdentity(session, signal)
    // What is not needed protects nothing.
    if (required && server !== null && subject.server !== null && server !== subject.server) {
      const params = { name: deployment, was: subject.server, now: server }
      throw new OperationRefused({ kind: 'impossible', reasons: [{ code: 'lock-other-server', params }] })
    }
    const { rows } = await session.query(
      'select pg_try_advisory_lock($1::bigint) as got',
      [keyOf(scope).key],
      limits,
    )
    const isOurs = rows[0]?.got === true
    const found = await seen(session, scope, isOurs, signal)
    const holder = await obstacle(found, subject)
    if (holder !== null || !isOurs) {
      const unknown = { console: '?', operation: null, since: null, isLeft: false }
      throw new OperationRefused({ kind: 'locked', scope, deployment, holder: holder ?? unknown })
    }
    const notes: Reason[] = []
    const before = found.markers.find((marker) => marker.operation === operation)
    if (isTakenUp && before === undefined) notes.push({ code: 'lock-marker-gone', params: { scope } })
    for (const { name, operation: other, role, mine } of found.markers) {
      if (other !== takeOver) continue
      notes.push({ code: 'lock-taken-over', params: { console: name, operation: other } })
      const params = { console: name, role, database: session.database }
      if (!mine) notes.push({ code: 'lock-marker-stays', params })
    }
    const marker: Marker = before ?? {
      ...{ scope, console: self.id, name: self.name().slice(0, 200), operation, deployment },
      since: clock.now(),
    }
    try {
      await mark(session, marker, (one) => one.scope === scope, signal)
      notes.unshift({ code: 'lock-taken', params: { scope } })
    } catch (error) {
      const isTaken = error instanceof OperationFailed
      if (required && isTaken) throw new OperationRefused({ kind: 'impossible', reasons: [error.reason] })
      if (required || !(isTaken || error instanceof ReachError)) throw error
      log.warn({ err: error, operation }, 'no marker could be left at the target')
      notes.unshift({ code: 'lock-unmarked', params: { scope } }, ...(isTaken ? [error.reason] : []))
    }
    return watched(session, { scope, required }, subject, notes, server)
  }

  /** A console that has the lock, and has left no marker yet, is given a moment. */
  async function seen(
    session: HeldSession,
    scope: string,
    isOurs: boolean,
    signal: AbortSignal,
  ): Promise<Found> {
    const until = clock.monotonic() + MARKED_WITHIN_MS
    for (;;) {
      const found = await lookAtScope(session, { scope, maintenance: session.database }, signal)
      if (isOurs || found.markers.length > 0 || clock.monotonic() >= until) return found
      await new Promise<void>((resolve) => clock.after(LOOK_AGAIN_MS, resolve))
    }
  }

  /** Puts one in place of those of this role that it replaces; `null`: none. @throws OperationFailed where the setting is somebody else's */
  async function mark(
    session: HeldSession,
    marker: Marker | null,
    isReplaced: (one: Marker) => boolean,
    signal: AbortSignal,
  ): Promise<void> {
    const limits = { signal, timeoutMs: LOOK_TIMEOUT_MS }
    for (let tries = 1; ; tries += 1) {
      try {
        await session.query('begin read write', [], limits)
        // All markers of a role are one setting: one console at a time alters it.
        await session.query('select pg_advisory_xact_lock($1::bigint)', [keyOf('').key], limits)
        const standing = await session.query(MARKERS_SQL, [session.database], limits)
        const taken = othersSetting(standing.rows)
        if (taken !== null) {
          throw new OperationFailed('lock-setting-taken', { role: taken, database: session.database })
        }
        const others = markersIn(standing.rows).filter((one) => one.mine && !isReplaced(one))
        const next = [...others, ...(marker === null ? [] : [marker])]
        const { rows } = await session.query(SETTING_SQL, [settingOf(next)], limits)
        await session.query(String(rows[0]?.statement), [], limits)
        await session.query('commit', [], limits)
        return
      } catch (error) {
        await session.query('rollback', [], limits).catch(() => {})
        const isBusy = error instanceof ReachError && error.failure.code === 'postgres-lock-timeout'
        if (!isBusy || tries === MARK_TRIES) throw error
      }
    }
  }

  function watched(
    session: HeldSession,
    { scope, required }: LockNeed,
    subject: LockSubject,
    notes: readonly Reason[],
    server: string | null,
  ): HeldLock {
    const { operation } = subject
    const never = new AbortController().signal
    let lost: Reason | null = null
    let isReleased = false
    let tell: (why: Reason, isNeeded: boolean) => void = () => {}
    let cancelAlive = clock.after(ALIVE_EVERY_MS, () => void stayAlive())

    function lose(why: unknown): void {
      if (isReleased || lost !== null) return
      lost = { code: required ? 'lock-lost' : 'lock-lost-on', params: { scope } }
      cancelAlive()
      log.warn({ err: why, operation, scope }, 'the lock on the target is lost')
      tell(lost, required)
    }

    async function check(): Promise<OperationError | null> {
      if (lost !== null) return required ? lost : null
      try {
        const { holder } = await lookAtScope(session, { scope, maintenance: session.database }, never)
        if (holder?.mine !== true) lose(new Error('the server does not list it'))
      } catch (error) {
        lose(error)
      }
      return required ? lost : null
    }

    async function stayAlive(): Promise<void> {
      await check()
      if (lost === null && !isReleased) cancelAlive = clock.after(ALIVE_EVERY_MS, () => void stayAlive())
    }

    async function unmark(): Promise<void> {
      if (lost === null) return mark(session, null, (one) => one.scope === scope, never)
      // Over another session, and this one alone: somebody else may have come since.
      const again = await open(subject, never)
      try {
        await mark(again, null, (one) => one.operation === operation, never)
      } finally {
        await again.close()
      }
    }

    void session.ended.then(lose)
    return {
      notes,
      server,
      check,
      onLost(listener) {
        tell = listener
        if (lost !== null) listener(lost, required)
      },
      async release(isOver) {
        cancelAlive()
        // Whoever lost what is needed may not be alone there any more.
        if (isOver && (lost === null || !required)) {
          await unmark().catch((error: unknown) =>
            log.warn(
              { err: error, operation },
              'the marker of an operation that is over stays at the target',
            ),
          )
        }
        isReleased = true
        await session.close()
      },
    }
  }

  return {
    take,
    async foresee({ scope, required }, deployment, operation, signal) {
      const nothing = { warnings: [], refusals: [], connections: 0 }
      // What goes on without one says so in its log.
      const lacks = (reason: Reason) => ({ ...nothing, refusals: required ? [reason] : [] })
      try {
        const postgres = postgresOf(deployment)
        const name = deployment
        if (postgres === null) return lacks({ code: 'lock-no-postgres', params: { name } })
        const found = await lookFrom(postgres, scope, signal)
        const holder = await obstacle(found, { operation: operation ?? '', takeOver: null })
        if (holder !== null) {
          const params = { console: holder.console ?? self.name(), operation: holder.operation ?? '?' }
          const code: OperationText = holder.isLeft ? 'lock-left-by' : 'lock-held-by'
          return { ...nothing, warnings: [{ code, params }], connections: 1 }
        }
        if (postgres.operating === null) return lacks({ code: 'no-operate', params: { name } })
        if (postgres.probes.pooled) return lacks({ code: 'lock-pooled', params: { name } })
        return { ...nothing, connections: 1 }
      } catch (error) {
        const reason = reasonOf(error, deployment)
        if (required || reason === null || signal.aborted) throw error
        return nothing
      }
    },
  }
}

/** Over the connection that there is; where the database of the watch was dropped there is none, and the lock is in another one anyway. */
async function lookFrom(
  { people, operating }: Pick<NonNullable<Reach['postgres']>, 'people' | 'operating'>,
  scope: string,
  signal: AbortSignal,
): Promise<Found> {
  const maintenance = operating?.maintenance ?? 'postgres'
  try {
    return await lookAtScope(people, { scope, maintenance }, signal)
  } catch (error) {
    const isGone = error instanceof ReachError && error.failure.code === 'postgres-database-missing'
    if (!isGone || operating === null) throw error
    const session = await operating.hold(signal, maintenance)
    try {
      return await lookAtScope(session, { scope, maintenance }, signal)
    } finally {
      await session.close()
    }
  }
}

/** Who may not come in there, or finds no such database, is told what to write where. */
async function holdMaintenance(
  operating: PostgresOperating,
  signal: AbortSignal,
  name: string,
): Promise<HeldSession> {
  try {
    return await operating.hold(signal, operating.maintenance)
  } catch (error) {
    throw maintenanceLack(error, operating, name) ?? error
  }
}

/** Where none can be had, and the operation goes on without. */
export function without(notes: readonly Reason[]): HeldLock {
  return { notes, server: null, check: async () => null, onLost() {}, release: async () => {} }
}

/** For what is only given up: it may end without one, and does nothing more. */
export function lacking(why: OperationError): HeldLock {
  return { ...without([]), check: async () => why }
}

/** Why a lock cannot be had, where that is as things are; `null`: something else went wrong. */
function reasonOf(error: unknown, name: string): Reason | null {
  if (error instanceof OperationFailed) return error.reason
  if (error instanceof ReachError) return { code: 'lock-unreachable', params: { name } }
  return error instanceof NotWatched ? reasonOfNotWatched(error) : null
}
