/**
 * Who may look now: so many at once, in the order in which they came. What failed the last time has half of the places at
 * most: a fleet behind a silent firewall must not keep what is well waiting.
 */

const PLACES = 32
const PLACES_OF_FAILING = PLACES / 2

export interface Places<T> {
  /** Whether `one` may begin; it is put in line where it may not. */
  take(one: T): boolean
  /** `one` has ended. @returns who may begin in its place and is to be asked for again; `null` where nobody waits */
  free(one: T): T | null
  /** Out of the line. */
  leave(one: T): void
  waits(one: T): boolean
  taken(): number
}

export function createPlaces<T extends { readonly failing: boolean }>(): Places<T> {
  const line = new Set<T>()
  /** Whether each was failing when it began. */
  const taken = new Map<T, boolean>()
  let takenByFailing = 0

  const isRoomFor = ({ failing }: T) =>
    taken.size < PLACES && (!failing || takenByFailing < PLACES_OF_FAILING)

  return {
    take(one) {
      if (!isRoomFor(one)) {
        line.add(one)
        return false
      }
      taken.set(one, one.failing)
      if (one.failing) takenByFailing++
      return true
    },
    free(one) {
      if (taken.get(one) === true) takenByFailing--
      taken.delete(one)
      for (const next of line) {
        if (!isRoomFor(next)) continue
        line.delete(next)
        return next
      }
      return null
    },
    leave: (one) => void line.delete(one),
    waits: (one) => line.has(one),
    taken: () => taken.size,
  }
}
