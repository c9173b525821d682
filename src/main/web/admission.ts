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
  /** Answers were taken by the other side: looks again whether there is room. */
  drained(): void
  /** Resolves when there is room for another answer, or the socket is closed. */
  room(): Promise<void>
  /** Lets everybody go: the socket is closed. */
  close(): void
  /** Whether answers have been waiting, with nothing read, since the last time that this was asked. */
  isStuck(): boolean
}

export function createAdmission(flow: Flow): Admission {
  const queue: (() => void)[] = []
  const senders: (() => void)[] = []
  let calls = 0
  let closed = false
  let fullSinceAsked = false

  const isFull = () => !closed && flow.waitingBytes() > MOST_WAITING_BYTES

  function settle(): void {
    const full = isFull()
    if (!full) {
      fullSinceAsked = false
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
    drained: settle,
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
      const stuck = fullSinceAsked && isFull()
      fullSinceAsked = isFull()
      return stuck
    },
  }
}
