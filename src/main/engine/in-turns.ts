/** Work over many things that leaves the thread to others in between: looks and answers do not wait for a long list. */
import { setImmediate } from 'node:timers/promises'

/** At a stretch, about. */
const HELD_MS = 10

/** @param work that takes a fraction of this for one of them */
export async function inTurns<T, U>(all: readonly T[], work: (one: T) => U): Promise<U[]> {
  const done: U[] = []
  let since = performance.now()
  for (const one of all) {
    done.push(work(one))
    if (performance.now() - since < HELD_MS) continue
    await setImmediate()
    since = performance.now()
  }
  return done
}
