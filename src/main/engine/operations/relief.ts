/**
 * Takes back what holds others up of an operation that was cut off, by a kill or by the loss of its way: a pool that is paused. Everything else of it
 * waits for a person.
 */
import type { OperationFacts } from '#shared/model/operation.ts'
import type { DeploymentProfile } from '#shared/model/profile/deployment.ts'
import type { Clock } from '../clock.ts'
import { NotWatched } from '../inspect/not-watched.ts'
import type { Log } from '../log.ts'
import type { Reach } from '../reach/reach.ts'
import type { Journal } from './journal.ts'
import type { Kind } from './kind.ts'
import { isDoubtful, type OperationRecord } from './record.ts'
import { OperationRefused } from './refused.ts'

const FIRST_AGAIN_AFTER_MS = 500
const LONGEST_WAIT_MS = 30_000

export type Relief = ReturnType<typeof createRelief>

export function createRelief({
  known,
  reachOf,
  journal,
  keep,
  clock,
  log,
}: {
  readonly known: (record: OperationRecord) => {
    readonly kind: Kind<OperationFacts>
    readonly profile: DeploymentProfile
    readonly options: OperationFacts
  }
  readonly reachOf: (deployment: string) => Reach | null
  readonly journal: Pick<Journal, 'note'>
  /** Facts of a step, durable when it resolves; of an operation that is over none are kept. */
  readonly keep: (id: string, step: string, facts: OperationFacts) => Promise<void>
  readonly clock: Clock
  readonly log: Log
}) {
  let isStopped = false
  const running = new Map<string, { readonly ending: AbortController; readonly ended: Promise<void> }>()

  /** Until it is done, or its deployment is on record no more; a console that just starts may not have a way there yet. */
  async function relieve(record: OperationRecord, id: string, signal: AbortSignal): Promise<void> {
    for (let waitMs = FIRST_AGAIN_AFTER_MS; !signal.aborted; waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 2)) {
      try {
        const found = holdingUp(record)
        const step = found?.steps.find((one) => one.id === id)
        if (found === null || step === undefined) return
        await step.relieve?.({
          ...{ profile: found.profile, options: found.options, signal },
          facts: (of) => record.facts[of] ?? null,
          keep: (facts) => keep(record.id, id, facts),
          reach() {
            const reach = reachOf(record.deployment)
            if (reach === null) throw new NotWatched(record.deployment, 'opening')
            return reach
          },
          note(code, params = {}) {
            const line = { at: clock.now(), step: id, reason: { code, params } }
            journal
              .note(record.id, line)
              .catch((error: unknown) =>
                log.error({ err: error, operation: record.id }, 'a line of its log is lost'),
              )
          },
        })
        return
      } catch (error) {
        if (signal.aborted) return
        log.warn(
          { err: error, operation: record.id, step: id },
          'what an operation left that was cut off holds others up',
        )
      }
      await new Promise<void>((resolve) => {
        const wake = () => {
          cancel()
          signal.removeEventListener('abort', wake)
          resolve()
        }
        const cancel = clock.after(waitMs, wake)
        signal.addEventListener('abort', wake)
      })
    }
  }

  /** Its steps that may hold others up, with what they go by; `null`: its deployment was removed. */
  function holdingUp(record: OperationRecord) {
    try {
      const { kind, profile, options } = known(record)
      const inDoubt = record.steps.filter(isDoubtful).map(({ id }) => id)
      const steps = kind.steps(options, profile).filter(({ id }) => inDoubt.includes(id))
      return { profile, options, steps: steps.filter((step) => step.relieve !== undefined) }
    } catch (error) {
      if (error instanceof OperationRefused) return null
      throw error
    }
  }

  async function end(id: string): Promise<void> {
    const one = running.get(id)
    one?.ending.abort()
    await one?.ended
  }

  return {
    /** @param record one that waits for a person */
    begin(record: OperationRecord): void {
      if (isStopped || running.has(record.id)) return
      const steps = holdingUp(record)?.steps ?? []
      if (steps.length === 0) return
      const ending = new AbortController()
      const ended = Promise.all(steps.map(({ id }) => relieve(record, id, ending.signal))).then(
        () => void running.delete(record.id),
      )
      running.set(record.id, { ending, ended })
    },
    /** Whether something of it still holds others up, for all that is known. */
    isUnderWay: (id: string): boolean => running.has(id),
    /** Before it is taken up: its steps see to it from there. */
    end,
    async stop(): Promise<void> {
      isStopped = true
      await Promise.all([...running.keys()].map(end))
    },
  }
}
