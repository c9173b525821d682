/**
 * Cancelling a statement, and ending a session: of one that is named so that no other is hit, as who operates. Both are shown before, with whom they
 * free and what they roll back, and seen to have worked after.
 */
import type { OperationFacts, OperationText } from '#shared/model/operation.ts'
import type { Reason } from '#shared/model/reason.ts'
import type { Clock } from '../../clock.ts'
import type { PostgresSession } from '../../reach/reach.ts'
import {
  type AnyKind,
  type Kind,
  OperationFailed,
  type Step,
  type StepContext,
  type Subject,
} from '../kind.ts'
import {
  lookAgain,
  MOST_FREED,
  type Seen,
  SessionOptions,
  seeSession,
  shownStatement,
  signalSession,
} from './target.ts'

const LOOK_EVERY_MS = 100
const LOOK_FOR_MS = 10_000

interface Signal {
  readonly kind: 'cancel-query' | 'terminate-backend'
  readonly step: 'cancel' | 'terminate'
  readonly effect: 'writes' | 'destroys'
  readonly signalFunction: 'pg_cancel_backend' | 'pg_terminate_backend'
  /** SQL: what it must be at, to be signalled. */
  readonly condition: string
  /** Whether it did what it was to do. */
  isDone(now: Awaited<ReturnType<typeof lookAgain>>): boolean
  readonly staysCode: OperationText
  changes(seen: Seen, about: Reason['params']): Reason[]
  refuses(seen: Seen): OperationText | null
}

const CANCEL: Signal = {
  ...{ kind: 'cancel-query', step: 'cancel', effect: 'writes', signalFunction: 'pg_cancel_backend' },
  condition: `state = 'active'`,
  isDone: ({ isActive }) => !isActive,
  staysCode: 'statement-stays',
  changes: (_, about) => [{ code: 'cancels-statement', params: about }],
  refuses({ state }) {
    // The signal would be taken, and do nothing.
    if (state?.startsWith('idle in transaction') === true) return 'cancel-idle-in-transaction'
    return state === 'idle' ? 'cancel-idle' : null
  },
}

const TERMINATE: Signal = {
  ...{ kind: 'terminate-backend', step: 'terminate', effect: 'destroys' },
  ...{ signalFunction: 'pg_terminate_backend', condition: 'true' },
  isDone: ({ isThere }) => !isThere,
  staysCode: 'session-stays',
  changes(seen, about) {
    const lines: Reason[] = [{ code: 'ends-session', params: about }]
    if (seen.transactionSeconds === null) return lines
    const seconds = Math.round(seen.transactionSeconds)
    return [...lines, { code: seen.writes ? 'rolls-back' : 'rolls-back-reads', params: { seconds } }]
  },
  refuses: () => null,
}

export function createSessionKinds({ clock }: { clock: Clock }): readonly AnyKind[] {
  return [kindOf(CANCEL, clock), kindOf(TERMINATE, clock)]
}

function kindOf(signal: Signal, clock: Clock): AnyKind {
  const kind: Kind<SessionOptions> = {
    ...{ kind: signal.kind, options: SessionOptions, onFailure: 'stay' },
    effect: () => signal.effect,
    lock: () => null,
    async settle(subject) {
      const { options } = subject
      if (options.startedAt !== undefined) return { transactionStartedAt: null, ...options }
      const seen = await seeSession(subject)
      if (seen?.startedAt == null) return options
      return { ...options, startedAt: seen.startedAt, transactionStartedAt: seen.transactionStartedAt }
    },
    preview: (subject) => previewOf(signal, subject),
    steps: () => [stepOf(signal, clock)],
  }
  return kind as AnyKind
}

