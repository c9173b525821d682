/**
 * How much one socket may ask for at once: so many calls in flight, and none while answers wait to be read. What comes in
 * beyond that waits in order, and the socket is not read from until there is room: a client that stops reading is not
 * heard either, and costs bounded memory.
 */
export const MOST_CALLS = 16
export const MOST_WAITING_BYTES = 1024 * 1024

export interface Flow {
  /** Bytes sent and not yet taken by the other side. */
  waitingBytes(): number
  stopReading(): void
  goOnReading(): void
}

export interface Admission {
  /** Resolves when the call may begin, with what ends it. @throws what `signal` was aborted with */
  enter(signal: AbortSignal | undefined): Promise<() => void>
  /** An answer was taken by the other side: looks again whether there is room. */
  drained(): void
  /** Resolves when there is room for another answer, or the socket is closed. */
  room(): Promise<void>
  /** Lets everybody go: the socket is closed. */
  close(): void
  /** Whether answers wait and not one was taken since this was asked the last two times. */
  isStuck(): boolean
}

export function createAdmission(flow: Flow): Admission {
  const queue: (() => void)[] = []
  const senders: (() => void)[] = []
  let calls = 0
  let closed = false
  let looksWithoutProgress = 0

  const isFull = () => !closed && flow.waitingBytes() > MOST_WAITING_BYTES

  function settle(): void {
    const full = isFull()
    if (!full) {
      for (const go of senders.splice(0)) go()
      while (calls < MOST_CALLS && queue.length > 0) {
        calls += 1
        queue.shift()?.()
      }
    }
    if (full || queue.length > 0) flow.stopReading()
    else flow.goOnReading()
  }

  function leaveOnce(): () => void {
    let left = false
    return () => {
      if (left) return
      left = true
      calls -= 1
      settle()
    }
  }

  return {
    async enter(signal) {
      signal?.throwIfAborted()
      if (closed) throw new Error('the socket is closed')
      const turn = Promise.withResolvers<void>()
      const go = () => turn.resolve()
      const giveUp = () => {
        const place = queue.indexOf(go)
        if (place >= 0) queue.splice(place, 1)
        turn.reject(signal?.reason)
      }
      queue.push(go)
      signal?.addEventListener('abort', giveUp, { once: true })
      settle()
      try {
        await turn.promise
      } finally {
        signal?.removeEventListener('abort', giveUp)
      }
      return leaveOnce()
    },
    drained() {
      looksWithoutProgress = 0
      settle()
    },
    room() {
      if (!isFull()) return Promise.resolve()
      flow.stopReading()
      return new Promise((resolve) => senders.push(resolve))
    },
    close() {
      closed = true
      for (const go of senders.splice(0)) go()
    },
    isStuck() {
      looksWithoutProgress = isFull() ? looksWithoutProgress + 1 : 0
      return looksWithoutProgress > 2
    },
  }
}
