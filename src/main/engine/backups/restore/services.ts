/** Whether the deployment's services are ready, before and after the database under them was swapped. */
import type { Clock } from '../../clock.ts'
import { NotWatched } from '../../inspect/not-watched.ts'
import { OperationFailed, type StepContext } from '../../operations/kind.ts'
import { ReachError } from '../../reach/reach.ts'

const TIMEOUT_MS = 5_000
const MAX_BYTES = 64 * 1024
const LOOK_EVERY_MS = 500
/** As long as a pool that was cut off takes to find out, and to connect again. */
const READY_WITHIN_MS = 60_000
/** So soon after people were let in what is not as before is the restore's doing, and taking it back loses next to nothing that was written since. */
const JUDGED_WITHIN_MS = 300_000

type Context = Pick<StepContext<unknown>, 'profile' | 'reach' | 'signal'>

/** The services that say so at the moment, by name. */
export async function areReady({ profile, reach, signal }: Context): Promise<string[]> {
  const answers = await Promise.all(
    profile.services.map(async ({ name, ready }) => {
      if (ready === null) return []
      try {
        const limits = { signal, timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES }
        const { status } = await reach().http(name).get(ready, limits)
        return status >= 200 && status < 300 ? [name] : []
      } catch (error) {
        if (error instanceof ReachError) return []
        throw error
      }
    }),
  )
  return answers.flat()
}

type Telling = Context & Pick<StepContext<unknown>, 'note'>

/** Since when people have been in what was restored, milliseconds since the epoch; `null`: nobody knows. */
export interface LetIn {
  readonly since: number | null
  readonly clock: Clock
}

/** Whether a failure of what was restored may take it back by itself: an operation that is gone on with a day later would take a day's work with it. */
function isJudged({ since, clock }: LetIn): boolean {
  return since !== null && clock.now() - since < JUDGED_WITHIN_MS
}

/**
 * One that was ready before and is not any more is told of where people have been in for long.
 * @throws OperationFailed `restore-not-ready` where they have not
 */
export async function untilReady(context: Telling, wanted: readonly string[], letIn: LetIn): Promise<void> {
  if (!isJudged(letIn)) return untilReadyAgain(context, wanted, letIn.clock, 'restore-not-ready-late')
  const missing = await waitedFor(context, wanted, letIn.clock)
  if (missing.length > 0) throw new OperationFailed('restore-not-ready', aboutMissing(missing))
}

/**
 * Looks at what was restored, again and again where the way or the server may answer in a moment. That it cannot be looked at is told of where people have been in for long.
 * @throws ReachError where they have not, and what `look` finds wrong
 */
export async function whenReached(
  context: Telling,
  { database, ...letIn }: LetIn & { readonly database: string },
  look: () => Promise<void>,
): Promise<void> {
  const { clock } = letIn
  const until = clock.monotonic() + READY_WITHIN_MS
  for (;;) {
    try {
      return await look()
    } catch (error) {
      context.signal.throwIfAborted()
      // A profile that is being saved has no reach for a moment.
      if (!(error instanceof ReachError || error instanceof NotWatched)) throw error
      const mayAnswer = error instanceof NotWatched || error.failure.recovery === 'by-itself'
      if (!mayAnswer || clock.monotonic() >= until) {
        if (isJudged(letIn)) throw error
        const hop = error instanceof NotWatched ? database : error.failure.hop
        return context.note('restore-not-looked-at', { database, hop })
      }
    }
    await new Promise<void>((resolve) => clock.after(LOOK_EVERY_MS, resolve))
    context.signal.throwIfAborted()
  }
}

/** What was there before is there again: a service that is not seen to be ready all the same is told of, and holds nothing up. */
export async function untilReadyAgain(
  context: Telling,
  before: readonly string[],
  clock: Clock,
  untold: 'restore-not-ready-again' | 'restore-not-ready-late' = 'restore-not-ready-again',
): Promise<void> {
  // One that the profile does not name any more is not asked.
  const asked = context.profile.services.flatMap(({ name, ready }) => (ready === null ? [] : [name]))
  const wanted = before.filter((name) => asked.includes(name))
  if (wanted.length === 0) return
  const missing = await waitedFor(context, wanted, clock).catch((error: unknown) => {
    context.signal.throwIfAborted()
    if (error instanceof NotWatched) return wanted
    throw error
  })
  if (missing.length > 0) context.note(untold, aboutMissing(missing))
}

/** @returns those that were ready before and are not within the time that they have */
async function waitedFor(context: Telling, wanted: readonly string[], clock: Clock): Promise<string[]> {
  const until = clock.monotonic() + READY_WITHIN_MS
  for (;;) {
    const ready = await areReady(context)
    const missing = wanted.filter((name) => !ready.includes(name))
    if (missing.length === 0 && ready.length > 0)
      context.note('restore-ready', { services: ready.join(', ') })
    if (missing.length === 0 || clock.monotonic() >= until) return missing
    await new Promise<void>((resolve) => clock.after(LOOK_EVERY_MS, resolve))
    context.signal.throwIfAborted()
  }
}

function aboutMissing(missing: readonly string[]) {
  return { services: missing.join(', '), seconds: READY_WITHIN_MS / 1_000 }
}
