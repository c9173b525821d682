/** Work over many things that leaves the thread to others in between: looks and answers do not wait for a long list. */
import { setImmediate } from 'node:timers/promises'

/** At a stretch, about. */
const HELD_MS = 10

/** @param work that takes a fraction of this for one of them */
export async function inTurns<T, U>(all: readonly T[], work: (one: T) => U): Promise<U[]> {
  const rest = turns()
  const done: U[] = []
  for (const one of all) {
    done.push(work(one))
    if (rest.isDue()) await rest.take()
  }
  return done
}

/**
 * One after the other, where each is waited for.
 * @param work may be there at once although it promises: what a store in this thread answers leaves nobody a turn
 */
export async function awaitInTurns<T, U>(all: readonly T[], work: (one: T) => Promise<U>): Promise<U[]> {
  const rest = turns()
  const done: U[] = []
  for (const one of all) {
    done.push(await work(one))
    if (rest.isDue()) await rest.take()
  }
  return done
}

function turns() {
  let since = performance.now()
  return {
    isDue: () => performance.now() - since >= HELD_MS,
    async take() {
      await setImmediate()
      since = performance.now()
    },
  }
}
