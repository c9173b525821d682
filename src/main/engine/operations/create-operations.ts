/** Wires the runner: what may begin, what is under way, and what of it is told to others. */
import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import {
  isOver,
  NO_PROGRESS,
  type Operation,
  type OperationFacts,
  type OperationRequest,
  type OperationStep,
  type PlannedStep,
} from '#shared/model/operation.ts'
import type { SilencedOperation } from '../alerts/silences/operation-silences.ts'
import type { Audit } from '../audit/audit.ts'
import type { Clock } from '../clock.ts'
import type { Deployment } from '../deployments/deployments.ts'
import type { Log } from '../log.ts'
import type { Actor } from '../policy/actor.ts'
import { createUnlocks } from '../policy/unlocks.ts'
import type { Reach } from '../reach/reach.ts'
import type { Store } from '../store/store.ts'
import { createActs } from './acts.ts'
import { createClaims } from './claims.ts'
import { isPastReturn } from './decide.ts'
import { whyNotEdited } from './edits.ts'
import { createJournal, type Journal } from './journal.ts'
import type { AnyKind, Kind } from './kind.ts'
import { type ConsoleLocks, createConsoleLocks, type HeldLock } from './lock/locks.ts'
import { missingEnds } from './missing-ends.ts'
import { createOperationSettings } from './operation-settings.ts'
import type { Operations } from './operations.ts'
import { afterEntry, type Entry, isWaiting, type OperationRecord, viewOf } from './record.ts'
import { OperationRefused, type Refused } from './refused.ts'
import { createRelief } from './relief.ts'
import { createShownPlans } from './shown-plans.ts'
import { createUnderWay } from './under-way.ts'
import { tracesOf } from './way-back.ts'
import { createWeighing } from './weigh.ts'

export interface OperationsOptions {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly audit: Audit
  readonly kinds: readonly AnyKind[]
  readonly deploymentOf: (name: string) => Deployment | null
  /** Resolves when every edit of a deployment that was asked for by now is made, or refused. */
  readonly editsSettled: () => Promise<void>
  readonly reachOf: (deployment: string) => Reach | null
  /** Who this console is, for others: its identity for ever, and what people call it. */
  readonly console: { readonly id: string; readonly name: () => string }
  /** Keeps a deployment's alerts quiet; what it resolves with is called when the operation is over. */
  readonly silence: (operation: SilencedOperation) => Promise<() => Promise<void>>
  /** One turned: its state, a step, how far it is. */
  readonly onTurn: (before: Operation | null, now: Operation) => void
  /** What is set of them as a whole is another. */
  readonly onSettings?: () => void
  /** Tests cut it off at an entry, and lock without a PostgreSQL. */
  readonly journal?: Journal
  readonly locks?: ConsoleLocks
}

/** Over so long ago, an operation is forgotten. */
const KEPT_MS = 400 * 86_400_000
const DAY_MS = 86_400_000
/** Whom the audit names for what nobody asked for. */
const ENGINE: Actor = { id: 'engine', name: 'engine', role: 'OPERATOR', via: 'engine' }

