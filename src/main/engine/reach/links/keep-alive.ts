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
  /** For how long it was asked in vain, with nothing heard meanwhile; 0 where no answer is missing. */
  silentMs(): number
  /** Something came, whatever it was: the connection stands. */
  heard(): void
  suspect(): void
  stop(): void
}

/**
 * @param alive how often it is asked; with an interval of 0 only at first and when something is suspected;
 *   with none missing at most it is never given up for that
 * @param onHeard called when something came, with how long it had been asked in vain
 * @param onDead called once, with how long nothing was heard
 */
export function createKeepAlive({
  client,
  clock,
  alive,
  onHeard = () => {},
  onDead,
}: {
  client: Client
  clock: Clock
  alive: SshStop['alive']
  onHeard?: (silentMs: number) => void
  onDead: (silentMs: number) => void
}): KeepAlive {
  let latencyMs: number | null = null
  let missed = 0
  let heardAt = clock.monotonic()
  /** Questions without an answer, and since when nothing was heard while there are any. */
  let open = 0
  let askedInVainSince: number | null = null
  let stopped = false
  let cancelTick = (): void => {}
  let cancelSuspicion: (() => void) | null = null

  function stop(): void {
    stopped = true
    cancelTick()
    cancelSuspicion?.()
  }

  /** Time is over for what is suspected, counted from the last that was heard. */
  function doubt(): void {
    const left = SUSPECT_MS - silentMs()
    if (left > 0) cancelSuspicion = clock.after(left, doubt)
    else dead()
  }

  function dead(): void {
    if (stopped) return
    stop()
    onDead(clock.monotonic() - heardAt)
  }

  function ping(): void {
    const sentAt = clock.monotonic()
    missed += 1
    open += 1
    askedInVainSince ??= sentAt
    try {
      // Every server has to answer a global request, also to cancel a forwarding that never was: the refusal is the echo.
      client.unforwardIn('', 0, () => {
        if (stopped) return
        latencyMs = clock.monotonic() - sentAt
        open -= 1
        heard()
        if (open > 0) return
        cancelSuspicion?.()
        cancelSuspicion = null
      })
    } catch {
      // The socket is closed already, and its own event tells so.
    }
  }

  function silentMs(): number {
    return askedInVainSince === null ? 0 : clock.monotonic() - askedInVainSince
  }

  function heard(): void {
    if (stopped) return
    const wasSilentMs = silentMs()
    heardAt = clock.monotonic()
    missed = 0
    // It may have been on its way since before the question.
    askedInVainSince = open > 0 ? heardAt : null
    if (wasSilentMs > 0) onHeard(wasSilentMs)
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
    silentMs,
    heard,
    suspect() {
      if (stopped || cancelSuspicion !== null) return
      cancelSuspicion = clock.after(SUSPECT_MS, doubt)
      ping()
    },
    stop,
  }
}
