/** Whom a restore in place keeps out: from when its transaction is begun until what was there is locked, pools wait and sessions are ended; and nobody is any more once it is over. */
import type { Clock } from '../../../clock.ts'

/** From when sessions are ended until pools go on, whatever is locked by then. */
const HELD_WITHIN_MS = 15_000

export interface Holding {
  /** Resolves when sessions are being ended. @throws what the pools are paused with */
  begin(): Promise<void>
  isBegun(): boolean
  /** What was there is locked. @throws what the pools go on with */
  stop(): Promise<void>
  /** It is over, whatever came of it. @throws as `stop` */
  end(): Promise<void>
}

export function createHolding({
  clock,
  whilePaused,
  endSessions,
  onEnd,
}: {
  readonly clock: Pick<Clock, 'after'>
  /** Does it while the pools wait. */
  readonly whilePaused: (work: () => Promise<void>) => Promise<void>
  readonly endSessions: () => { stop(): Promise<void> }
  readonly onEnd: () => void
}): Holding {
  const locked = Promise.withResolvers<void>()
  let held: Promise<void> | null = null
  let ending: ReturnType<typeof endSessions> | null = null
  let isOver = false

  async function stop(): Promise<void> {
    // Pools that are still being looked at, or paused, by now have nobody to wait for.
    isOver = true
    // First, or it would end those whom the pools let in.
    await ending?.stop()
    locked.resolve()
    await held
  }

  return {
    isBegun: () => held !== null,
    begin() {
      const ended = Promise.withResolvers<void>()
      held = whilePaused(async () => {
        if (isOver) return
        ending = endSessions()
        ended.resolve()
        const cancel = clock.after(HELD_WITHIN_MS, locked.resolve)
        await locked.promise
        cancel()
      })
      // Told of where it is waited for.
      held.catch(() => {})
      return Promise.race([ended.promise, held])
    },
    stop,
    async end() {
      try {
        await stop()
      } finally {
        onEnd()
      }
    },
  }
}
