/**
 * Keeps one connection open: one attempt at a time, again after backoff, never while a person has to act first, and never
 * beside a connection that is still closing.
 */
import type { ConnectionStatus } from '#shared/catalogue/statuses.ts'
import type { Failure } from '#shared/model/failure.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { within } from './deadline.ts'
import { errorWords, failed, type Place } from './failed.ts'
import { type Limits, ReachError } from './reach.ts'
import { decideRetry, STABLE_AFTER_MS } from './retry-policy.ts'
import type { Way } from './way.ts'

export interface Opened<T> {
  readonly value: T
  /** Resolves with why, when the connection ended. */
  readonly ended: Promise<ReachError>
  /** Resolves when nothing of it is left. */
  close(): Promise<void>
}

export interface Supervisor<T> {
  status(): { readonly status: ConnectionStatus; readonly failure: Failure | null }
  /** What is open now, or `null`. */
  current(): T | null
  /** What is open, or is being opened; throws the latest failure while an attempt has to wait. */
  get(limits: Limits): Promise<T>
  /** Tries now, whatever failed before: a person asked, or the cause was removed. */
  retry(): void
  /** The way is back: tries now, unless something else than the way was at fault. */
  wayIsUp(): void
  close(): Promise<void>
}

type Phase = 'connecting' | 'connected' | 'waiting' | 'refused' | 'closed'

export function createSupervisor<T>({
  place,
  way,
  open,
  heldUp = () => null,
  onChange,
  clock,
  random,
  log,
}: {
  place: Place
  /** What it runs over: where that is cut, it is to blame for what breaks. */
  way: Pick<Way, 'down'>
  /** One attempt, bounded by itself; throws `ReachError`. */
  open: (signal: AbortSignal) => Promise<Opened<T>>
  /** What the attempt under way waits for, where that is known: it says more than that it takes long. */
  heldUp?: () => Failure | null
  onChange: () => void
  clock: Clock
  random: () => number
  log: Log
}): Supervisor<T> {
  let phase: Phase = 'connecting'
  let failure: Failure | null = null
  let failures = 0
  let opened: Opened<T> | null = null
  let waitsForWay = false
  let cancelWait: () => void = () => {}
  let running: Promise<void> = Promise.resolve()
  let letGo: () => void = () => {}
  const ending = new AbortController()
  let settled = Promise.withResolvers<void>()

  function become(next: Phase): void {
    if (phase === 'closed' || phase === next) return
    phase = next
    if (next === 'connecting') settled = Promise.withResolvers<void>()
    else settled.resolve()
    onChange()
  }

  function isClosed(): boolean {
    return phase === 'closed'
  }

  /** Why it is not open: what waits for its way is held up by what is wrong with that now, not by what was at first. */
  function obstacle(): Failure | null {
    return heldUp() ?? (waitsForWay ? way.down() : null) ?? failure
  }

  /** From an attempt to the end of the connection that it opened. */
  async function live(): Promise<void> {
    let next: Opened<T>
    try {
      next = await open(ending.signal)
    } catch (error) {
      give(blame(error))
      return
    }
    if (isClosed()) return next.close()
    opened = next
    failure = null
    waitsForWay = false
    const since = clock.monotonic()
    log.info({ hop: place.hop }, 'connected')
    become('connected')
    const end = await endOf(next)
    let wayWasDown: Failure | null = null
    opened = null
    if (end !== null && !isClosed()) {
      if (clock.monotonic() - since >= STABLE_AFTER_MS) failures = 0
      wayWasDown = way.down()
      failure = wayWasDown ?? end.failure
      become('waiting')
    }
    // Nothing new is opened beside what may still be open: an attempt that is asked for now has to wait for this.
    await next.close()
    if (phase !== 'waiting' || failure === null) return
    give(new ReachError(failure))
    // The way came back while this was closing, and tells that only once.
    if (wayWasDown !== null && way.down() === null) attempt()
  }

  /** What an attempt waited for in vain is not at fault while its way is silent. */
  function blame(error: unknown): unknown {
    const cut = way.down()
    if (cut === null || !(error instanceof ReachError)) return error
    return error.failure.recovery === 'by-itself' ? new ReachError(cut) : error
  }

  /** Why the connection ended; `null` where it is `close` that ends it. */
  function endOf(connection: Opened<T>): Promise<ReachError | null> {
    return new Promise((resolve) => {
      letGo = () => resolve(null)
      void connection.ended.then(resolve)
    })
  }

  function give(error: unknown): void {
    if (isClosed()) return
    const known = error instanceof ReachError ? error : unexpected(error)
    failure = known.failure
    const decision = decideRetry(failure, place.hop, failures, random)
    failures = decision.failures
    waitsForWay = decision.kind === 'way'
    log.warn({ hop: place.hop, failure, decision }, 'connection failed')
    if (decision.kind === 'person') {
      become('refused')
      return
    }
    become('waiting')
    cancelWait = clock.after(decision.waitMs, attempt)
  }

  function unexpected(error: unknown): ReachError {
    log.error({ hop: place.hop, err: error }, 'an attempt to connect failed unexpectedly')
    return failed(place, 'protocol', 'connection-failed', { words: errorWords(error) }, error)
  }

  function attempt(): void {
    if (isClosed()) return
    cancelWait()
    become('connecting')
    running = running.then(live)
  }

  running = live()

  return {
    status: () => ({
      status:
        phase === 'connected'
          ? 'CONNECTED'
          : phase === 'connecting'
            ? 'CONNECTING'
            : phase === 'refused'
              ? 'REFUSED'
              : 'DISCONNECTED',
      failure: obstacle(),
    }),
    current: () => opened?.value ?? null,
    async get(limits) {
      if (phase === 'connecting') {
        const late = (): ReachError => {
          const known = obstacle()
          return known === null
            ? failed(place, 'protocol', 'connection-slow', { seconds: limits.timeoutMs / 1_000 })
            : new ReachError(known)
        }
        await within(clock, limits, late, () => settled.promise)
      }
      if (opened !== null) return opened.value
      const known = obstacle()
      if (known !== null && !isClosed()) throw new ReachError(known)
      throw failed(place, 'protocol', 'watch-ended')
    },
    retry() {
      failures = 0
      if (phase === 'waiting' || phase === 'refused') attempt()
    },
    wayIsUp() {
      if (phase === 'waiting' && waitsForWay) attempt()
    },
    async close() {
      become('closed')
      cancelWait()
      ending.abort(failed(place, 'protocol', 'watch-ended'))
      letGo()
      await running
    },
  }
}