/** Reads what is on record; what was under way when the console ended is interrupted from now on. */
export async function createOperations(terms: OperationsOptions): Promise<Operations> {
  const { store, clock, log, audit, deploymentOf, editsSettled, reachOf, silence, onTurn } = terms
  const journal = terms.journal ?? createJournal({ store })
  const kinds = new Map(terms.kinds.map((kind) => [kind.kind, kind as unknown as Kind<OperationFacts>]))
  const unlocks = createUnlocks({ clock })
  const shownPlans = createShownPlans({ clock })
  const open = new Map<string, OperationRecord>()
  const { claim, claimed } = createClaims(() => open.values())
  const asking = new Map<string, Promise<Operation>>()
  let isStopping = false
  let cancelForgetting = () => {}
  const settings = await createOperationSettings({ store, onChange: terms.onSettings })
  const isReadOnly = () => settings.current().readOnly
  const locks =
    terms.locks ?? createConsoleLocks({ reachOf, console: terms.console, isOver: isOverHere, clock, log })
  const weighing = createWeighing({
    ...{ kinds, deploymentOf, reachOf, unlocks, journal, locks },
    isReadOnly,
  })

  const underWay = createUnderWay({
    ...{
      kinds,
      journal,
      locks,
      audit,
      clock,
      log,
      deploymentOf,
      reachOf,
      silence,
      onChange: turned,
      onEnd: relieved,
      isReadOnly,
    },
    isCurrent: (record) => open.get(record.id) === record,
  })
  const { known, lockFor, launch } = underWay
  const relief = createRelief({ known, reachOf, journal, keep, clock, log })
  const { act, preview: previewAct } = createActs({
    ...{
      journal,
      clock,
      kinds,
      underWay,
      relief,
      claim,
      weighing,
      deploymentOf,
      editsSettled,
    },
    ...{ recordOf, append, turned, mayBegin },
  })

  for (const record of await journal.open()) {
    open.set(record.id, record)
    const waiting = isWaiting(record) ? record : await cutOff(record)
    relief.begin(waiting)
  }
  for (const record of await missingEnds(journal, audit)) await underWay.recordEnd(record, ENGINE)
  await forgetOld()

  /** The console before was killed while it was under way: that is told as any other end. */
  async function cutOff(record: OperationRecord): Promise<OperationRecord> {
    const after = await append(record, {
      ...{ type: 'interrupted', error: null },
      ...(record.seenAt !== null && { until: record.seenAt }),
    })
    turned(after)
    await underWay.recordEnd(after, ENGINE)
    return after
  }

  /** Those of years ago, once a day. */
  async function forgetOld(): Promise<void> {
    await journal.forget(clock.now() - KEPT_MS)
    cancelForgetting = clock.after(DAY_MS, () => {
      forgetOld().catch((error: unknown) =>
        log.error({ err: error }, 'old operations could not be forgotten'),
      )
    })
  }

  async function append(record: OperationRecord, entry: Entry): Promise<OperationRecord> {
    const at = clock.now()
    const after = afterEntry(record, entry, at)
    await journal.append(after, entry, at)
    return after
  }

  /** Of one that waits; whoever acts on it ends its relief before. */
  async function keep(id: string, step: string, facts: OperationFacts): Promise<void> {
    const record = open.get(id)
    if (record !== undefined) turned(await append(record, { type: 'kept', step, facts }))
  }

  /** What was cut off holds others up as long as its console lives, too. */
  function relieved(record: OperationRecord): void {
    if (isWaiting(record)) relief.begin(record)
  }

  function turned(now: OperationRecord): void {
    const before = open.get(now.id)
    if (isOver(now.state)) open.delete(now.id)
    else open.set(now.id, now)
    onTurn(before === undefined ? null : viewOf(before), viewOf(now))
  }

  /** A refusal is on record, too. */
  async function refusalsRecorded<T>(
    entry: { actor: Actor; action: string; target: string; reason: string | null },
    work: () => Promise<T>,
  ): Promise<T> {
    try {
      return await work()
    } catch (error) {
      if (error instanceof OperationRefused && error.refused.kind !== 'options') {
        const { actor, action, target, reason } = entry
        const detail = { refused: error.refused.kind, ...reasonOf(error.refused), ...(reason && { reason }) }
        await audit.append({ actor, action, target, outcome: 'refused', detail })
      }
      throw error
    }
  }

  async function begin(
    request: OperationRequest,
    actor: Actor,
    key: string | null,
    signal: AbortSignal,
  ): Promise<Operation> {
    const asked = JSON.stringify([request.kind, request.deployment, request.options])
    if (key !== null) {
      const before = await journal.asked(actor.id, key)
      if (before !== null) {
        if (before.request !== asked) throw new OperationRefused({ kind: 'key-used' })
        return get(before.id)
      }
    }
    const { kind, profile, options, effect, verdict, preview, plan } = await weighing.previewed(
      request,
      actor,
      signal,
    )
    if (preview.refusals.length > 0) {
      throw new OperationRefused({ kind: 'impossible', reasons: preview.refusals })
    }
    const asker = JSON.stringify([actor.id, asked])
    // Who confirms means what was shown, with or without its word.
    const meant = request.plan ?? (request.confirm === undefined ? null : shownPlans.of(asker))
    const isChanged = meant !== null && meant !== plan
    if (verdict.kind === 'confirm' || isChanged) {
      shownPlans.remember(asker, plan)
      const reason = verdict.kind === 'confirm' ? verdict.reason : 'changed'
      throw new OperationRefused({ kind: 'confirm', reason, deployment: profile.name, preview, plan })
    }
    shownPlans.forget(asker)
    if (verdict.unlocks) unlocks.unlock(profile.name, actor.id)
    const scope = kind.lock(options, profile)?.scope ?? null
    const id = randomUUID()
    mayBegin()
    await giveUpCutOff(profile.name, scope, actor, signal)
    const giveBack = claim(profile.name, scope, id, options)
    // An edit from now on is held up by the claim; one that was let pass before may not be written yet.
    await editsSettled()
    // From here on it stays as it is; what was previewed must be of that.
    if (!isDeepStrictEqual(deploymentOf(profile.name)?.profile, profile)) {
      giveBack()
      throw new OperationRefused({
        kind: 'confirm',
        reason: 'changed',
        deployment: profile.name,
        preview,
        plan,
      })
    }
    let lock: HeldLock | null = null
    try {
      const { reason = null, takeOver = null } = request
      const detail = {
        ...{ operation: id, options },
        ...(reason !== null && { reason }),
        ...(takeOver !== null && { takeOver }),
      }
      await audit.append({
        ...{ actor, action: `operation.${kind.kind}`, target: profile.name, outcome: 'asked', detail },
      })
      const now = clock.now()
      lock = await lockFor({ kind, options, profile, id, takeOver, isTakenUp: false, server: null }, signal)
      const record: OperationRecord = {
        ...{ id, kind: kind.kind, deployment: profile.name, effect, state: 'queued', undo: 'none' },
        willPause: false,
        ...{ target: 'unchanged', progress: NO_PROGRESS, options, actor: actor.name, reason },
        steps: preview.steps.map(pending),
        ...{ createdAt: now, startedAt: null, endedAt: null, error: null, result: null },
        ...{
          heading: 'forward',
          scope,
          server: lock.server,
          actorId: actor.id,
          silence: request.silence,
          facts: {},
          seenAt: null,
        },
      }
      await journal.create(record, now, key === null ? null : { actor: actor.id, key, request: asked })
      turned(record)
      return await launch(record, 'forward', actor, lock).catch(async (error: unknown) => {
        await underWay.breakOff(record)
        throw error
      })
    } catch (error) {
      await lock?.release(!open.has(id))
      throw error
    } finally {
      giveBack()
    }
  }

  /**
   * One that leaves its target as it is, and was cut off, waits in nobody's way: it is given up for the one that begins. What it made for itself goes with that,
   * also where only that was left to do.
   */
  async function giveUpCutOff(
    deployment: string,
    scope: string | null,
    actor: Actor,
    signal: AbortSignal,
  ): Promise<void> {
    const cutOff = [...open.values()].find(
      (one) =>
        one.deployment === deployment &&
        one.scope === scope &&
        one.state === 'interrupted' &&
        leavesAsItIs(one),
    )
    if (scope === null || cutOff === undefined || underWay.of(cutOff.id) !== undefined) return
    const what = isPastReturn(cutOff.steps) ? 'resume' : 'cancel'
    try {
      await act(cutOff.id, what, actor, { confirm: null }, signal)
    } catch (error) {
      // Somebody goes on with it just now: then it is in the way, as anything is that runs.
      if (!(error instanceof OperationRefused && error.refused.kind === 'state')) throw error
    }
    await underWay.settled(cutOff.id)
  }

  function mayBegin(): void {
    if (isStopping) throw new OperationRefused({ kind: 'state', reason: 'not-running' })
  }

  async function isOverHere(id: string): Promise<boolean> {
    const record = await journal.get(id)
    return record === null || isOver(record.state)
  }

  async function recordOf(id: string): Promise<OperationRecord> {
    const known = underWay.of(id)?.record() ?? open.get(id) ?? (await journal.get(id))
    if (known === null) throw new OperationRefused({ kind: 'no-operation', id })
    return known
  }

  async function get(id: string): Promise<Operation> {
    return viewOf(await recordOf(id))
  }

  return {
    async preview(request, actor, signal) {
      const { preview, verdict, profile, plan } = await weighing.previewed(request, actor, signal)
      return { preview, confirm: verdict.kind === 'confirm' ? profile.name : null, plan }
    },
    start(request, actor, key, signal) {
      const { kind, deployment: target, reason = null } = request
      const entry = { actor, action: `operation.${kind}`, target, reason }
      const begun = () => refusalsRecorded(entry, () => begin(request, actor, key, signal))
      if (key === null) return begun()
      // The same request twice at a time is one.
      const name = JSON.stringify([actor.id, key])
      const before = asking.get(name) ?? Promise.resolve(null)
      const answer = before.catch(() => null).then(begun)
      asking.set(name, answer)
      const done = () => {
        if (asking.get(name) === answer) asking.delete(name)
      }
      answer.then(done, done)
      return answer
    },
    previewAct,
    async act(id, what, actor, terms, signal) {
      const { kind, deployment: target } = await recordOf(id)
      const entry = { actor, action: `operation.${kind}.${what}`, target, reason: null }
      return refusalsRecorded(entry, () => act(id, what, actor, terms, signal))
    },
    get,
    async traced(id) {
      const record = await recordOf(id)
      return { ...viewOf(record), facts: tracesOf(record).facts }
    },
    async list(query) {
      const { records, next } = await journal.list(query)
      const current = (one: OperationRecord) => underWay.of(one.id)?.record() ?? open.get(one.id) ?? one
      return { operations: records.map((one) => viewOf(current(one))), next }
    },
    async log(id) {
      await recordOf(id)
      return journal.log(id)
    },
    async keepForGood(id) {
      const record = await recordOf(id)
      if (!isOver(record.state)) throw new TypeError(`operation ${id} is not over`)
      onTurn(viewOf(record), viewOf(await append(record, { type: 'kept-for-good' })))
    },
    standing() {
      const waits = [...open.values()].filter(isWaiting)
      return { running: open.size - waits.length, waiting: waits.length }
    },
    async mayBeEdited(before, after) {
      const refusal = whyNotEdited([...open.values(), ...claimed()], before, after)
      if (refusal !== null) throw new OperationRefused(refusal)
      if (after === null || after.name === before.name) return
      // What it stands on is known by the name: nobody could take it back, or keep it, any more.
      const back = await journal.wayBack(before.name)
      if (back === null) return
      throw new OperationRefused({ kind: 'way-back', id: back.id, deployment: before.name })
    },
    settings: settings.current,
    configure: settings.configure,
    settled: underWay.settled,
    async stop() {
      isStopping = true
      cancelForgetting()
      await Promise.all([underWay.halt(), relief.stop()])
    },
  }
}

/** A drill on a server writes there, and changes nothing of what is the deployment's own. */
function leavesAsItIs({ effect, steps }: OperationRecord): boolean {
  return effect === 'reads' || steps.every(({ changes }) => !changes)
}

function pending(step: PlannedStep): OperationStep {
  const untouched = { startedAt: null, endedAt: null, ranMs: null, undoMs: null, underWay: null }
  return { ...step, ...untouched, state: 'pending', inspected: null, error: null }
}

function reasonOf(refused: Refused): Record<string, unknown> {
  if (refused.kind === 'impossible') return { why: refused.reasons.map(({ code }) => code).join(', ') }
  return 'reason' in refused ? { why: refused.reason } : {}
}
