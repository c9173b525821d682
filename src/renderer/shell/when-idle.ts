/** Work that nobody waits for: done while the page rests, and by a moment at the latest. */

/** @returns gives it up, where it is not done yet */
export function whenIdle(work: () => void, withinMs: number): () => void {
  // Safari has none.
  if (typeof requestIdleCallback !== 'function') {
    const timer = setTimeout(work, withinMs)
    return () => clearTimeout(timer)
  }
  const id = requestIdleCallback(work, { timeout: withinMs })
  return () => cancelIdleCallback(id)
}
