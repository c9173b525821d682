/** What is asked of an operation that there is: to give it up, to pause it, to go on with it, to take it back. */
import {
  type Heading,
  isOver,
  type Operation,
  type OperationFacts,
  type OperationPreview,
  type OperationText,
} from '#shared/model/operation.ts'
import type { Clock } from '../clock.ts'
import type { Deployment } from '../deployments/deployments.ts'
import { NotWatched, reasonOfNotWatched } from '../inspect/not-watched.ts'
import type { Actor } from '../policy/actor.ts'
import { ReachError } from '../reach/reach.ts'
import type { Claims } from './claims.ts'
import { changesGoingBack } from './decide.ts'
import type { Drive } from './drive.ts'
import type { Journal } from './journal.ts'
import type { Kind } from './kind.ts'
import { type HeldLock, lacking } from './lock/locks.ts'
import type { ActTerms, OperationAct, Previewed } from './operations.ts'
import { type Entry, isWaiting, type OperationRecord, viewOf } from './record.ts'
import { OperationRefused } from './refused.ts'
import type { Relief } from './relief.ts'
import type { UnderWay } from './under-way.ts'
import { foreseenLeft } from './way-back.ts'
import type { Weighing } from './weigh.ts'
import { whyNot } from './why-not.ts'

export interface ActsOptions {
  readonly journal: Pick<Journal, 'note'>
  readonly clock: Clock
  readonly underWay: UnderWay
  readonly relief: Relief
  readonly claim: Claims['claim']
  readonly kinds: ReadonlyMap<string, Kind<OperationFacts>>
  readonly weighing: Pick<Weighing, 'whyShown' | 'previewedAct' | 'planOfAct'>
  readonly deploymentOf: (name: string) => Deployment | null
  /** Resolves when every edit of a deployment that was asked for by now is made, or refused. */
  readonly editsSettled: () => Promise<void>
  /** As it is by now. @throws OperationRefused `no-operation` */
  readonly recordOf: (id: string) => Promise<OperationRecord>
  readonly append: (record: OperationRecord, entry: Entry) => Promise<OperationRecord>
  readonly turned: (record: OperationRecord) => void
  /** @throws OperationRefused where the console is stopping */
  readonly mayBegin: () => void
}

