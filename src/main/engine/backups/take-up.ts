/**
 * Goes on with what was cut off and nobody else waits to decide on: again and again for as long as what is in its way passes by itself. Where a person has to
 * decide, it waits for one.
 */
import type { OperationError } from '#shared/model/operation.ts'
import type { Clock } from '../clock.ts'
import { NotWatched } from '../inspect/not-watched.ts'
import type { Log } from '../log.ts'
import type { Operations } from '../operations/operations.ts'
import { OperationRefused } from '../operations/refused.ts'
import type { Actor } from '../policy/actor.ts'
import { ReachError } from '../reach/reach.ts'

/** On with it, or back. */
export type Way = 'resume' | 'cancel'

export interface TakeUp {
  /** Resolves when it was tried once; where that may go in a while, it is tried again. */
  goOn(id: string, way: Way): Promise<void>
  /** Sees one that runs through to its end. */
  seeThrough(id: string, way: Way): void
  /** Nothing is gone on with any more. */
  stop(): void
}

const FIRST_AGAIN_MS = 2_000
const LONGEST_WAIT_MS = 15 * 60_000

/** What was in the way of one that is interrupted, and passes by itself. */
const PASSING: ReadonlySet<string> = new Set([
  'lock-lost',
  'broken-off',
  'deployment-opening',
  'deployment-paused',
])

export function createTakeUp({
  clock,
  log,
  operations,
  actor,
}: {
  readonly clock: Clock
  readonly log: Log
  readonly operations: Pick<Operations, 'act' | 'get' | 'settled'>
  /** Whom the audit names for it. */
  readonly actor: Actor
}): TakeUp {
  const stopping = new AbortController()
  const cancels = new Set<() => void>()

  async function goOn(id: string, way: Way, waitMs = FIRST_AGAIN_MS): Promise<void> {
    const next = await tried(id, way)
    if (next !== null) lookAgain(id, next, waitMs)
  }

  /** @returns the way that it went, or may go in a while; `null`: it waits for a person */
  async function tried(id: string, way: Way): Promise<Way | null> {
    try {
      await operations.act(id, way, actor, { confirm: null }, stopping.signal)
      return way
    } catch (error) {
      // What is proven is only cleared up after.
      if (way === 'cancel' && isPastReturn(error)) return tried(id, 'resume')
      if (stopping.signal.aborted) return null
      if (passes(error)) return way
      log.warn({ err: error, operation: id }, 'it waits for a person')
      return null
    }
  }

  /** How it stands once nothing of it is under way, and a while later. */
  function lookAgain(id: string, way: Way, waitMs: number): void {
    told(id, async () => {
      await operations.settled(id)
      if (stopping.signal.aborted) return
      const cancel = clock.after(waitMs, () => {
        cancels.delete(cancel)
        told(id, () => look(id, way, Math.min(LONGEST_WAIT_MS, waitMs * 2)))
      })
      cancels.add(cancel)
    })
  }

  async function look(id: string, way: Way, waitMs: number): Promise<void> {
    if (stopping.signal.aborted) return
    const { state, error } = await operations.get(id)
    if (state === 'interrupted' && mayPass(error)) await goOn(id, way, waitMs)
  }

  function told(id: string, work: () => Promise<void>): void {
    work().catch((error: unknown) =>
      log.error({ err: error, operation: id }, 'what was cut off could not be taken up again'),
    )
  }

  return {
    goOn: (id, way) => goOn(id, way),
    seeThrough: (id, way) => lookAgain(id, way, FIRST_AGAIN_MS),
    stop() {
      stopping.abort()
      for (const cancel of cancels) cancel()
    },
  }
}

/** @param error why it is interrupted; `null`: its console was stopped */
function mayPass(error: OperationError | null): boolean {
  if (error === null) return true
  return 'failure' in error ? error.failure.recovery === 'by-itself' : PASSING.has(error.code)
}

/** Whether what was asked of one may be asked again. */
function passes(error: unknown): boolean {
  if (error instanceof ReachError) return error.failure.recovery === 'by-itself'
  if (error instanceof NotWatched) return true
  if (!(error instanceof OperationRefused)) return false
  const { refused } = error
  // Somebody acts on it at the moment, or works there.
  return refused.kind === 'state' || (refused.kind === 'locked' && !refused.holder.isLeft)
}

function isPastReturn(error: unknown): boolean {
  return (
    error instanceof OperationRefused &&
    error.refused.kind === 'state' &&
    error.refused.reason === 'past-return'
  )
}
