/**
 * A console for tests of the page: the page's own client over a real message port, answered by the real contract on
 * top of what a test gives. Nothing of the page is replaced.
 */
import { RPCLink } from '@orpc/client/message-port'
import { implement } from '@orpc/server'
import { RPCHandler } from '@orpc/server/message-port'
import { pageOf } from '../../../../src/main/api/page-of-alerts.ts'
import type { Outputs } from '../../../../src/renderer/client/client.ts'
import { type Console, openConsole } from '../../../../src/renderer/client/console.tsx'
import type { TransportEvents } from '../../../../src/renderer/client/transport.ts'
import type { Wanted } from '../../../../src/renderer/features/operations/confirmation.ts'
import type { Role } from '../../../../src/shared/catalogue/roles.ts'
import type { Preferences } from '../../../../src/shared/contract/console.ts'
import { contract } from '../../../../src/shared/contract/contract.ts'
import type { SpokenPreview } from '../../../../src/shared/contract/operations.ts'
import type { Alert } from '../../../../src/shared/model/alert.ts'
import type { Changes, ChangesQuery } from '../../../../src/shared/model/change.ts'
import type { NoteOutcome } from '../../../../src/shared/model/desktop-note.ts'
import type { FleetRow } from '../../../../src/shared/model/fleet.ts'
import type { Question } from '../../../../src/shared/model/question.ts'
import { type PlayedBackups, playBackups } from './played-backups.ts'

export interface PlayedConsole {
  readonly console: Console
  /** Every question for changes that came, oldest first. */
  readonly asked: ChangesQuery[]
  readonly paused: { name: string; paused: boolean }[]
  /** Each preference that was to be kept. */
  readonly preferred: Partial<Preferences>[]
  /** What servers were answered, and what was left unanswered (`null`), by question. */
  readonly answered: { id: string; answers: readonly string[] | null }[]
  /** What the page said became of notes for the desktop. */
  readonly noted: { id: string; outcome: NoteOutcome }[]
  /** How often the page said that it can show notes. */
  attended(): number
  /** How often the page asked whether anybody hears alerts. */
  unheard(): number
  /** Answers the question that waits, or the next one. */
  answer(changes: Changes): void
  /** Ends the transport; the page opens the next one. */
  drop(): void
}

export interface Played {
  rows: FleetRow[]
  /** Refuses the fleet with this message. */
  refuseFleet?: string
  /** How the reader looked at the fleet the last time. */
  fleet?: Preferences['fleet']
  /** Of whoever looks at the page; `ADMIN` where it is left out. */
  role?: Role
  /** What servers ask at present; a test changes it and tells so. */
  questions?: Question[]
  /** Those that fire, the most pressing first. */
  alerts?: Alert[]
  /** Comes before each page of them is answered; `false`: that page is refused. */
  beforePage?: (asked: { readonly deployments?: readonly string[] | undefined }) => Promise<boolean>
  /** What is in force of them. */
  silences?: Outputs['silences']['list']['items']
  /** What the console says of what reaches nobody. */
  unheard?: Outputs['channels']['unheard']['unheard']
  /** Nothing is changed by it. */
  readOnly?: boolean
  /** Where it is left out, none are asked for. */
  backups?: PlayedBackups
  /** The one that there is, which takes the name of its deployment to go on or back; what was asked of it is added. */
  operation?: {
    one: Outputs['operations']['get']
    /** What it would do; `null`: that cannot be looked at. */
    preview: SpokenPreview | null
    asked: object[]
    /** Nothing has to be confirmed. */
    isFree?: boolean
    /** What it would do, in one word. */
    plan?: string
    /** What it would do is seen when this resolves. */
    look?: Promise<void>
    /** What is asked for is answered when this resolves. */
    gate?: Promise<void>
  }
}

