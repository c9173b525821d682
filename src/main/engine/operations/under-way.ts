/** The operations that are under way on this console: each with its drive, the lock that keeps others off, and what is told at its end. */
import {
  type Heading,
  isOver,
  type Operation,
  type OperationError,
  type OperationFacts,
} from '#shared/model/operation.ts'
import type { DeploymentProfile } from '#shared/model/profile/deployment.ts'
import type { Reason } from '#shared/model/reason.ts'
import type { Audit } from '../audit/audit.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Actor } from '../policy/actor.ts'
import type { OperationsOptions } from './create-operations.ts'
import { type Drive, drive } from './drive.ts'
import type { Journal } from './journal.ts'
import type { Kind } from './kind.ts'
import { type ConsoleLocks, type HeldLock, without } from './lock/locks.ts'
import { afterEntry, type Entry, isWaiting, type OperationRecord, viewOf } from './record.ts'
import { OperationRefused } from './refused.ts'

/** What is under way, and what ends with it. */
interface Running {
  readonly drive: Drive
  readonly ended: Promise<void>
}

/** How long a silence lasts after an operation at the most, where nothing is seen to be well before. */
const QUIET_AFTER_MINUTES = 15
/** A disk that is full may have room by then. */
const WRITE_AGAIN_MS = 5_000
const BROKEN_OFF: Entry = { type: 'interrupted', error: { code: 'broken-off', params: {} } }

export interface UnderWayOptions extends Pick<OperationsOptions, 'deploymentOf' | 'reachOf' | 'silence'> {
  readonly kinds: ReadonlyMap<string, Kind<OperationFacts>>
  readonly journal: Journal
  readonly locks: ConsoleLocks
  readonly audit: Audit
  readonly clock: Clock
  readonly log: Log
  readonly onChange: (record: OperationRecord) => void
  /** Nothing of it is under way any more: it is over, or waits. */
  readonly onEnd: (record: OperationRecord) => void
  /** Whether this console may change nothing. */
  readonly isReadOnly: () => boolean
  /** Whether this is what the operation is by now. */
  readonly isCurrent: (record: OperationRecord) => boolean
}

export type UnderWay = ReturnType<typeof createUnderWay>

