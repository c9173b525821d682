/** Stretches of the history in which nobody looked: a rehearsal goes over them as the watch does. Pure. */
import type { Observation } from '#shared/model/observation.ts'
import type { RangeResult } from '#shared/model/range.ts'

export type Gap = RangeResult['unobserved'][number]

/** Over pieces of the history that follow each other: one that goes on from the piece before began there. */
export function createGaps(): { begun(gaps: readonly Gap[]): Gap[] } {
  const until = new Map<string, number>()
  return {
    begun(gaps) {
      return gaps.filter(({ probe, target, from, to }) => {
        const name = `${probe}/${target}`
        const goesOn = until.get(name) === from
        until.set(name, to)
        return !goesOn
      })
    },
  }
}

/** What was looked at and when nobody began to look any more, as it happened. */
export function inOrder(looks: readonly Observation[], gaps: readonly Gap[]): readonly (Observation | Gap)[] {
  if (gaps.length === 0) return looks
  const at = (one: Observation | Gap) => ('values' in one ? one.at : one.from)
  // A look ends what began in its moment.
  return [...gaps, ...looks].toSorted((a, b) => at(a) - at(b))
}

/** All together, in milliseconds; what was missed of several targets at once counts once. */
export function lengthOf(gaps: readonly Gap[]): number {
  let ms = 0
  let until = Number.NEGATIVE_INFINITY
  for (const { from, to } of gaps.toSorted((a, b) => a.from - b.from)) {
    ms += Math.max(0, to - Math.max(from, until))
    until = Math.max(until, to)
  }
  return ms
}