export function playConsole(played: Played): PlayedConsole {
  const asked: ChangesQuery[] = []
  const paused: PlayedConsole['paused'] = []
  const preferred: PlayedConsole['preferred'] = []
  const answered: PlayedConsole['answered'] = []
  const noted: PlayedConsole['noted'] = []
  let attended = 0
  let unheard = 0
  const answers: Changes[] = []
  const waiting: ((changes: Changes) => void)[] = []
  const os = implement(contract)
  let preferences: Preferences = {
    theme: 'dark',
    language: 'en',
    fleet: played.fleet ?? {
      text: '',
      status: null,
      environment: null,
      tag: null,
      sort: 'badness',
      group: 'none',
    },
    alerts: { text: '', severity: null, deployment: null, state: null },
  }

  const router = {
    session: {
      get: os.session.get.handler(() => ({
        actor: { name: 'admin', role: played.role ?? 'ADMIN' },
        version: '0.1.0',
        host: 'web',
        dataDirectory: '/var/lib/vakhta',
        startedAt: 0,
        preferences,
      })),
      prefer: os.session.prefer.handler(({ input }) => {
        preferred.push(input as Partial<Preferences>)
        preferences = {
          theme: input.theme ?? preferences.theme,
          language: input.language ?? preferences.language,
          fleet: input.fleet ?? preferences.fleet,
          alerts: input.alerts ?? preferences.alerts,
        }
        return preferences
      }),
    },
    deployments: {
      pause: os.deployments.pause.handler(({ input }) => {
        paused.push(input)
        return input
      }),
    },
    questions: {
      list: os.questions.list.handler(() => ({ items: played.questions ?? [], nextCursor: null })),
      answer: os.questions.answer.handler(({ input: { id, answers }, errors }) => {
        if (!close(id)) throw errors.NOT_FOUND({ data: { what: 'question', name: id } })
        answered.push({ id, answers })
        return { id }
      }),
      dismiss: os.questions.dismiss.handler(({ input: { id }, errors }) => {
        if (!close(id)) throw errors.NOT_FOUND({ data: { what: 'question', name: id } })
        answered.push({ id, answers: null })
        return { id }
      }),
    },
    alerts: {
      live: os.alerts.live.handler(async ({ input, errors }) => {
        if ((await played.beforePage?.(input)) === false) {
          throw errors.FORBIDDEN({ message: 'not now', data: { reason: 'not now' } })
        }
        return pageOf(played.alerts ?? [], input)
      }),
    },
    silences: {
      list: os.silences.list.handler(() => ({ items: played.silences ?? [], nextCursor: null })),
    },
    ...(played.backups !== undefined && { backups: playBackups(played.backups) }),
    operations: {
      list: os.operations.list.handler(({ input: { kind } }) => ({
        items: [played.operation?.one ?? []].flat().filter((one) => kind?.includes(one.kind) ?? true),
        nextCursor: null,
      })),
      get: os.operations.get.handler(({ input: { id }, errors }) => {
        if (played.operation?.one.id === id) return played.operation.one
        throw errors.NOT_FOUND({ data: { what: 'operation', name: id } })
      }),
      settings: os.operations.settings.handler(() => ({ readOnly: played.readOnly ?? false })),
      previewAct: os.operations.previewAct.handler(async ({ input: { act, leave } }) => {
        const { one, preview, asked, isFree = false, plan = 'plan', look } = operationPlayed()
        asked.push({ shown: leave ? 'leave' : act })
        await look
        if (preview === null) throw new Error('the target does not answer')
        return { preview, confirm: isFree ? null : one.deployment, plan }
      }),
      preview: os.operations.preview.handler(async () => {
        const { one, preview, isFree = false, plan = 'plan', look } = operationPlayed()
        await look
        if (preview === null) throw new Error('the target does not answer')
        return { preview, confirm: isFree ? null : one.deployment, plan }
      }),
      start: os.operations.start.handler(({ input: { kind, ...input }, errors }) =>
        confirmedOnly(kind, { id: 'new', ...input }, errors),
      ),
      pause: os.operations.pause.handler(() => {
        const { one, asked } = operationPlayed()
        asked.push({ act: 'pause' })
        return one
      }),
      cancel: os.operations.cancel.handler(({ input, errors }) => confirmedOnly('cancel', input, errors)),
      resume: os.operations.resume.handler(({ input, errors }) => confirmedOnly('resume', input, errors)),
      undo: os.operations.undo.handler(({ input, errors }) => confirmedOnly('undo', input, errors)),
    },
    channels: {
      noted: os.channels.noted.handler(({ input }) => {
        noted.push(input)
        return { isAwaited: true }
      }),
      unheard: os.channels.unheard.handler(() => {
        unheard += 1
        return { unheard: played.unheard ?? null }
      }),
      attend: os.channels.attend.handler(() => {
        attended += 1
        return {}
      }),
    },
    live: {
      fleet: os.live.fleet.handler(({ errors }) => {
        if (played.refuseFleet !== undefined) {
          throw errors.FORBIDDEN({ message: played.refuseFleet, data: { reason: played.refuseFleet } })
        }
        return { rows: played.rows }
      }),
      changes: os.live.changes.handler(async ({ input, signal }) => {
        asked.push(input)
        if (input.cursor === null) return { cursor: 'epoch:0', reset: false, changes: [] }
        const ready = answers.shift()
        if (ready !== undefined) return ready
        return new Promise<Changes>((resolve, reject) => {
          waiting.push(resolve)
          signal?.addEventListener('abort', () => {
            waiting.splice(waiting.indexOf(resolve), 1)
            reject(signal.reason)
          })
        })
      }),
    },
  }
  const handler = new RPCHandler(router)

  function operationPlayed() {
    if (played.operation === undefined) throw new TypeError('no operation is played')
    return played.operation
  }

  async function confirmedOnly(
    act: string,
    input: {
      id: string
      confirm?: string | undefined
      reason?: string | undefined
      plan?: string | undefined
    },
    errors: { CONFIRMATION_REQUIRED: (terms: { data: Wanted }) => Error },
  ) {
    const { one, preview, asked, isFree = false, plan = 'plan', gate } = operationPlayed()
    asked.push({ act, ...input })
    await gate
    const isConfirmed = isFree || input.confirm === one.deployment
    const isChanged = input.plan !== undefined && input.plan !== plan
    if (preview === null || (isConfirmed && !isChanged)) return one
    const reason = isConfirmed ? 'changed' : 'missing'
    const data = { reason, deployment: one.deployment, preview, plan }
    throw errors.CONFIRMATION_REQUIRED({ data })
  }

  /** Takes a question off the list; `false` where it is not on it. */
  function close(id: string): boolean {
    const rest = (played.questions ?? []).filter((question) => question.id !== id)
    const there = rest.length < (played.questions ?? []).length
    played.questions = rest
    return there
  }

  let end: () => void = () => {}
  const console = openConsole((events: TransportEvents) => {
    const { port1, port2 } = new MessageChannel()
    handler.upgrade(port2)
    port1.start()
    port2.start()
    let ended = false
    end = () => {
      if (ended) return
      ended = true
      port1.close()
      port2.close()
      events.ended('lost')
    }
    queueMicrotask(events.opened)
    return { calls: new RPCLink({ port: port1 }), close: () => end() }
  })

  return {
    console,
    asked,
    paused,
    preferred,
    answered,
    noted,
    attended: () => attended,
    unheard: () => unheard,
    answer(changes) {
      const next = waiting.shift()
      if (next === undefined) answers.push(changes)
      else next(changes)
    },
    drop: () => end(),
  }
}