async function previewOf(signal: Signal, subject: Subject<SessionOptions>) {
  const { pid } = subject.options
  const nothing = { irreversible: [], warnings: [], databases: [], services: [] }
  // People's own connection gives way to it.
  const connections = { needed: 0, free: null }
  const refused = (code: OperationText, params: Reason['params'] = { pid }) => ({
    ...{ ...nothing, changes: [], connections, refusals: [{ code, params }] },
  })
  const { postgres } = subject.reach()
  const { name } = subject.profile
  if (postgres === null) return refused('no-postgres', { name })
  if (postgres.operating === null) return refused('no-operate', { name })
  const seen = await seeSession(subject)
  if (seen === null) return refused('session-over')
  if (seen.hidden === true) return refused('session-hidden')
  const refusal = signal.refuses(seen)
  if (refusal !== null) return refused(refusal)
  const { user, application, database, state, statement, freed, kind } = seen
  const about = {
    ...{ pid, user: user ?? '—', application: application || '—', database: database ?? '—' },
    ...{ state: state ?? '—', statement: shownStatement(statement) },
  }
  const waiting = freed.slice(0, MOST_FREED).map((one): Reason => {
    const params = {
      pid: one.pid,
      application: one.application || '—',
      statement: shownStatement(one.statement),
    }
    return { code: 'frees', params }
  })
  return {
    ...nothing,
    ...{ connections, refusals: [] },
    databases: database === null ? [] : [{ name: database, bytes: null }],
    changes: [
      ...signal.changes(seen, about),
      ...waiting,
      ...(freed.length > MOST_FREED ? [{ code: 'frees-more', params: { count: MOST_FREED } }] : []),
    ],
    irreversible: [{ code: 'signal-is-final', params: {} }],
    warnings: kind === 'client backend' ? [] : [{ code: 'not-a-client', params: { kind } }],
  }
}

function stepOf(signal: Signal, clock: Clock): Step<SessionOptions> {
  const { step: id } = signal

  async function run(context: StepContext<SessionOptions>): Promise<void> {
    const operating = context.reach().postgres?.operating
    const { name } = context.profile
    if (operating == null) throw new OperationFailed('no-operate', { name })
    await operating.briefly(context.signal, async (session) => {
      const { options, signal: stop } = context
      const { pid } = options
      await context.keep({ signalled: true })
      const answer = await signalSession(session, signal.signalFunction, signal.condition, options, stop)
      if (!answer.asked) {
        await context.keep({ signalled: false })
        throw await whyNotAsked(session, answer.hidden)
      }
      if (answer.done !== true) {
        await context.keep({ signalled: false })
        throw new OperationFailed('signal-refused', { pid })
      }
      context.note('signalled', { pid, user: operating.user })
      if (!(await seenDone(session, context))) throw new OperationFailed(signal.staysCode, { pid })
      context.result({ pid })
    })

    async function whyNotAsked(session: PostgresSession, hidden: boolean): Promise<OperationFailed> {
      const { pid } = context.options
      if (hidden) return new OperationFailed('session-hidden-to', { pid, user: operating?.user ?? '' })
      const { isSame } = await lookAgain(session, context.options, context.signal)
      return new OperationFailed(isSame ? 'cancel-idle-in-transaction' : 'session-over', { pid })
    }
  }

  async function seenDone(session: PostgresSession, context: StepContext<SessionOptions>): Promise<boolean> {
    const until = clock.monotonic() + LOOK_FOR_MS
    while (!signal.isDone(await lookAgain(session, context.options, context.signal))) {
      if (clock.monotonic() >= until) return false
      await new Promise<void>((resolve) => clock.after(LOOK_EVERY_MS, resolve))
    }
    return true
  }

  return {
    ...{ id, nature: 'restartable', changes: true, pointOfNoReturn: true },
    run,
    async inspect(context) {
      const kept: OperationFacts | null = context.facts(id)
      const people = context.reach().postgres?.people
      if (kept?.signalled !== true || people === undefined) return 'not-done'
      // The signal was sent: what it has not done yet it may do at any moment.
      if (!signal.isDone(await lookAgain(people, context.options, context.signal))) return 'partial'
      context.result({ pid: context.options.pid })
      return 'done'
    },
  }
}
