/** How often a question is asked again by itself: only while its section is open and its window visible. */

/** After a failure it is asked more rarely, by itself; a person may at any time. */
const AFTER_FAILURE_MS = 30_000

export const EVERY_MS = { activity: 5_000, rest: 30_000 } as const

/** Options of a query whose answer is of this moment. */
export function polled(everyMs: number) {
  return {
    refetchInterval: ({ state }: { readonly state: { readonly error: unknown } }) =>
      state.error === null ? everyMs : Math.max(everyMs, AFTER_FAILURE_MS),
    staleTime: 0,
    // It is large, and old as soon as nobody asks.
    gcTime: 30_000,
    structuralSharing: false,
  }
}
