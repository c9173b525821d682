/** What somebody asks for, understood and weighed: what it would do, and whether the guard lets it. Nothing is done here. */
import type {
  OperationFacts,
  OperationPreview,
  OperationRequest,
  PlannedStep,
} from '#shared/model/operation.ts'
import type { DeploymentProfile } from '#shared/model/profile/deployment.ts'
import type { Deployment } from '../deployments/deployments.ts'
import { NotWatched } from '../inspect/not-watched.ts'
import type { Actor } from '../policy/actor.ts'
import { guard } from '../policy/guard.ts'
import type { Unlocks } from '../policy/unlocks.ts'
import { type Reach, ReachError } from '../reach/reach.ts'
import { stepsGoingBack, stepsLeft } from './decide.ts'
import { askFreeConnections } from './free-connections.ts'
import type { Journal } from './journal.ts'
import type { Kind, Subject, Traces } from './kind.ts'
import type { ConsoleLocks } from './lock/locks.ts'
import type { ActTerms, Previewed } from './operations.ts'
import type { OperationRecord } from './record.ts'
import { OperationRefused, type Refused } from './refused.ts'
import { type Going, wordOf, wordOfCourse } from './shown-plans.ts'
import { foreseenBack, foreseenLeft, foreseenUnseen, goingOn, tracesOf } from './way-back.ts'

export interface WeighingOptions {
  readonly kinds: ReadonlyMap<string, Kind<OperationFacts>>
  readonly deploymentOf: (name: string) => Deployment | null
  readonly reachOf: (deployment: string) => Reach | null
  readonly unlocks: Unlocks
  readonly journal: Pick<Journal, 'lastTookMs'>
  readonly locks: Pick<ConsoleLocks, 'foresee'>
  /** Whether this console may change nothing. */
  readonly isReadOnly: () => boolean
}

export type Weighing = ReturnType<typeof createWeighing>

function isBack(going: Going): boolean {
  return going !== 'forward' && going !== 'left'
}

