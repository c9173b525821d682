/**
 * Holds the clients of PgBouncers back while databases change names: they wait, where they would be cut off. A pool that is paused stays so whoever
 * paused it goes away, so what is paused is on record before, and is told to go on at every end that this can have.
 */
import { z } from 'zod'
import { isFailure } from '#shared/model/failure.ts'
import type { Reason } from '#shared/model/reason.ts'
import type { Clock } from '../../../clock.ts'
import { NotWatched, reasonOfNotWatched } from '../../../inspect/not-watched.ts'
import { OperationFailed, type StepContext, type Subject } from '../../../operations/kind.ts'
import type { PoolerAdmin } from '../../../reach/postgres/pooler-admin.ts'
import { type Limits, ReachError } from '../../../reach/reach.ts'
import { sqlName } from '../../postgres/quote.ts'
import { type PoolsTo, pausedOf, poolsTo } from './pools.ts'

export const PausedPool = z.object({ pooler: z.string(), pool: z.string() })
export type PausedPool = z.infer<typeof PausedPool>

type Context = Pick<StepContext<unknown>, 'reach' | 'signal' | 'note'>

const ANSWERS_WITHIN_MS = 5_000
const RESUMED_WITHIN_MS = 30_000
const AGAIN_AFTER_MS = 500

export interface SeenPooler extends PoolsTo {
  readonly admin: PoolerAdmin
  /** Why it does not tell; no pools are known then. */
  readonly failure: ReachError | null
}

/** What each pooler of the profile says of its pools to a database. */
export async function lookAtPoolers(
  { reach, signal }: Pick<Subject<unknown>, 'reach' | 'signal'>,
  database: string,
): Promise<SeenPooler[]> {
  const limits = { signal, timeoutMs: ANSWERS_WITHIN_MS }
  return Promise.all(
    poolersOf(reach).map(async (admin) => {
      try {
        await admin.administers(limits)
        const databases = await admin.command('SHOW DATABASES', limits)
        const pools = await admin.command('SHOW POOLS', limits)
        const config = await admin.command('SHOW CONFIG', limits)
        return { admin, failure: null, ...poolsTo(database, { databases, pools, config }) }
      } catch (error) {
        if (!(error instanceof ReachError)) throw error
        return { admin, failure: error, pools: [], boundMs: 0 }
      }
    }),
  )
}

function poolersOf(reach: Subject<unknown>['reach']): readonly PoolerAdmin[] {
  return reach().postgres?.poolers ?? []
}

/**
 * Does `work` while the pools to a database are paused, as far as they can be: a pooler that does not answer, or may not be told, is no reason not to restore.
 * @param ours those that this operation paused before it was killed; what others paused stays as it is
 * @param keep is told what is going to be paused, and that nothing is any more
 * @throws OperationFailed `restore-pool-not-resumed`
 */
export async function whilePaused(
  context: Context,
  clock: Clock,
  database: string,
  {
    ours,
    keep,
  }: {
    readonly ours: readonly PausedPool[]
    readonly keep: (paused: readonly PausedPool[]) => Promise<void>
  },
  work: () => Promise<void>,
): Promise<void> {
  const poolers = await lookAtPoolers(context, database)
  const isOurs = (pooler: string, pool: string) =>
    ours.some((one) => one.pooler === pooler && one.pool === pool)
  const wanted = poolers.flatMap(({ admin, pools, boundMs }) =>
    pools
      .filter(({ name, isOfSessions, isPaused }) => (isPaused ? isOurs(admin.name, name) : !isOfSessions))
      .map(({ name }) => ({ admin, pool: name, boundMs })),
  )
  for (const { admin, failure } of poolers)
    if (failure !== null)
      context.note('restore-pool-unreached', { ...becauseOf(failure), pooler: admin.name })
  const paused = wanted.map(({ admin, pool }) => ({ pooler: admin.name, pool }))
  // Also of a pooler that says nothing now.
  const held = [...paused, ...ours.filter((one) => !paused.some((other) => isSame(one, other)))]
  if (held.length === 0) return work()
  await keep(held)
  const since = clock.monotonic()
  try {
    await Promise.all(wanted.map((one) => pause(context, one)))
    await work()
  } finally {
    await resumePools(context, clock, held).catch((error: unknown) => {
      // Whoever tells a step to stop hears of no error of it: what is to be done by hand stands in its log.
      if (context.signal.aborted && error instanceof OperationFailed)
        context.note('restore-pool-not-resumed', error.reason.params)
      throw error
    })
  }
  await keep([])
  const seconds = Math.ceil((clock.monotonic() - since) / 1_000)
  context.note('restore-pool-held', { pools: held.map(({ pool }) => pool).join(', '), seconds })
}

