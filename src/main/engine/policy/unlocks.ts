/** Who confirmed something of which deployment a short while ago. In memory: a console that starts anew asks anew. */
import type { Clock } from '../clock.ts'

export const UNLOCKED_MS = 15 * 60_000

export interface Unlocks {
  isUnlocked(deployment: string, actor: string): boolean
  unlock(deployment: string, actor: string): void
}

export function createUnlocks({ clock }: { clock: Clock }): Unlocks {
  const until = new Map<string, number>()
  const keyOf = (deployment: string, actor: string) => JSON.stringify([deployment, actor])

  return {
    isUnlocked: (deployment, actor) => clock.monotonic() < (until.get(keyOf(deployment, actor)) ?? 0),
    unlock(deployment, actor) {
      const now = clock.monotonic()
      for (const [key, end] of until) if (end <= now) until.delete(key)
      until.set(keyOf(deployment, actor), now + UNLOCKED_MS)
    },
  }
}
