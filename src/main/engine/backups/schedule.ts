/** Backups and drills that are begun by the profiles' schedules, as an actor of their own. */
import type { Reason } from '#shared/model/reason.ts'
import type { Audit } from '../audit/audit.ts'
import type { Clock } from '../clock.ts'
import type { Deployments } from '../deployments/deployments.ts'
import type { Log } from '../log.ts'
import type { Operations } from '../operations/operations.ts'
import { OperationRefused } from '../operations/refused.ts'
import type { Actor } from '../policy/actor.ts'
import { type Begun, createScheduleClock, type ScheduleClock, type Scheduled } from '../schedules/clock.ts'
import type { BackupsOfEngine } from './backups.ts'
import { createTakeUp } from './take-up.ts'
import { whyNotBegun } from './why-not-begun.ts'

/** Whom the audit names for what nobody asked for just now. */
export const SCHEDULE: Actor = { id: 'schedule', name: 'schedule', role: 'OPERATOR', via: 'engine' }

const KINDS = ['backup', 'drill'] as const
type Kind = (typeof KINDS)[number]

/** Something else has only to end. */
const BUSY: ReadonlySet<string> = new Set(['target-busy', 'drill-runs'])

export interface BackupSchedulesOptions {
  readonly clock: Clock
  readonly log: Log
  readonly audit: Audit
  readonly deployments: Pick<Deployments, 'list' | 'get'>
  readonly operations: Pick<Operations, 'start' | 'act' | 'list' | 'get' | 'settled'>
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
  const takesUp = createTakeUp({ clock, log, operations, actor: SCHEDULE })

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

  async function begin({ deployment, what }: Scheduled, due: number, seen: number): Promise<Begun<Reason>> {
    const drillsOn = deployments.get(deployment)?.profile.backups?.drillsOn
    const request =
      what === 'drill' && drillsOn !== undefined
        ? { kind: 'drill' as const, deployment: drillsOn, options: { from: deployment }, silence: false }
        : { kind: what as Kind, deployment, options: {}, silence: false }
    try {
      // Named by its moment and what was seen to before: a console that was killed before it remembered that it began it does not begin another.
      const key = `${what} ${deployment} ${due} ${seen}`
      const { id } = await operations.start(request, SCHEDULE, key, stopping.signal)
      await backedUp.notBegun(deployment, what as Kind, null)
      takesUp.seeThrough(id, 'resume')
      return { kind: 'begun', ended: operations.settled(id) }
    } catch (error) {
      const why = whyNotBegun(error)
      if (why === null) throw error
      const { retry, ...reason } = why
      if (!BUSY.has(reason.code)) return { kind: 'not-begun', why: reason, retry }
      return {
        kind: 'not-begun',
        why: reason,
        retry,
        busy: await whenFree(error, request.deployment),
      }
    }
  }

  /** The end of what is in its way; `null`: it is another console's, waits for a person, or is not known. */
  async function whenFree(error: unknown, deployment: string): Promise<{ free: Promise<unknown> | null }> {
    const refused = error instanceof OperationRefused ? error.refused : null
    if (refused?.kind === 'locked') {
      const { console, operation } = refused.holder
      return console === null && operation !== null ? endOf(operation) : { free: null }
    }
    const { operations: running } = await operations.list({
      ...{
        deployment,
        kinds: ['drill'],
        states: ['queued', 'running', 'cancelling'],
        before: null,
        limit: 1,
      },
    })
    return running[0] === undefined ? { free: null } : endOf(running[0].id)
  }

  async function endOf(id: string): Promise<{ free: Promise<unknown> | null }> {
    try {
      const { state } = await operations.get(id)
      return { free: state === 'interrupted' || state === 'paused' ? null : operations.settled(id) }
    } catch (error) {
      // It is just beginning, and not on record yet.
      if (error instanceof OperationRefused && error.refused.kind === 'no-operation') return { free: null }
      throw error
    }
  }

  /** What was cut off with the console is taken up again: nobody else waits to decide on it. */
  async function takeUp(): Promise<void> {
    const { operations: open } = await operations.list({
      ...{ deployment: null, kinds: [...KINDS], states: ['interrupted'], before: null, limit: 200 },
    })
    for (const { id, actor, options } of open) {
      if (actor === SCHEDULE.name) await takesUp.goOn(id, 'resume')
      // Of one that a person began nothing stays on somebody's server.
      else if (typeof options.from === 'string') await takesUp.goOn(id, 'cancel')
    }
  }

  const ticking = createScheduleClock<Reason>({
    ...{ clock, log, scheduled, begin },
    seenTo: ({ deployment, what }) => marks.get(deployment, what as Kind),
    see: ({ deployment, what }, at) => marks.set(deployment, what as Kind, at),
    async waitsSince({ deployment, what }, due) {
      const known = await marks.notBegun(deployment)
      return known.find((one) => one.what === what && one.at === due && one.waits)?.since ?? null
    },
    async waiting({ deployment, what }, due, since, why) {
      const reason = why ?? { code: 'schedule-busy', params: {} }
      await backedUp.notBegun(deployment, what as Kind, { at: due, since, waits: true, reason })
    },
    async missed({ deployment, what }, due, why) {
      log.warn({ deployment, what, due, why }, 'what was due by a schedule was not begun')
      const since = clock.now()
      await backedUp.notBegun(deployment, what as Kind, { at: due, since, waits: false, reason: why })
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
      takesUp.stop()
      await ticking.stop()
    },
  }
}
