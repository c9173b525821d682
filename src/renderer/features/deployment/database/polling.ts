/** How often a question is asked again by itself: only while its section is open and its window visible. */

/** However long it has been failing, it is asked again after this long; a person may ask at any time. */
const MOST_AFTER_FAILURE_MS = 30_000

export const EVERY_MS = { activity: 5_000, rest: 30_000 } as const

/** What is known of how a question went, as the query cache keeps it. */
export interface Asking {
  readonly error: unknown
  /** Of the last answer and of the last failure, in ms since 1970; 0 where there was none. */
  readonly dataUpdatedAt: number
  readonly errorUpdatedAt: number
  /** Failures since it was first asked. */
  readonly errorUpdateCount: number
}

/**
 * Until it is asked again, in ms. The first failures are often over in a moment, and whoever looks is waiting; what goes
 * on failing is asked ever more rarely, each time after about twice as long.
 */
export function askAgainAfter(everyMs: number, asking: Asking): number {
  const { error, dataUpdatedAt, errorUpdatedAt, errorUpdateCount } = asking
  if (error === null) return everyMs
  const failingForMs =
    dataUpdatedAt === 0 ? everyMs * 2 ** (errorUpdateCount - 1) : errorUpdatedAt - dataUpdatedAt
  return Math.max(everyMs, Math.min(MOST_AFTER_FAILURE_MS, failingForMs))
}

/** Options of a query whose answer is of this moment. */
export function polled(everyMs: number) {
  return {
    refetchInterval: ({ state }: { readonly state: Asking }) => askAgainAfter(everyMs, state),
    staleTime: 0,
    // It is large, and old as soon as nobody asks.
    gcTime: 30_000,
    structuralSharing: false,
  }
}
