/** Who confirmed something of which deployment a short while ago. In memory: a console that starts anew asks anew. */
import type { Clock } from '../clock.ts'

export const UNLOCKED_MS = 15 * 60_000

export interface Unlocks {
  isUnlocked(deployment: string, actor: string): boolean
  unlock(deployment: string, actor: string): void
}

export function createUnlocks({ clock }: { clock: Clock }): Unlocks {
  /** By the wall clock, too: the other one stands still while the machine sleeps. */
  const until = new Map<string, { readonly wall: number; readonly monotonic: number }>()
  const isPast = ({ wall, monotonic }: { readonly wall: number; readonly monotonic: number }) =>
    clock.now() >= wall || clock.monotonic() >= monotonic
  const keyOf = (deployment: string, actor: string) => JSON.stringify([deployment, actor])

  return {
    isUnlocked(deployment, actor) {
      const end = until.get(keyOf(deployment, actor))
      return end !== undefined && !isPast(end)
    },
    unlock(deployment, actor) {
      for (const [key, end] of until) if (isPast(end)) until.delete(key)
      const end = { wall: clock.now() + UNLOCKED_MS, monotonic: clock.monotonic() + UNLOCKED_MS }
      until.set(keyOf(deployment, actor), end)
    },
  }
}
