/** Bounds on waiting, driven by the engine's clock. */
import type { Clock } from '../clock.ts'

/**
 * Runs `work` until it ends, the outer signal aborts, or `timeoutMs` are over, whichever is first; `work` is told by its
 * own signal and has to drop what it opened. Rejects with the signal's reason, or with what `late` makes.
 */
export async function within<T>(
  clock: Clock,
  limits: { readonly signal: AbortSignal; readonly timeoutMs: number },
  late: () => Error,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  limits.signal.throwIfAborted()
  const controller = new AbortController()
  const cut = Promise.withResolvers<never>()
  const stop = (reason: unknown): void => {
    controller.abort(reason)
    cut.reject(reason)
  }
  const onAbort = (): void => stop(limits.signal.reason)
  limits.signal.addEventListener('abort', onAbort, { once: true })
  const cancel = clock.after(limits.timeoutMs, () => stop(late()))
  const running = work(controller.signal)
  // The loser of the race still ends some time; nobody waits for it any more.
  running.catch(() => {})
  cut.promise.catch(() => {})
  try {
    return await Promise.race([running, cut.promise])
  } finally {
    cancel()
    limits.signal.removeEventListener('abort', onAbort)
  }
}

/** What is left of `timeoutMs` since `startedAt` (monotonic), at least 1 ms. */
export function remaining(clock: Clock, startedAt: number, timeoutMs: number): number {
  return Math.max(1, timeoutMs - (clock.monotonic() - startedAt))
}
