/** The same for all alerts that were chosen, in one call, or in as few as a call may be long. Pure but for what it is given. */
import { type Became, MOST_ALERTS_AT_ONCE } from '#shared/contract/alerts.ts'

/** How many alerts it was done for, and how many not, for which reason. */
export interface Outcome {
  readonly done: number
  readonly over: number
  readonly stillTrue: number
}

export async function atOnce(
  ids: readonly string[],
  act: (alerts: string[]) => Promise<Became>,
): Promise<Outcome> {
  let [done, over, stillTrue] = [0, 0, 0]
  for (let from = 0; from < ids.length; from += MOST_ALERTS_AT_ONCE) {
    const became = await act(ids.slice(from, from + MOST_ALERTS_AT_ONCE))
    done += became.done.length
    // What is not even on record any more was over long ago.
    over += became.over.length + became.unknown.length
    stillTrue += became.stillTrue.length
  }
  return { done, over, stillTrue }
}
