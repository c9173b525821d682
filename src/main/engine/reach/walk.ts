/** Walks one leg of a way and tells each of its steps as it is passed, fails, or can no longer be reached. */
import type { ReachStep, ReachStepResult, StepDetail } from '#shared/model/failure.ts'
import type { Clock } from '../clock.ts'
import type { SecretResolver } from '../vault/resolve.ts'
import { errorWords, failed, type Place } from './failed.ts'
import type { PostgresRoom } from './postgres/room.ts'
import { ReachError } from './reach.ts'
import type { OnStep, Way } from './way.ts'

/** Opens or asks something, and tells the steps that it passes on the way; leaves nothing open where it is aborted. */
export type Leg<T> = (onStep: OnStep, signal: AbortSignal) => Promise<T>

/** What the leg to a target is walked with. */
export interface LegContext {
  readonly way: Way
  readonly resolveSecret: SecretResolver
  readonly authorities: () => readonly string[]
  readonly clock: Clock
  /** Where what is tested is watched: the place at its PostgreSQL for a connection besides; `null` where it is not. */
  readonly postgresRoom: PostgresRoom | null
}

/** The leg from the end of the way to a target, with what is asked of it there. */
export interface TargetLeg {
  readonly place: Place
  /** It is reached over a unix socket: there is no name to look up. */
  readonly isSocketFile?: boolean
  /** The steps after the arrival there, which the way itself tells (resolve and TCP, or forward). */
  readonly planned: readonly ReachStep[]
  /** Gives the further legs that it found: the nodes of a cluster, the primary that a sentinel names. */
  readonly walk: (context: LegContext, onStep: OnStep, signal: AbortSignal) => Promise<readonly TargetLeg[]>
}

/** What one question to a target may take while a way is tested. */
export const QUESTION_TIMEOUT_MS = 10_000

/**
 * @param leg `null` where what is before it failed: all of its steps are skipped
 * @returns what the leg gave; `null` where it failed
 */
export async function* walk<T>(
  leg: Leg<T> | null,
  place: Place,
  planned: readonly ReachStep[],
  clock: Clock,
  signal: AbortSignal,
): AsyncGenerator<ReachStepResult, T | null> {
  const { hop } = place
  const told = new Set<ReachStep>()
  const waiting: ReachStepResult[] = []
  let news = Promise.withResolvers<void>()
  let outcome: { value: T } | { error: unknown } | null = null
  let since = clock.monotonic()
  let running: Promise<void> = Promise.resolve()
  const stopping = new AbortController()

  function tell(result: ReachStepResult): void {
    told.add(result.step)
    waiting.push(result)
    news.resolve()
  }

  function skipped(step: ReachStep): ReachStepResult {
    return { step, hop, status: 'skipped', ms: null, failure: null, detail: null }
  }

  function passed(step: ReachStep, detail: StepDetail | null): void {
    const now = clock.monotonic()
    tell({ step, hop, status: 'ok', ms: now - since, failure: null, detail })
    since = now
  }

  function begin(work: Leg<T>): void {
    running = work(passed, AbortSignal.any([signal, stopping.signal])).then(
      (value) => {
        outcome = { value }
        news.resolve()
      },
      (error: unknown) => {
        outcome = { error }
        news.resolve()
      },
    )
  }

  /** What the leg came to: the failure told where it failed. */
  function end(): T | null {
    if (outcome === null) return null
    if ('value' in outcome) return outcome.value
    signal.throwIfAborted()
    const { error } = outcome
    const { failure } =
      error instanceof ReachError
        ? error
        : failed(place, 'protocol', 'connection-failed', { words: errorWords(error) }, error)
    const ms = clock.monotonic() - since
    // What it stopped before comes before it, in the order of the way.
    for (const step of planned.slice(0, Math.max(0, planned.indexOf(failure.step)))) {
      if (!told.has(step)) tell(skipped(step))
    }
    tell({ step: failure.step, hop: failure.hop, status: 'failed', ms, failure, detail: null })
    return null
  }

  if (leg !== null) {
    begin(leg)
    try {
      do {
        await news.promise
        news = Promise.withResolvers()
        yield* waiting.splice(0)
      } while (outcome === null)
    } finally {
      // Whoever reads may stop in the middle; what is under way is ended before anything else is closed.
      stopping.abort()
      await running
    }
  }
  const value = end()
  yield* waiting.splice(0)
  for (const step of planned) {
    if (!told.has(step)) yield skipped(step)
  }
  return value
}
