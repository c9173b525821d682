/**
 * Asks the far side of an SSH connection for an answer now and then, as ServerAliveInterval does: how long it took is
 * the hop's latency, and three in a row that stay unanswered mean that the connection is dead.
 */
import type { Client } from 'ssh2'
import type { Clock } from '../../clock.ts'

const INTERVAL_MS = 15_000
const MISSED_AT_MOST = 3
/** When something above went unanswered, the connection has this long to prove itself. */
const SUSPECT_MS = 5_000

export interface KeepAlive {
  /** Latest round trip in milliseconds; `null` before the first. */
  latencyMs(): number | null
  suspect(): void
  stop(): void
}

/** @param onDead called once, with how long nothing was heard */
export function createKeepAlive({
  client,
  clock,
  onDead,
}: {
  client: Client
  clock: Clock
  onDead: (silentMs: number) => void
}): KeepAlive {
  let latencyMs: number | null = null
  let missed = 0
  let heardAt = clock.monotonic()
  let stopped = false
  let cancelTick = (): void => {}
  let cancelSuspicion: (() => void) | null = null

  function stop(): void {
    stopped = true
    cancelTick()
    cancelSuspicion?.()
  }

  function dead(): void {
    if (stopped) return
    stop()
    onDead(clock.monotonic() - heardAt)
  }

  function ping(): void {
    const sentAt = clock.monotonic()
    missed += 1
    try {
      // Every server has to answer a global request, also to cancel a forwarding that never was: the refusal is the echo.
      client.unforwardIn('', 0, () => {
        if (stopped) return
        heardAt = clock.monotonic()
        latencyMs = heardAt - sentAt
        missed = 0
        cancelSuspicion?.()
        cancelSuspicion = null
      })
    } catch {
      // The socket is closed already, and its own event tells so.
    }
  }

  function tick(): void {
    if (missed >= MISSED_AT_MOST) {
      dead()
      return
    }
    ping()
    cancelTick = clock.after(INTERVAL_MS, tick)
  }

  tick()
  return {
    latencyMs: () => latencyMs,
    suspect() {
      if (stopped || cancelSuspicion !== null) return
      cancelSuspicion = clock.after(SUSPECT_MS, dead)
      ping()
    },
    stop,
  }
}
