/** Backups and drills that are begun by the profiles' schedules, as an actor of their own. */
import type { Reason } from '#shared/model/reason.ts'
import type { Audit } from '../audit/audit.ts'
import type { Clock } from '../clock.ts'
import type { Deployments } from '../deployments/deployments.ts'
import { NotWatched } from '../inspect/not-watched.ts'
import type { Log } from '../log.ts'
import type { Operations } from '../operations/operations.ts'
import { OperationRefused } from '../operations/refused.ts'
import type { Actor } from '../policy/actor.ts'
import { ReachError } from '../reach/reach.ts'
import { type Begun, createScheduleClock, type ScheduleClock, type Scheduled } from '../schedules/clock.ts'
import type { BackupsOfEngine } from './backups.ts'

/** Whom the audit names for what nobody asked for just now. */
export const SCHEDULE: Actor = { id: 'schedule', name: 'schedule', role: 'OPERATOR', via: 'engine' }

const KINDS = ['backup', 'drill'] as const
type Kind = (typeof KINDS)[number]

export interface BackupSchedulesOptions {
  readonly clock: Clock
  readonly log: Log
  readonly audit: Audit
  readonly deployments: Pick<Deployments, 'list' | 'get'>
  readonly operations: Pick<Operations, 'start' | 'act' | 'list' | 'settled'>
  readonly backedUp: Pick<BackupsOfEngine, 'marks' | 'notBegun'>
}

export function createBackupSchedules({
  clock,
  log,
  audit,
  deployments,
  operations,
  backedUp,
}: BackupSchedulesOptions): ScheduleClock {
  const { marks } = backedUp
  const stopping = new AbortController()

  function scheduled(): Scheduled[] {
    return deployments.list().flatMap(({ profile: { name, backups }, paused }) => {
      if (paused || backups === undefined) return []
      const { schedule, drills } = backups
      return [
        ...(schedule === undefined ? [] : [{ deployment: name, what: 'backup', schedule }]),
        ...(drills === undefined ? [] : [{ deployment: name, what: 'drill', schedule: drills }]),
      ]
    })
  }

  async function begin({ deployment, what }: Scheduled, due: number): Promise<Begun<Reason>> {
    const request = { kind: what as Kind, deployment, options: {}, silence: false }
    try {
      // Named by its moment: a console that was killed before it remembered that it began it does not begin another.
      const key = `${what} ${deployment} ${due}`
      const { id } = await operations.start(request, SCHEDULE, key, stopping.signal)
      backedUp.notBegun(deployment, what as Kind, null)
      return { kind: 'begun', ended: operations.settled(id) }
    } catch (error) {
      const why = whyNot(error)
      if (why === null) throw error
      const { retry, ...reason } = why
      return { kind: 'not-begun', why: reason, retry }
    }
  }

  /** What was cut off with the console is taken up again: nobody else waits to decide on it. */
  async function takeUp(): Promise<void> {
    const { operations: open } = await operations.list({
      ...{ deployment: null, kinds: [...KINDS], states: ['interrupted'], before: null, limit: 200 },
    })
    for (const { id, actor } of open) {
      if (actor !== SCHEDULE.name) continue
      await operations
        .act(id, 'resume', SCHEDULE, { confirm: null }, stopping.signal)
        .catch((error: unknown) => log.warn({ err: error, operation: id }, 'it waits for a person'))
    }
  }

  const ticking = createScheduleClock<Reason>({
    ...{ clock, log, scheduled, begin },
    seenTo: ({ deployment, what }) => marks.get(deployment, what as Kind),
    see: ({ deployment, what }, at) => marks.set(deployment, what as Kind, at),
    async missed({ deployment, what }, due, why) {
      log.warn({ deployment, what, due, why }, 'what was due by a schedule was not begun')
      backedUp.notBegun(deployment, what as Kind, { at: due, reason: why })
      const detail = { due, why: why.code }
      await audit.append({
        ...{ actor: SCHEDULE, action: `schedule.${what}`, target: deployment, outcome: 'failed', detail },
      })
    },
  })

  return {
    start() {
      void takeUp()
        .catch((error: unknown) => log.error({ err: error }, 'what was cut off could not be taken up again'))
        .then(ticking.start)
    },
    async stop() {
      stopping.abort()
      await ticking.stop()
    },
  }
}

/** As a reason of `operations` or `failures`; `null`: it is a bug. `retry`: it may be better in a while. */
function whyNot(error: unknown): (Reason & { readonly retry: boolean }) | null {
  if (error instanceof NotWatched) {
    const code = error.reason === 'paused' ? 'deployment-paused' : 'deployment-opening'
    return { code, params: { name: error.deployment }, retry: error.reason === 'opening' }
  }
  if (error instanceof ReachError)
    return { code: 'target-unreached', params: { hop: error.failure.hop }, retry: true }
  if (!(error instanceof OperationRefused)) return null
  const { refused } = error
  switch (refused.kind) {
    case 'impossible': {
      const [first] = refused.reasons
      return first === undefined ? null : { ...first, retry: true }
    }
    case 'locked':
      return { code: 'target-busy', params: { name: refused.deployment }, retry: true }
    default:
      return { code: 'not-allowed', params: { kind: refused.kind }, retry: false }
  }
}
