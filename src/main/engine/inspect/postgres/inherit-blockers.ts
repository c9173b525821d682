/**
 * Who waits for whom where there are too many to ask for each: those that wait for the same thing in the same way wait for
 * whoever holds it. PostgreSQL also names those that are ahead in the queue; the first in it names the holders alone.
 */

interface Waiter {
  readonly pid: number
  /** What PostgreSQL says blocks it; `null` where it was not asked. */
  readonly blocked_by: readonly number[] | null
  /** The lock that it waits for; `null`: for none. */
  readonly thing: string | null
  readonly mode: string | null
  readonly statement_started_at: number | null
}

/** @returns by PID, the PIDs that it waits for, each once; backends that wait for nobody are not in it */
export function inheritBlockers(waiters: readonly Waiter[]): Map<number, number[]> {
  const blockedBy = new Map<number, number[]>()
  const first = new Map<string, Waiter & { blocked_by: readonly number[] }>()
  for (const waiter of waiters) {
    const { pid, blocked_by, statement_started_at: at } = waiter
    if (blocked_by === null || blocked_by.length === 0) continue
    blockedBy.set(pid, [...new Set(blocked_by)])
    const key = keyOf(waiter)
    const known = first.get(key)
    if (known === undefined || (at ?? 0) < (known.statement_started_at ?? 0)) {
      first.set(key, { ...waiter, blocked_by })
    }
  }
  for (const waiter of waiters) {
    if (waiter.thing === null || waiter.blocked_by !== null) continue
    const sameLock = first.get(keyOf(waiter))
    if (sameLock === undefined) continue
    const others = new Set(sameLock.blocked_by)
    others.delete(waiter.pid)
    blockedBy.set(waiter.pid, [...others])
  }
  return blockedBy
}

function keyOf({ thing, mode }: Waiter): string {
  return `${thing} ${mode}`
}
