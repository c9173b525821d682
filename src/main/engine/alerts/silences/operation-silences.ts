/**
 * Silences of the console's own operations: in force while one runs, and after its end until the deployment is seen to be well. Whoever runs
 * an operation opens one; nothing that is not a healthy look, or the time that it may take at the most, ends it.
 */
import type { Observation } from '#shared/model/observation.ts'
import type { Silence } from '#shared/model/silence.ts'
import type { Clock } from '../../clock.ts'
import type { AlertRecord } from '../records.ts'
import type { Silences } from './silences.ts'

export interface SilencedOperation {
  readonly id: string
  readonly deployment: string
  /** Whoever started it. */
  readonly by: string
  readonly note: string | null
  /** How long after its end the silence lasts at the most; its end is announced as that of any silence. */
  readonly minutesAfter: number
}

export interface OperationSilences {
  /** In force from now on. One of the same operation is taken up again: it was killed and is resumed. */
  begin(operation: SilencedOperation): void
  /** The operation ended, however. */
  release(id: string): void
  /** After a start nothing runs: what was killed with the console ended then, as far as anybody knows. */
  restore(): void
  /** Takes a look in, after it was weighed. */
  note(observation: Pick<Observation, 'deployment' | 'probe' | 'target' | 'status' | 'at'>): void
  tick(now: number): void
}

/** One that runs is extended long before it would end by itself. */
const RUNNING_MS = 24 * 3_600_000
const MINUTE_MS = 60_000

export function createOperationSilences({
  silences,
  clock,
  healthTargetsOf,
  openIn,
  isClearing,
}: {
  readonly silences: Silences
  readonly clock: Clock
  /** The services of a deployment whose health is looked at. */
  readonly healthTargetsOf: (deployment: string) => readonly string[]
  readonly openIn: (deployment: string) => readonly AlertRecord[]
  /** It is not true any more, and only not long enough yet. */
  readonly isClearing: (alert: AlertRecord) => boolean
}): OperationSilences {
  /** Services that were seen to be well since the end of the operation, by silence. */
  const well = new Map<string, Set<string>>()
  silences.onEnded(({ id }) => well.delete(id))

  function ofOperations(): (Silence & { operation: NonNullable<Silence['operation']> })[] {
    return [...silences.inForce()].flatMap((one) =>
      one.operation === null ? [] : [{ ...one, operation: one.operation }],
    )
  }

  function find(operation: string) {
    return ofOperations().find((one) => one.operation.id === operation)
  }

  function release({ id, operation }: Silence, now: number): void {
    if (operation === null) return
    well.delete(id)
    const until = now + operation.minutesAfter * MINUTE_MS
    silences.adjust(id, { until, operation: { ...operation, endedAt: now } })
  }

  /** What is well again is seen to be over first: it is not told of only because the silence ended between two looks. */
  function isLeft(deployment: string): boolean {
    return openIn(deployment).some((alert) => alert.subject.probe === 'health' && isClearing(alert))
  }

  return {
    begin({ id, deployment, by, note, minutesAfter }) {
      const until = clock.now() + RUNNING_MS
      const operation = { id, endedAt: null, minutesAfter }
      const before = find(id)
      if (before !== undefined) {
        silences.adjust(before.id, { until, operation })
        return
      }
      const matchers = { alert: null, deployments: [deployment], rules: null, severities: null, labels: null }
      silences.begin({ matchers, until, by, note, operation })
    },

    release(id) {
      const silence = find(id)
      if (silence !== undefined && silence.operation.endedAt === null) release(silence, clock.now())
    },

    restore() {
      for (const one of ofOperations()) if (one.operation.endedAt === null) release(one, clock.now())
    },

    note({ deployment, probe, target, status, at }) {
      if (probe !== 'health' || status === 'UNOBSERVED') return
      for (const { id, operation, matchers } of ofOperations()) {
        if (matchers.deployments?.includes(deployment) !== true) continue
        if (operation.endedAt === null || at <= operation.endedAt) continue
        const seen = well.get(id) ?? new Set<string>()
        if (status === 'HEALTHY') seen.add(target)
        else seen.delete(target)
        well.set(id, seen)
        const isWell = healthTargetsOf(deployment).every((one) => seen.has(one))
        if (isWell && !isLeft(deployment)) silences.end(id, 'healthy')
      }
    },

    tick(now) {
      for (const one of ofOperations()) {
        const { endedAt } = one.operation
        if (endedAt === null) {
          if (one.until - now < RUNNING_MS / 2) silences.adjust(one.id, { until: now + RUNNING_MS })
        } else if (now < endedAt) {
          // The clock was set back: what lies ahead of it holds nothing back for longer.
          release(one, now)
        }
      }
    },
  }
}