export function createUnderWay(terms: UnderWayOptions) {
  const { kinds, journal, locks, audit, clock, log, deploymentOf, reachOf, silence, onChange } = terms
  const { onEnd, isReadOnly, isCurrent } = terms
  const running = new Map<string, Running>()
  let isHalted = false

  /** Keeps other consoles off, where its kind wants that. */
  async function lockFor(
    {
      kind,
      options,
      profile,
      id,
      ...how
    }: {
      readonly kind: Kind<OperationFacts>
      readonly options: OperationFacts
      readonly profile: DeploymentProfile
      readonly id: string
      readonly takeOver: string | null
      readonly isTakenUp: boolean
      /** Where it was begun, by its system identifier. */
      readonly server: string | null
    },
    signal: AbortSignal,
  ): Promise<HeldLock> {
    const need = kind.lock(options, profile)
    if (need === null) return without([])
    // One that ended a moment ago is just giving it back.
    await settling(({ scope }) => scope === need.scope)
    const before = need.after === undefined ? null : await journal.get(need.after)
    const server = how.server ?? before?.server ?? null
    return locks.take(need, { deployment: profile.name, operation: id, ...how, server }, signal)
  }

  /** Waits for what is no longer under way, and gives back what it held. */
  async function settling(which: (record: OperationRecord) => boolean): Promise<void> {
    const ending = [...running.values()].filter(({ drive: one }) => {
      const record = one.record()
      return (isOver(record.state) || isWaiting(record)) && which(record)
    })
    await Promise.all(ending.map(({ ended }) => ended))
  }

  function known(record: OperationRecord) {
    const kind = kinds.get(record.kind)
    const deployment = deploymentOf(record.deployment)
    if (kind === undefined) throw new TypeError(`no kind "${record.kind}" is registered`)
    if (deployment === null) throw new OperationRefused({ kind: 'no-deployment', name: record.deployment })
    return { kind, profile: deployment.profile, options: kind.options.parse(record.options) }
  }

  /** @param lock goes with what is under way */
  async function launch(
    record: OperationRecord,
    heading: Heading,
    actor: Actor,
    lock: HeldLock,
  ): Promise<Operation> {
    const { kind, profile, options } = known(record)
    for (const reason of lock.notes) {
      await journal.note(record.id, { at: clock.now(), step: null, reason })
    }
    const unsilence = record.silence ? await silenceFor(record, actor) : null
    let brokenOff: OperationRecord | null = null
    const driving = drive({
      ...{ record, heading, kind, options, profile, journal, reachOf, clock, log },
      mayGoOn: async (changes) => (changes ? stoppedBy(record) : null) ?? (await lock.check()),
      onChange,
    })
    const driven: Drive = { ...driving, record: () => brokenOff ?? driving.record() }
    lock.onLost((why, isNeeded) => {
      if (isNeeded) driven.wish('halt', why)
      else note(record.id, why)
    })
    const ended = driven.done
      .catch((error: unknown) => {
        log.error({ err: error, operation: record.id }, 'an operation was broken off where it is')
        brokenOff = brokenOffAt(driven.record())
        return keepBrokenOff(brokenOff)
      })
      .then(async () => {
        onEnd(driven.record())
        // Before others are asked for anything: the console may be ended while they take their time.
        await recordEnd(driven.record(), actor).catch((error: unknown) => {
          log.error({ err: error, operation: record.id }, 'the end of an operation is not in the audit yet')
        })
        // Before it is told to be over: whoever waits for that may begin the next at once.
        await lock.release(isOver(driven.record().state))
        running.delete(record.id)
        await unsilence?.()
      })
      .catch((error: unknown) => {
        log.error({ err: error, operation: record.id }, 'the end of an operation could not be told')
      })
    running.set(record.id, { drive: driven, ended })
    return viewOf(driven.record())
  }

  function brokenOffAt(record: OperationRecord): OperationRecord {
    return afterEntry(record, BROKEN_OFF, clock.now())
  }

  /** It is interrupted though that cannot be written, or not yet: a person may go on with it, or give it up, by what is known here. */
  async function keepBrokenOff(record: OperationRecord): Promise<void> {
    onChange(record)
    async function write(): Promise<void> {
      // Taken up meanwhile, it is on record as something else.
      if (isHalted || !isCurrent(record)) return
      try {
        await journal.append(record, BROKEN_OFF, clock.now())
      } catch (error) {
        log.warn(
          { err: error, operation: record.id },
          'that an operation is interrupted is not on record yet',
        )
        clock.after(WRITE_AGAIN_MS, () => void write())
      }
    }
    await write()
  }

  /** Nothing is changed where that was switched off meanwhile. */
  function stoppedBy({ deployment: name, effect }: OperationRecord): OperationError | null {
    if (effect === 'reads') return null
    const isOff = isReadOnly() || deploymentOf(name)?.profile.readOnly === true
    return isOff ? { code: 'stopped-read-only', params: { name } } : null
  }

  function note(operation: string, reason: Reason): void {
    journal
      .note(operation, { at: clock.now(), step: null, reason })
      .catch((error: unknown) => log.error({ err: error, operation }, 'a line of its log is lost'))
  }

  function silenceFor({ id, deployment, reason }: OperationRecord, actor: Actor) {
    return silence({
      ...{ id, deployment, by: actor.name, note: reason, minutesAfter: QUIET_AFTER_MINUTES },
    })
  }

  async function recordEnd(record: OperationRecord, actor: Actor): Promise<void> {
    const { id, kind, deployment, state, undo, target } = record
    const detail = { operation: id, state, undo, target }
    const outcome = state === 'succeeded' || state === 'undone' ? 'succeeded' : 'failed'
    await audit.append({ actor, action: `operation.${kind}`, target: deployment, outcome, detail })
  }

  return {
    known,
    lockFor,
    launch,
    /** What could not even begin is interrupted, too. */
    recordEnd,
    breakOff: (record: OperationRecord) => keepBrokenOff(brokenOffAt(record)),
    settling,
    /** `undefined`: nothing of it is under way. */
    of: (id: string): Drive | undefined => running.get(id)?.drive,
    /** Resolves when nothing of it is. */
    settled: async (id: string): Promise<void> => running.get(id)?.ended,
    /** Stops everything where it is. */
    async halt(): Promise<void> {
      isHalted = true
      const all = [...running.values()]
      for (const { drive: one } of all) one.wish('halt')
      await Promise.all(all.map(({ ended }) => ended))
    },
  }
}
