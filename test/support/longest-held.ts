/** How long work holds its thread at a stretch, by what the thread itself did: a busy machine makes nothing longer. */

/** @returns the most processor time of this thread, in milliseconds, between two turns of its loop while `work` went on */
export async function longestHeldMs(work: () => Promise<unknown>): Promise<number> {
  let longest = 0
  let since = usedMs()
  let isDone = false
  function turn() {
    const now = usedMs()
    longest = Math.max(longest, now - since)
    since = now
    if (!isDone) setImmediate(turn)
  }
  setImmediate(turn)
  await work()
  isDone = true
  return Math.max(longest, usedMs() - since)
}

function usedMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}
