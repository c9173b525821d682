/** What another console left at the target, where that is why something is refused. */
import { z } from 'zod'
import { refusalOf } from '../../client/client.ts'

const Left = z.object({ holder: z.object({ operation: z.string(), isLeft: z.literal(true) }) })

/** @returns the operation that may be taken over after a look at the target; `null`: it is not that */
export function leftThere(error: unknown): string | null {
  const refusal = refusalOf(error)
  if (refusal?.code !== 'TARGET_LOCKED') return null
  const left = Left.safeParse(refusal.data)
  return left.success ? left.data.holder.operation : null
}
