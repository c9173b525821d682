/**
 * Drives one operation: asks what comes next, writes down that it begins, does it, writes down how it ended, and asks again. Everything that is
 * decided is decided in `decide.ts`; a journal that cannot be written stops it where it is, as a kill would.
 */
import type {
  Heading,
  OperationError,
  OperationFacts,
  OperationProgress,
  OperationText,
} from '#shared/model/operation.ts'
import type { DeploymentProfile } from '#shared/model/profile/deployment.ts'
import type { Reason } from '#shared/model/reason.ts'
import type { Clock } from '../clock.ts'
import { NotWatched } from '../inspect/not-watched.ts'
import type { Log } from '../log.ts'
import type { Reach } from '../reach/reach.ts'
import { type Decision, decide, isPastReturn, type Wish } from './decide.ts'
import { expectedError } from './expected-error.ts'
import type { Journal } from './journal.ts'
import type { Kind, Step, StepContext } from './kind.ts'
import { createMeter } from './progress.ts'
import { afterEntry, type Entry, isGoingForward, type OperationRecord } from './record.ts'

/** Told to a step that it is to stop, and why. */
export class ToldToStop extends Error {
  constructor(wish: Wish) {
    super(`the operation is to ${wish}`)
    this.name = 'ToldToStop'
  }
}

export interface Drive {
  /** The record as it is now, with how far it is. */
  record(): OperationRecord
  /** What people want of it; a step that is under way is told to stop where that cannot wait for its end. `go`: it is to pause no more. */
  wish(wish: Wish, error?: OperationError): void
  /** Resolves when it is on record that it goes on, or will not be. */
  readonly gone: Promise<void>
  /** Resolves when nothing is under way any more: it is over, paused or interrupted. Rejects where the journal cannot be written. */
  readonly done: Promise<void>
}

export interface DriveOptions<Options> {
  readonly record: OperationRecord
  /** Where it goes from here. */
  readonly heading: Heading
  readonly kind: Kind<Options>
  readonly options: Options
  readonly profile: DeploymentProfile
  readonly journal: Journal
  readonly reachOf: (deployment: string) => Reach | null
  readonly clock: Clock
  readonly log: Log
  /** Asked before each step: why it must not go on; `null`: it may. @param changes what comes next changes the target */
  readonly mayGoOn: (changes: boolean) => Promise<OperationError | null>
  readonly onChange: (record: OperationRecord) => void
}

/** Progress is told so often at the most. */
const PROGRESS_EVERY_MS = 500
/** So often it is on record that somebody is at it: where the console is killed, that much of its time is lost at the most. */
const SEEN_EVERY_MS = 10_000

