/** Whether the deployment's services are ready, before and after the database under them was swapped. */
import type { Clock } from '../../clock.ts'
import { OperationFailed, type StepContext } from '../../operations/kind.ts'
import { ReachError } from '../../reach/reach.ts'

const TIMEOUT_MS = 5_000
const MAX_BYTES = 64 * 1024
const LOOK_EVERY_MS = 500
/** As long as a pool that was cut off takes to find out, and to connect again. */
const READY_WITHIN_MS = 60_000

type Context = Pick<StepContext<unknown>, 'profile' | 'reach' | 'signal'>

/** The services that say so at the moment, by name. */
export async function areReady({ profile, reach, signal }: Context): Promise<string[]> {
  const answers = await Promise.all(
    profile.services.map(async ({ name, ready }) => {
      if (ready === null) return []
      try {
        const limits = { signal, timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES }
        const { status } = await reach().http(name).get(ready, limits)
        return status >= 200 && status < 300 ? [name] : []
      } catch (error) {
        if (error instanceof ReachError) return []
        throw error
      }
    }),
  )
  return answers.flat()
}

/** @throws OperationFailed `restore-not-ready` where one that was ready before is not again */
export async function untilReady(
  context: Context & Pick<StepContext<unknown>, 'note'>,
  wanted: readonly string[],
  clock: Clock,
): Promise<void> {
  const until = clock.monotonic() + READY_WITHIN_MS
  for (;;) {
    const ready = await areReady(context)
    const missing = wanted.filter((name) => !ready.includes(name))
    if (missing.length === 0) {
      if (ready.length > 0) context.note('restore-ready', { services: ready.join(', ') })
      return
    }
    if (clock.monotonic() >= until) {
      const services = missing.join(', ')
      throw new OperationFailed('restore-not-ready', { services, seconds: READY_WITHIN_MS / 1_000 })
    }
    await new Promise<void>((resolve) => clock.after(LOOK_EVERY_MS, resolve))
    context.signal.throwIfAborted()
  }
}
