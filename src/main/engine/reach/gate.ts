/** Lets a bounded number through at once, in the order in which they came. */

export interface Gate {
  /**
   * Runs `work` when it is its turn; rejects with the signal's reason if it aborts before that.
   * @param work `stepAside` lets the next one through while this goes on: for what waits for something else than the far
   *   side. At most as many as the gate allows are aside at once; others keep their place until one of those is over.
   */
  pass<T>(signal: AbortSignal, work: (stepAside: () => void) => Promise<T>): Promise<T>
}

/** @param widthAside how many may be under way besides, having stepped aside */
export function createGate(width: number, widthAside = 0): Gate {
  let inside = 0
  let aside = 0
  const waiting = new Set<() => void>()
  const wantAside = new Set<() => void>()

  function leave(): void {
    inside -= 1
    const [next] = waiting
    if (next === undefined) return
    waiting.delete(next)
    inside += 1
    next()
  }

  function leaveAside(): void {
    aside -= 1
    const [next] = wantAside
    if (next !== undefined) next()
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
      let isAside = false
      function stepAside(): void {
        if (isAside) return
        if (aside === widthAside) {
          wantAside.add(stepAside)
          return
        }
        wantAside.delete(stepAside)
        isAside = true
        aside += 1
        leave()
      }
      try {
        return await work(stepAside)
      } finally {
        wantAside.delete(stepAside)
        if (isAside) leaveAside()
        else leave()
      }
    },
  }
}
