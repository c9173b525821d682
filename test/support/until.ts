/** Waits for a condition, so that no test sleeps. */

export interface UntilOptions {
  /** 10 s where it is left out. */
  readonly timeoutMs?: number
  readonly everyMs?: number
  /** What is waited for, for the message when it does not come. */
  readonly what?: string
}

/**
 * Calls `probe` until it gives something truthy, and resolves with that. A probe that throws counts as "not yet".
 * Rejects after `timeoutMs` with the last value or error.
 */
export async function until<T>(
  probe: () => T | Promise<T>,
  { timeoutMs = 10_000, everyMs = 20, what }: UntilOptions = {},
): Promise<Exclude<Awaited<T>, false | null | undefined | 0 | ''>> {
  const deadline = performance.now() + timeoutMs
  let last: { value: unknown } | { error: unknown } = { value: undefined }
  for (;;) {
    try {
      const value = await probe()
      if (value) return value as Exclude<Awaited<T>, false | null | undefined | 0 | ''>
      last = { value }
    } catch (error) {
      last = { error }
    }
    if (performance.now() > deadline) break
    await new Promise((resolve) => setTimeout(resolve, everyMs))
  }
  const seen =
    'error' in last ? `the last attempt failed: ${String(last.error)}` : `last seen: ${show(last.value)}`
  throw new Error(`${what ?? 'what was waited for'} did not come within ${timeoutMs} ms; ${seen}`, {
    ...('error' in last ? { cause: last.error } : {}),
  })
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? String(value)
}