export function createActs({
  journal,
  clock,
  underWay,
  relief,
  claim,
  kinds,
  weighing: { whyShown, previewedAct, planOfAct },
  deploymentOf,
  editsSettled,
  recordOf,
  append,
  turned,
  mayBegin,
}: ActsOptions) {
  const { known, lockFor, launch, settling } = underWay

  /** Why somebody asks for it stands in its log. */
  async function noteWhy(id: string, what: OperationAct, actor: Actor, reason: string | null): Promise<void> {
    if (reason === null) return
    const said = { code: `asked-${what}`, params: { name: actor.name, reason } }
    await journal.note(id, { at: clock.now(), step: null, reason: said })
  }

  /** Where it would go, and whether that is a change. */
  function courseOf(record: OperationRecord, what: OperationAct, leave: boolean) {
    // Of a deployment that is on record no more nothing can be taken back.
    const isGone = deploymentOf(record.deployment) === null
    const isLeft = what === 'cancel' && (leave || isGone)
    const heading = headingOf(record, what)
    return {
      ...{ heading, isLeft, isGone },
      going: isLeft ? ('left' as const) : heading,
      // To give up what left nothing there, or nothing that would be taken back, is no change.
      isChange: what !== 'cancel' || (changesGoingBack(record.steps) && !isGone),
    }
  }

  /** Of a deployment that is on record no more. */
  function goneAsItIs(record: OperationRecord): OperationPreview {
    const { kind, effect } = record
    return { ...foreseenLeft(kinds.get(kind), record), steps: [], effect, lastTookMs: null }
  }

  /** @param isGuarded as the guard is asked where it is done */
  async function shown(
    record: OperationRecord,
    { going, isLeft, isGone }: ReturnType<typeof courseOf>,
    isGuarded: boolean,
    actor: Actor,
    signal: AbortSignal,
  ): Promise<Previewed> {
    if (!(isGone && isLeft)) return previewedAct(record, going, isGuarded, actor, signal)
    return { preview: goneAsItIs(record), confirm: null, plan: planOfAct(record, going) }
  }

  /** What would become of it; nothing does. */
  async function preview(
    id: string,
    what: Exclude<OperationAct, 'pause'>,
    leave: boolean,
    actor: Actor,
    signal: AbortSignal,
  ): Promise<Previewed> {
    await settling((one) => one.id === id)
    const record = await recordOf(id)
    const under = underWay.of(id)
    const refusal = whyNot(record, what, under !== undefined, leave)
    if (refusal !== null) throw new OperationRefused(refusal)
    const course = courseOf(record, what, leave)
    return shown(record, course, isGuarded(under, course), actor, signal)
  }

  async function act(
    id: string,
    what: OperationAct,
    actor: Actor,
    { confirm, plan, takeOver = null, leave = false, reason = null }: ActTerms,
    signal: AbortSignal,
  ): Promise<Operation> {
    await settling((one) => one.id === id)
    const record = await recordOf(id)
    const under = underWay.of(id)
    const refusal = whyNot(record, what, under !== undefined, leave)
    if (refusal !== null) throw new OperationRefused(refusal)
    const course = courseOf(record, what, leave)
    const { heading, going, isLeft } = course
    const guarded = isGuarded(under, course)
    const why = whyShown(record, going, guarded, actor, { confirm, plan })
    if (why !== null) {
      const now = await shown(record, course, guarded, actor, signal)
      const { deployment } = record
      throw new OperationRefused({
        kind: 'confirm',
        reason: why,
        deployment,
        preview: now.preview,
        plan: now.plan,
      })
    }
    if (under !== undefined) {
      // Before anything is waited for: what is under way would be further by then than it was shown.
      under.wish(what === 'resume' || what === 'undo' ? 'go' : what)
      await noteWhy(id, what, actor, reason)
      return viewOf(under.record())
    }
    mayBegin()
    const giveBack = claim(record.deployment, record.scope, id)
    let lock: HeldLock | null = null
    try {
      // One that was let pass before may not be written yet: it is done where the deployment is by then.
      await editsSettled()
      const claimed = await stillAsked(id, what, heading, leave)
      if (isLeft) {
        await noteWhy(id, what, actor, reason)
        return viewOf(await left(claimed, actor))
      }
      const { server } = claimed
      const how = { id, takeOver, isTakenUp: !isOver(claimed.state), server }
      const taken = lockFor({ ...known(claimed), ...how }, signal)
      // It could not be got rid of where the target is gone for ever: it ends, unless that takes a step.
      lock = await (what === 'cancel' ? taken.catch(unlessHeld) : taken)
      await noteWhy(id, what, actor, reason)
      // Not before: until the step is taken up nobody else sees to what it holds up.
      await relief.end(id)
      const now = await stillAsked(id, what, heading, leave)
      await launch(now, heading, actor, lock).catch((error: unknown) => {
        if (isWaiting(now)) relief.begin(now)
        throw error
      })
    } catch (error) {
      await lock?.release(isOver(record.state))
      throw error
    } finally {
      giveBack()
    }
    // Whoever asked for it is not told that it still waits.
    await underWay.of(id)?.gone
    return viewOf(await recordOf(id))
  }

  /**
   * As it is by now: others may have acted on it while this was weighed.
   * @throws OperationRefused where what was asked for cannot be any more, or would be something else
   */
  async function stillAsked(
    id: string,
    what: OperationAct,
    heading: Heading,
    leave: boolean,
  ): Promise<OperationRecord> {
    const record = await recordOf(id)
    const isUnderWay = underWay.of(id) !== undefined
    const refusal = whyNot(record, what, isUnderWay, leave)
    if (refusal !== null) throw new OperationRefused(refusal)
    if (isUnderWay) throw new OperationRefused({ kind: 'state', reason: 'not-waiting' })
    if (headingOf(record, what) !== heading) {
      throw new OperationRefused({ kind: 'state', reason: 'turning-back' })
    }
    return record
  }

  /** Over, with whatever there is of it at the target. */
  async function left(record: OperationRecord, actor: Actor): Promise<OperationRecord> {
    const isHoldingUp = relief.isUnderWay(record.id)
    // What it keeps would come between.
    await relief.end(record.id)
    const told: OperationText[] = ['left-as-it-is', ...(isHoldingUp ? (['left-holding-up'] as const) : [])]
    try {
      for (const code of told)
        await journal.note(record.id, { at: clock.now(), step: null, reason: { code, params: {} } })
      const over = await append(await recordOf(record.id), { type: 'over', state: 'cancelled', error: null })
      turned(over)
      await underWay.recordEnd(over, actor)
      return over
    } finally {
      // Nobody else would see to it, whatever becomes of this.
      if (isHoldingUp) relief.begin(record)
    }
  }

  return { act, preview }
}

/** What is under way is told to stop by whoever operates, and what changes nothing is nobody's to forbid. */
function isGuarded(under: Drive | undefined, { isChange }: { readonly isChange: boolean }): boolean {
  return under === undefined && isChange
}

/** Where it goes from here. */
function headingOf({ heading }: OperationRecord, what: OperationAct): Heading {
  if (what === 'cancel') return 'cancelled'
  return what === 'undo' ? 'undone' : heading
}

/** @throws what says that somebody else is there */
function unlessHeld(error: unknown): HeldLock {
  if (error instanceof ReachError) return lacking({ failure: error.failure })
  if (error instanceof NotWatched) return lacking(reasonOfNotWatched(error))
  if (error instanceof OperationRefused && error.refused.kind === 'impossible') {
    const [reason] = error.refused.reasons
    if (reason !== undefined) return lacking(reason)
  }
  throw error
}
