/** Lets a bounded number through at once, in the order in which they came. */

export interface Gate {
  /** Runs `work` when it is its turn; rejects with the signal's reason if it aborts before that. */
  pass<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T>
}

export function createGate(width: number): Gate {
  let inside = 0
  const waiting = new Set<() => void>()

  function leave(): void {
    inside -= 1
    const next = waiting.values().next()
    if (!next.done) {
      waiting.delete(next.value)
      inside += 1
      next.value()
    }
  }

  async function enter(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    if (inside < width) {
      inside += 1
      return
    }
    const turn = Promise.withResolvers<void>()
    const onAbort = (): void => {
      waiting.delete(turn.resolve)
      turn.reject(signal.reason)
    }
    waiting.add(turn.resolve)
    signal.addEventListener('abort', onAbort, { once: true })
    try {
      await turn.promise
    } finally {
      signal.removeEventListener('abort', onAbort)
    }
  }

  return {
    async pass(signal, work) {
      await enter(signal)
      try {
        return await work()
      } finally {
        leave()
      }
    },
  }
}
