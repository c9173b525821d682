/** Whose fault it is that no answer comes: the way is asked early, so that it is known when the time is over. */
import type { Clock } from '../clock.ts'
import { within } from './deadline.ts'
import { type Limits, ReachError } from './reach.ts'
import type { Way } from './way.ts'

/** An answer that takes longer than this is rare; asking the way costs it one small packet. */
const ASK_THE_WAY_AFTER_MS = 1_000

type Suspect = Pick<Way, 'suspect' | 'down'>

/** As `within`, with what came over a way: where that is silent too, it is to blame and not what was asked. */
export async function withinWay<T>(
  { clock, way }: { clock: Clock; way: Suspect },
  limits: Limits,
  late: () => ReachError,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const cancel = suspectSoon({ clock, way }, limits.timeoutMs)
  const whoseFault = (): ReachError => {
    // First, because it may let go of what hangs.
    const why = late()
    const cut = way.down()
    return cut === null ? why : new ReachError(cut)
  }
  try {
    return await within(clock, limits, whoseFault, work)
  } finally {
    cancel()
  }
}

/** Asks the way unless the answer is there before; what this returns is to be called when it is. */
export function suspectSoon(
  { clock, way }: { clock: Clock; way: Pick<Suspect, 'suspect'> },
  timeoutMs: number,
): () => void {
  return clock.after(Math.min(ASK_THE_WAY_AFTER_MS, timeoutMs / 3), () => way.suspect())
}