/** What a step keeps besides what it pauses is its own. */
interface Holding {
  readonly paused: readonly PausedPool[]
}
type Held = Pick<StepContext<unknown>, 'reach' | 'keep'>

/** Pools that may wait for us do not any more, and from then on whoever pauses them is somebody else. @param facts what the step keeps; `null`: nothing yet */
export async function letGoOn(
  context: Held,
  clock: Clock,
  facts: Holding | null,
  withinMs?: number,
): Promise<void> {
  if (facts === null || facts.paused.length === 0) return
  await resumePools(context, clock, facts.paused, withinMs)
  await context.keep({ ...facts, paused: [] })
}

/** As `letGoOn`, of a step that was cut off: tried once. */
export async function relievePools(
  context: Held & Pick<Context, 'note'>,
  clock: Clock,
  facts: Holding | null,
): Promise<void> {
  const paused = facts?.paused ?? []
  if (paused.length === 0) return
  await letGoOn(context, clock, facts, 0)
  context.note('restore-pool-relieved', { pools: paused.map(({ pool }) => pool).join(', ') })
}

function isSame(one: PausedPool, other: PausedPool): boolean {
  return one.pooler === other.pooler && one.pool === other.pool
}

/** Transactions that do not end in time are ended by what follows; all others wait all the same. */
async function pause(
  context: Context,
  { admin, pool, boundMs }: { readonly admin: PoolerAdmin; readonly pool: string; readonly boundMs: number },
): Promise<void> {
  const { signal } = context
  try {
    await admin.command(`PAUSE ${sqlName(pool)}`, { signal, timeoutMs: boundMs })
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof ReachError)) throw error
    if (isFailure(error.failure, 'postgres-answer-missing'))
      context.note('restore-pool-busy', { pool, seconds: boundMs / 1_000 })
    else context.note('restore-pool-unreached', { ...becauseOf(error), pooler: admin.name })
  }
}

/**
 * Tells pools to go on, also where the operation is told to stop: until they do, for half a minute at most, or as long as is said.
 * @throws OperationFailed `restore-pool-not-resumed`
 */
export async function resumePools(
  { reach }: Pick<Context, 'reach'>,
  clock: Clock,
  paused: readonly PausedPool[],
  withinMs = RESUMED_WITHIN_MS,
): Promise<void> {
  const until = clock.monotonic() + withinMs
  const limits: Limits = { signal: new AbortController().signal, timeoutMs: ANSWERS_WITHIN_MS }
  await Promise.all(
    [...Map.groupBy(paused, (one) => one.pooler)].map(async ([pooler, held]) => {
      const pools = held.map(({ pool }) => pool)
      for (;;) {
        const left = await stillPaused(reach, { pooler, pools }, limits)
        if (left === null) return
        if (clock.monotonic() >= until) {
          const commands = pools.map((pool) => `RESUME ${sqlName(pool)};`).join(' ')
          throw new OperationFailed('restore-pool-not-resumed', { ...becauseOf(left), pooler, commands })
        }
        await new Promise<void>((resolve) => clock.after(AGAIN_AFTER_MS, resolve))
      }
    }),
  )
}

/** @returns `null`: none is; else why it is not known, as far as that was told */
async function stillPaused(
  reach: Context['reach'],
  { pooler, pools }: { readonly pooler: string; readonly pools: readonly string[] },
  limits: Limits,
): Promise<ReachError | NotWatched | 'paused' | null> {
  let refused: ReachError | null = null
  try {
    // One that the profile does not name any more is somebody else's by now.
    const admin = poolersOf(reach).find(({ name }) => name === pooler)
    if (admin === undefined) return null
    // One that is not paused refuses it, and so does one that is gone by now: what counts is what it says then.
    for (const pool of pools)
      await admin.command(`RESUME ${sqlName(pool)}`, limits).catch((error: unknown) => {
        if (!(error instanceof ReachError)) throw error
        refused = error
      })
    const now = pausedOf(await admin.command('SHOW DATABASES', limits))
    return pools.some((pool) => now.includes(pool)) ? (refused ?? 'paused') : null
  } catch (error) {
    // The way may be given up, too, while people pause the deployment.
    if (error instanceof ReachError || error instanceof NotWatched) return error
    throw error
  }
}

/** What lies behind, as a reason within another: what the far side said, or what became of the way to it. */
export function becauseOf(failure: ReachError | NotWatched | 'paused'): Reason['params'] {
  if (failure === 'paused') return {}
  const { code, params } = failure instanceof NotWatched ? reasonOfNotWatched(failure) : failure.failure
  return { ...params, because: code }
}
