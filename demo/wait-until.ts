/** Waits until something is so. */
import { setTimeout as delay } from 'node:timers/promises'

/**
 * Asks until `probe` says yes. A probe that throws says "not yet".
 * @param what names it for the error that is thrown after `timeoutMs`
 */
export async function waitUntil(
  what: string,
  probe: () => boolean | Promise<boolean>,
  timeoutMs = 15_000,
): Promise<void> {
  const deadline = performance.now() + timeoutMs
  for (;;) {
    try {
      if (await probe()) return
    } catch {}
    if (performance.now() > deadline) throw new Error(`${what}: not within ${timeoutMs / 1_000} s`)
    await delay(25)
  }
}
