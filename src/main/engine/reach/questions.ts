/**
 * What a far side asks of a person while we log in (a one-time code, a new password): put to whoever watches, answered
 * once, and over when its time is. Answers are passed on and kept nowhere.
 */
import { randomUUID } from 'node:crypto'
import type { Question, QuestionField } from '#shared/model/question.ts'
import type { Clock } from '../clock.ts'

/** sshd gives a login two minutes by default (LoginGraceTime). */
const ANSWER_WITHIN_MS = 110_000

/** Nobody answered: told apart so that the failure can say why. */
export class Unanswered extends Error {
  readonly because: 'expired' | 'dismissed' | 'nobody'
  constructor(because: Unanswered['because']) {
    super(`the question was not answered: ${because}`)
    this.name = 'Unanswered'
    this.because = because
  }
}

export interface Asked {
  /** Who asks, as people name it: `ops@bastion:22`. */
  readonly hop: string
  /** What the far side says before its fields; may be empty. */
  readonly instruction: string
  readonly fields: readonly QuestionField[]
}

export interface Questions {
  /** Resolves with one answer for each field. Rejects with `Unanswered`, or with the signal's reason. */
  ask(asked: Asked, signal: AbortSignal): Promise<readonly string[]>
  list(): Question[]
  /** `false` where nobody waits for it any more, or the number of answers is wrong. */
  answer(id: string, answers: readonly string[]): boolean
  dismiss(id: string): boolean
  /** Called whenever the list changed; returns what unsubscribes. */
  onChange(listener: () => void): () => void
}

export function createQuestions({ clock }: { clock: Clock }): Questions {
  const open = new Map<
    string,
    { question: Question; resolve: (answers: readonly string[]) => void; reject: (error: unknown) => void }
  >()
  const listeners = new Set<() => void>()

  function changed(): void {
    for (const listener of listeners) listener()
  }

  return {
    async ask(asked, signal) {
      signal.throwIfAborted()
      const id = randomUUID()
      const { promise, resolve, reject } = Promise.withResolvers<readonly string[]>()
      const askedAt = clock.now()
      const question = {
        id,
        ...asked,
        fields: [...asked.fields],
        askedAt,
        expiresAt: askedAt + ANSWER_WITHIN_MS,
      }
      const onAbort = (): void => reject(signal.reason)
      signal.addEventListener('abort', onAbort, { once: true })
      const cancel = clock.after(ANSWER_WITHIN_MS, () => reject(new Unanswered('expired')))
      open.set(id, { question, resolve, reject })
      changed()
      try {
        return await promise
      } finally {
        cancel()
        signal.removeEventListener('abort', onAbort)
        open.delete(id)
        changed()
      }
    },
    list: () => [...open.values()].map(({ question }) => question),
    answer(id, answers) {
      const waiting = open.get(id)
      if (waiting === undefined || waiting.question.fields.length !== answers.length) return false
      waiting.resolve([...answers])
      return true
    },
    dismiss(id) {
      const waiting = open.get(id)
      waiting?.reject(new Unanswered('dismissed'))
      return waiting !== undefined
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** Where nobody can be asked: every question is declined at once. */
export const nobody: Pick<Questions, 'ask'> = {
  ask: () => Promise.reject(new Unanswered('nobody')),
}
