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
import type { Kind, Step } from './kind.ts'
import { isDoubtful, type OperationRecord } from './record.ts'
import { OperationRefused } from './refused.ts'

const FIRST_AGAIN_AFTER_MS = 500
const LONGEST_WAIT_MS = 30_000

export type Relief = ReturnType<typeof createRelief>

export function createRelief({
  known,
  reachOf,
  journal,
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
  readonly clock: Clock
  readonly log: Log
}) {
  const running = new Map<string, { readonly ending: AbortController; readonly ended: Promise<void> }>()

  /** Until it is done; a console that just starts may not have a way there yet. */
  async function relieve(
    record: OperationRecord,
    step: Step<OperationFacts>,
    about: { readonly profile: DeploymentProfile; readonly options: OperationFacts },
    signal: AbortSignal,
  ): Promise<void> {
    for (let waitMs = FIRST_AGAIN_AFTER_MS; !signal.aborted; waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 2)) {
      try {
        await step.relieve?.({
          ...{ ...about, signal, facts: (id) => record.facts[id] ?? null },
          reach() {
            const reach = reachOf(record.deployment)
            if (reach === null) throw new NotWatched(record.deployment, 'opening')
            return reach
          },
          note(code, params = {}) {
            const line = { at: clock.now(), step: step.id, reason: { code, params } }
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
          { err: error, operation: record.id, step: step.id },
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

  function doubtful(record: OperationRecord) {
    try {
      const { kind, profile, options } = known(record)
      const inDoubt = record.steps.filter(isDoubtful).map(({ id }) => id)
      const steps = kind.steps(options, profile).filter(({ id }) => inDoubt.includes(id))
      return { profile, options, steps: steps.filter((step) => step.relieve !== undefined) }
    } catch (error) {
      // Its deployment was removed.
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
      if (running.has(record.id)) return
      const found = doubtful(record)
      if (found === null || found.steps.length === 0) return
      const ending = new AbortController()
      const ended = Promise.all(found.steps.map((step) => relieve(record, step, found, ending.signal))).then(
        () => void running.delete(record.id),
      )
      running.set(record.id, { ending, ended })
    },
    /** Before it is taken up: its steps see to it from there. */
    end,
    async stop(): Promise<void> {
      await Promise.all([...running.keys()].map(end))
    },
  }
}