export function createWeighing({
  kinds,
  deploymentOf,
  reachOf,
  unlocks,
  journal,
  locks,
  isReadOnly,
}: WeighingOptions) {
  /** What is asked for, with everything that is needed to decide on it. */
  function understood({
    kind: name,
    deployment,
    options,
  }: Pick<OperationRequest, 'kind' | 'deployment' | 'options'>) {
    const found = deploymentOf(deployment)
    if (found === null) throw new OperationRefused({ kind: 'no-deployment', name: deployment })
    const kind = kinds.get(name)
    if (kind === undefined) throw new TypeError(`no kind "${name}" is registered`)
    const parsed = kind.options.safeParse(options)
    if (!parsed.success) throw new OperationRefused({ kind: 'options', issues: parsed.error.issues })
    return { kind, profile: found.profile, options: parsed.data, isPaused: found.paused }
  }

  function subjectOf<Options>(
    profile: DeploymentProfile,
    options: Options,
    signal: AbortSignal,
  ): Subject<Options> {
    return {
      ...{ options, profile, signal },
      reach() {
        const reach = reachOf(profile.name)
        if (reach === null) throw new NotWatched(profile.name, 'opening')
        return reach
      },
    }
  }

  /**
   * What its kind says of it, with what the lock and the connections come to.
   * @param begun what is on record of it, where it goes on
   */
  async function foreseen(
    kind: Kind<OperationFacts>,
    subject: Subject<OperationFacts>,
    begun: Traces<OperationFacts> | null = null,
  ) {
    const { options, profile, signal } = subject
    const said = await kind.preview(subject, begun)
    const need = kind.lock(options, profile)
    const lock = need === null ? null : await locks.foresee(need, profile.name, begun?.id ?? null, signal)
    const needed = said.connections.needed + (lock?.connections ?? 0)
    const operating = needed === 0 ? null : subject.reach().postgres
    // What is refused before anybody looked at the server is not asked there how it is off.
    const isRefusedUnseen = said.refusals.length > 0 && said.connections.free === null
    if (operating?.operating == null || isRefusedUnseen) return { ...said, ...together(said, lock) }
    const of = { user: operating.operating.user, databases: databasesOf(said, lock, operating.operating) }
    const free = said.connections.free ?? (await askFreeConnections(operating.people, of, signal))
    // It goes on without a lock that it need not have.
    const must = said.connections.needed + (need?.required === true ? 1 : 0)
    const { refusals, warnings } = together(said, lock)
    const tooFew = free < must ? [{ code: 'connections-too-few', params: { needed: must, free } }] : []
    return { ...said, warnings, refusals: [...refusals, ...tooFew], connections: { needed, free } }
  }

  /** @throws OperationRefused where it is not understood, or the guard forbids it */
  async function previewed(request: OperationRequest, actor: Actor, signal: AbortSignal) {
    const { kind, profile, options: asked, isPaused } = understood(request)
    if (isPaused) throw new NotWatched(profile.name, 'paused')
    const subject = subjectOf(profile, asked, signal)
    const options = (await kind.settle?.(subject)) ?? asked
    const effect = kind.effect(options)
    const verdict = guard({
      ...{ role: actor.role, effect, deployment: profile.name, environment: profile.environment },
      readOnly: isReadOnly() ? 'console' : profile.readOnly === true ? 'deployment' : null,
      confirm: request.confirm ?? null,
      isUnlocked: unlocks.isUnlocked(profile.name, actor.id),
    })
    if (verdict.kind === 'refused') {
      const { reason } = verdict
      throw new OperationRefused({
        ...{ kind: 'guard', reason, action: kind.kind, deployment: profile.name, role: actor.role },
      })
    }
    const said = await foreseen(kind, { ...subject, options })
    const steps = planOf(kind, options, profile)
    const scope = kind.lock(options, profile)?.scope ?? null
    const work = { kind: kind.kind, deployment: profile.name, scope, steps: steps.map(({ id }) => id) }
    const lastTookMs = await journal.lastTookMs(work)
    const preview: OperationPreview = { ...said, effect, steps, lastTookMs }
    const plan = wordOf({ kind: kind.kind, options, effect, profile })
    return { kind, profile, options, effect, verdict, preview, plan }
  }

  /** What is asked of one that there is. */
  function courseOf(record: OperationRecord, going: Going) {
    const { kind: name, deployment, options: asked } = record
    const { kind, profile, options, isPaused } = understood({ kind: name, deployment, options: asked })
    const effect = (isBack(going) ? kind.undoEffect?.(options) : null) ?? record.effect
    return { kind, profile, options, effect, isPaused }
  }

  /** What is asked of one that there is, weighed as the first was. */
  function weighed(record: OperationRecord, going: Going, actor: Actor, confirm: string | null) {
    const { kind: name, deployment } = record
    const course = courseOf(record, going)
    const { profile, effect, isPaused } = course
    if (isPaused && going !== 'left') throw new NotWatched(deployment, 'paused')
    const verdict = guard({
      ...{ role: actor.role, effect, deployment, environment: profile.environment, confirm },
      readOnly: isReadOnly() ? 'console' : profile.readOnly === true ? 'deployment' : null,
      isUnlocked: unlocks.isUnlocked(deployment, actor.id),
    })
    if (verdict.kind === 'refused') {
      const { reason } = verdict
      throw new OperationRefused({ kind: 'guard', reason, action: name, deployment, role: actor.role })
    }
    return { ...course, verdict }
  }

  /** What going on with one, taking it back, or leaving it as it is would do. */
  async function foreseenOf(
    record: OperationRecord,
    going: Going,
    { kind, profile, options, effect }: ReturnType<typeof courseOf>,
    signal: AbortSignal,
  ): Promise<OperationPreview> {
    const subject = subjectOf(profile, options, signal)
    const back = stepsGoingBack(record.steps)
    const said = isBack(going)
      ? await foreseenBack(kind, record, subject, back).catch((error: unknown) => {
          // It can be given up there, too: that must not wait until somebody can look.
          const isUnseen = error instanceof ReachError || error instanceof NotWatched
          if (going !== 'cancelled' || signal.aborted || !isUnseen) throw error
          return foreseenUnseen(profile.name, back)
        })
      : going === 'left'
        ? foreseenLeft(kind, record)
        : goingOn(record, await foreseen(kind, subject, tracesOf(record)))
    if (isBack(going)) return { ...said, steps: back, effect, lastTookMs: null }
    if (going === 'left') return { ...said, steps: [], effect, lastTookMs: null }
    const lastTookMs = await journal.lastTookMs({ ...record, steps: record.steps.map(({ id }) => id) })
    return { ...said, steps: stepsLeft(record.steps), effect, lastTookMs }
  }

  /** What would become of one that there is, in one word. */
  function planOfAct(record: OperationRecord, going: Going): string {
    // Left as it is it may be of a deployment that is on record no more.
    const { effect } = isBack(going) ? courseOf(record, going) : record
    return wordOfCourse({ going, effect, steps: record.steps })
  }

  /**
   * Going on with a change, and taking it back, are changes as the first was. At once, so that it is still so when it is done.
   * @param isGuarded `false`: nobody is asked whether it may be, and nothing has to be confirmed
   * @returns why it has to be shown before; `null`: it may be done
   * @throws OperationRefused where the guard forbids it
   */
  function whyShown(
    record: OperationRecord,
    going: Going,
    isGuarded: boolean,
    actor: Actor,
    { confirm, plan = null }: Pick<ActTerms, 'confirm' | 'plan'>,
  ): Extract<Refused, { kind: 'confirm' }>['reason'] | null {
    const verdict = isGuarded ? weighed(record, going, actor, confirm).verdict : null
    if (verdict?.kind === 'confirm') return verdict.reason
    if (plan !== null && plan !== planOfAct(record, going)) return 'changed'
    if (verdict?.unlocks) unlocks.unlock(record.deployment, actor.id)
    return null
  }

  /**
   * What going on with one, taking it back, or leaving it as it is would do, and whether that has to be confirmed.
   * @param isGuarded `false`: nobody is asked whether it may be, and nothing has to be confirmed
   */
  async function previewedAct(
    record: OperationRecord,
    going: Going,
    isGuarded: boolean,
    actor: Actor,
    signal: AbortSignal,
  ): Promise<Previewed> {
    const verdict = isGuarded ? weighed(record, going, actor, null).verdict : null
    const course = courseOf(record, going)
    const preview = await foreseenOf(record, going, course, signal)
    const { name, readOnly } = course.profile
    // What is under way is told to stop all the same, and goes no further.
    const waits =
      !isGuarded &&
      isBack(going) &&
      preview.steps.some(({ changes }) => changes) &&
      (isReadOnly() || readOnly === true)
    return {
      preview: waits
        ? { ...preview, warnings: [{ code: 'undo-read-only', params: { name } }, ...preview.warnings] }
        : preview,
      confirm: verdict?.kind === 'confirm' ? record.deployment : null,
      plan: planOfAct(record, going),
    }
  }

  return { previewed, whyShown, previewedAct, planOfAct }
}

type Said = Pick<OperationPreview, 'warnings' | 'refusals' | 'databases'>
type Foreseen = Awaited<ReturnType<ConsoleLocks['foresee']>>

function together(said: Said, lock: Foreseen | null): Pick<Said, 'warnings' | 'refusals'> {
  return {
    warnings: [...(lock?.warnings ?? []), ...said.warnings],
    refusals: [...said.refusals, ...(lock?.refusals ?? [])],
  }
}

function databasesOf(
  { databases }: Said,
  lock: Foreseen | null,
  { maintenance }: { readonly maintenance: string },
): string[] {
  return [...databases.map(({ name }) => name), ...(lock?.connections ? [maintenance] : [])]
}

function planOf(
  kind: Kind<OperationFacts>,
  options: OperationFacts,
  profile: DeploymentProfile,
): PlannedStep[] {
  return kind.steps(options, profile).map(({ id, nature, changes, undo, pointOfNoReturn = false }) => {
    return { id, nature, changes, undoable: undo !== undefined, pointOfNoReturn }
  })
}