export function drive<Options>(terms: DriveOptions<Options>): Drive {
  const { kind, options, profile, journal, reachOf, clock, log, mayGoOn, onChange } = terms
  const steps = new Map(kind.steps(options, profile).map((step) => [step.id, step]))
  const meter = createMeter(() => clock.monotonic())
  let { record } = terms
  let progress: OperationProgress = record.progress
  let toldAt = Number.NEGATIVE_INFINITY
  let wished: Wish = 'go'
  let haltedBy: OperationError | null = null
  /** What the step under way adds to the result. */
  let result: OperationFacts | null = null
  let current: { step: Step<Options>; work: 'run' | 'undo' | 'inspect'; controller: AbortController } | null =
    null

  async function write(entry: Entry): Promise<void> {
    const at = clock.now()
    const after = afterEntry(record, entry, at)
    await journal.append(after, entry, at)
    record = after
    progress = after.progress
    onChange(record)
  }

  /** @returns whether there is more to do */
  async function go(decision: Decision): Promise<boolean> {
    switch (decision.do) {
      case 'turn':
        await write({ type: 'went', heading: decision.heading })
        wished = wished === 'cancel' ? 'go' : wished
        return true
      case 'pause':
        await write({ type: 'paused' })
        return false
      case 'interrupt':
        await write({ type: 'interrupted', error: decision.error ?? haltedBy })
        return false
      case 'end':
        // Why it failed first is not what it ends with then.
        if (record.undo === 'failed' && record.error !== null && 'code' in record.error)
          note(null, record.error)
        await write({ type: 'over', state: decision.state, error: decision.error })
        return false
      default: {
        const wishedBefore = wished
        const step = steps.get(decision.step)
        if (step === undefined) throw new TypeError(`${kind.kind} has no step "${decision.step}"`)
        const stop = await mayGoOn(step.changes && decision.do !== 'inspect')
        if (stop !== null) {
          await write({ type: 'interrupted', error: stop })
          return false
        }
        // What was wished meanwhile is decided on before a step begins, which may be the one after which it is too late.
        if (wished !== wishedBefore) return true
        if (decision.do === 'inspect') return inspect(step)
        await work(step, decision.do)
        return true
      }
    }
  }

  async function inspect(step: Step<Options>): Promise<boolean> {
    const looked = await attempt(step, 'inspect', (context) => step.inspect(context))
    if (looked.outcome !== 'done') {
      // What cannot be looked at stays in doubt, and waits for a person.
      const error = looked.outcome === 'failed' ? looked.error : haltedBy
      await write({ type: 'interrupted', error })
      return false
    }
    const found = looked.value
    const wasFailed = record.steps.some(({ id, state }) => id === step.id && state === 'failed')
    // It was cut off between its work and its proof, or the record of both, for all that is known.
    const isDone = found === 'done' && !wasFailed
    // On its way back, too: that may fail, and then what was done is there.
    const told = isDone ? result : null
    await write({ type: 'inspected', step: step.id, found, ...(told !== null && { result: told }) })
    if (!isDone || record.heading !== 'forward' || step.proof === undefined) return true
    const proven = await attempt(step, 'inspect', (context) => step.proof?.(context))
    if (proven.outcome === 'done') return true
    const { outcome, error } = proven
    await write({ type: 'ended', step: step.id, work: 'run', outcome, error, result })
    return true
  }

  async function work(step: Step<Options>, what: 'run' | 'undo'): Promise<void> {
    await write({ type: 'began', step: step.id, work: what })
    progress = meter.begin(step.id)
    const { outcome, error } = await attempt(step, what, async (context) => {
      if (what === 'undo') return step.undo?.(context)
      await step.run(context)
      return step.proof?.(context)
    })
    await write({ type: 'ended', step: step.id, work: what, outcome, error, result })
  }

  async function attempt<T>(
    step: Step<Options>,
    what: 'run' | 'undo' | 'inspect',
    act: (context: StepContext<Options>) => Promise<T> | T,
  ): Promise<
    { outcome: 'done'; value: T; error: null } | { outcome: 'failed' | 'cut'; error: OperationError | null }
  > {
    const controller = new AbortController()
    current = { step, work: what, controller }
    result = null
    heed()
    try {
      return { outcome: 'done', value: await act(contextOf(step, controller.signal)), error: null }
    } catch (error) {
      if (error instanceof JournalFailed) throw error.cause
      if (controller.signal.aborted) return { outcome: 'cut', error: null }
      return { outcome: 'failed', error: errorOf(error, step.id) }
    } finally {
      current = null
    }
  }

  function errorOf(error: unknown, step: string): OperationError {
    const expected = expectedError(error)
    if (expected !== null) return expected
    log.error({ err: error, operation: record.id, kind: kind.kind, step }, 'a step failed unexpectedly')
    return { code: 'step-bug', params: { step } }
  }

  function contextOf(step: Step<Options>, signal: AbortSignal): StepContext<Options> {
    const deployment = record.deployment
    return {
      ...{ id: record.id, options, profile, signal },
      reach() {
        const reach = reachOf(deployment)
        if (reach === null) throw new NotWatched(deployment, 'opening')
        return reach
      },
      progress(done) {
        const { heldSince: before } = progress
        progress = meter.told(done)
        const now = clock.monotonic()
        // That the server is held up is told at once: it may wait for long before more bytes come.
        if (now - toldAt < PROGRESS_EVERY_MS && progress.heldSince === before) return
        toldAt = now
        onChange({ ...record, progress })
      },
      note: (code, params = {}) => note(step.id, { code, params }),
      facts: (id) => record.facts[id] ?? null,
      async keep(facts) {
        await write({ type: 'kept', step: step.id, facts }).catch(stopAtOnce)
      },
      result(facts) {
        result = { ...result, ...facts }
      },
    }
  }

  function note(step: string | null, reason: Reason): void {
    journal
      .note(record.id, { at: clock.now(), step, reason })
      .then(() => onChange({ ...record, progress }))
      .catch((error: unknown) => log.error({ err: error, operation: record.id }, 'a line of its log is lost'))
  }

  /** What is under way is told to stop where what is wished cannot wait for its end. */
  function heed(): void {
    if (current === null || wished === 'go') return
    const { step, work: what, controller } = current
    const stops =
      wished === 'halt' ||
      (wished === 'cancel' && what === 'run' && !isPastReturn(record.steps)) ||
      (wished === 'pause' && step.nature === 'resumable')
    if (stops) controller.abort(new ToldToStop(wished))
  }

  let unsee = () => {}
  function see(): void {
    unsee = clock.after(SEEN_EVERY_MS, () => {
      journal
        .seen(record.id, clock.now())
        .catch((error: unknown) => log.error({ err: error, operation: record.id }, 'a sign of it is lost'))
      see()
    })
  }

  const gone = Promise.withResolvers<void>()

  async function run(): Promise<void> {
    await write({ type: 'went', heading: terms.heading }).finally(gone.resolve)
    see()
    for (;;) {
      // It came too late: it goes on as if it had not been.
      if (wished === 'cancel' && isPastReturn(record.steps)) {
        wished = 'go'
        note(null, { code: 'cancelled-too-late' satisfies OperationText, params: {} })
      }
      const decision = decide({ record, wish: wished, onFailure: kind.onFailure })
      if (!(await go(decision))) return
    }
  }

  return {
    record() {
      const isGivenUp = wished === 'cancel' && record.state === 'running'
      const willPause = wished === 'pause' && isGoingForward(record)
      return { ...record, progress, willPause, ...(isGivenUp && { state: 'cancelling' as const }) }
    },
    wish(wish, error) {
      // A halt is not taken back by what is wished after it, nor is it by a pause that it is given up.
      if (wished === 'halt' || (wished === 'cancel' && (wish === 'pause' || wish === 'go'))) return
      wished = wish
      haltedBy = error ?? null
      heed()
      // The step may take hours: what is wished is told now.
      if (wish !== 'halt') onChange({ ...record, progress })
    },
    gone: gone.promise,
    done: run().finally(() => unsee()),
  }
}

/** Goes through a step's own handling of errors. */
class JournalFailed extends Error {
  override readonly cause: unknown
  constructor(cause: unknown) {
    super('the journal cannot be written')
    this.name = 'JournalFailed'
    this.cause = cause
  }
}

function stopAtOnce(cause: unknown): never {
  throw new JournalFailed(cause)
}
