/** Whether somebody has a page open that shows what goes to desktops, as the topics say that pages ask the change log for. */
import type { Clock } from '../../../clock.ts'

export type PagePresence = 'shows' | 'not-allowed' | 'no-page'

export interface Presence {
  /** A page asks for changes; what is answered is called once it was told. */
  enter(topics: readonly string[]): () => void
  standing(): PagePresence
}

/** A page asks again at once: one that does not for so long is gone. */
const GONE_AFTER_MS = 10_000

export function createPresence({ clock }: { readonly clock: Clock }): Presence {
  const asking = new Map<string, number>()
  const seenAt = new Map<string, number>()

  function isThere(topic: string): boolean {
    if ((asking.get(topic) ?? 0) > 0) return true
    return clock.monotonic() - (seenAt.get(topic) ?? Number.NEGATIVE_INFINITY) < GONE_AFTER_MS
  }

  function count(topic: string, by: 1 | -1): void {
    asking.set(topic, (asking.get(topic) ?? 0) + by)
    seenAt.set(topic, clock.monotonic())
  }

  return {
    enter(topics) {
      const counted = topics.filter((topic) => topic === 'desktop' || topic === 'desktop-allowed')
      for (const topic of counted) count(topic, 1)
      return () => {
        for (const topic of counted) count(topic, -1)
      }
    },
    standing() {
      if (!isThere('desktop')) return 'no-page'
      return isThere('desktop-allowed') ? 'shows' : 'not-allowed'
    },
  }
}
