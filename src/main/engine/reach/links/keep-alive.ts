/**
 * Asks the far side of an SSH connection for an answer now and then, as ServerAliveInterval does: how long it took is
 * the hop's latency, and some in a row that stay unanswered (ServerAliveCountMax) mean that the connection is dead.
 */
import type { Client } from 'ssh2'
import type { Clock } from '../../clock.ts'
import type { SshStop } from './stop.ts'

/** When something above went unanswered, the connection has this long to prove itself. */
const SUSPECT_MS = 5_000

export interface KeepAlive {
  /** Latest round trip in milliseconds; `null` before the first. */
  latencyMs(): number | null
  suspect(): void
  stop(): void
}

/**
 * @param alive how often it is asked; with an interval of 0 only at first and when something is suspected;
 *   with none missing at most it is never given up for that
 * @param onDead called once, with how long nothing was heard
 */
export function createKeepAlive({
  client,
  clock,
  alive,
  onDead,
}: {
  client: Client
  clock: Clock
  alive: SshStop['alive']
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
    if (alive.missedAtMost > 0 && missed >= alive.missedAtMost) {
      dead()
      return
    }
    ping()
    if (alive.intervalMs > 0) cancelTick = clock.after(alive.intervalMs, tick)
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
