/**
 * What several people ask at once is asked of a target once: who comes while it is under way waits for the same answer,
 * and for about a second after it gets it, too.
 */
import type { Clock } from '../clock.ts'

/** How long an answer, or a failure, is good for the next one who asks. */
const FRESH_MS = 1_000

export interface SharedAnswers {
  /**
   * @param key what makes two questions the same: the deployment, the kind and its input
   * @param signal of this caller; the work is aborted when nobody waits for it any more
   * @throws what `work` rejects with, for all who wait, or the signal's reason
   */
  ask<T>(key: string, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T>
  /** Ends what is under way, and forgets. */
  close(): void
}

interface Shared {
  readonly answer: Promise<unknown>
  readonly controller: AbortController
  waiting: number
  settled: boolean
  cancelExpiry: () => void
}

export function createSharedAnswers({ clock }: { clock: Clock }): SharedAnswers {
  const answers = new Map<string, Shared>()
  let closed = false

  function begin(key: string, work: (signal: AbortSignal) => Promise<unknown>): Shared {
    const controller = new AbortController()
    const answer = work(controller.signal)
    const shared: Shared = { answer, controller, waiting: 0, settled: false, cancelExpiry: () => {} }
    answers.set(key, shared)
    const keepForAWhile = (): void => {
      shared.settled = true
      if (answers.get(key) !== shared) return
      shared.cancelExpiry = clock.after(FRESH_MS, () => answers.delete(key))
    }
    answer.then(keepForAWhile, keepForAWhile)
    return shared
  }

  return {
    async ask<T>(key: string, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
      signal.throwIfAborted()
      if (closed) throw new Error('the console stops')
      const shared = answers.get(key) ?? begin(key, work)
      const gone = Promise.withResolvers<never>()
      const onAbort = (): void => gone.reject(signal.reason)
      signal.addEventListener('abort', onAbort, { once: true })
      shared.waiting += 1
      try {
        // One key stands for one kind of question, and so for one type of answer.
        return (await Promise.race([shared.answer, gone.promise])) as T
      } finally {
        signal.removeEventListener('abort', onAbort)
        shared.waiting -= 1
        if (shared.waiting === 0 && !shared.settled) {
          if (answers.get(key) === shared) answers.delete(key)
          shared.controller.abort(signal.reason)
        }
      }
    },

    close() {
      closed = true
      for (const { controller, cancelExpiry } of answers.values()) {
        cancelExpiry()
        controller.abort(new Error('the console stops'))
      }
      answers.clear()
    },
  }
}
