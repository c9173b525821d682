import type { StepContext } from '../../operations/kind.ts'
import { ReachError } from '../../reach/reach.ts'

/** Gathers statistics of what people are in by then: that it cannot be done is told, and is no reason to take anything back. */
export async function analysed(
  context: Pick<StepContext<unknown>, 'signal' | 'note'>,
  database: string,
  gather: () => Promise<unknown>,
): Promise<void> {
  try {
    await gather()
  } catch (error) {
    context.signal.throwIfAborted()
    if (!(error instanceof ReachError)) throw error
    context.note('restore-not-analysed', { database, words: String(error.failure.params.words ?? '') })
  }
}
