/** What a frame of the RPC protocol looks like, before the library sees it: it would put a malformed one into the log. */
import { z } from 'zod'

const Frame = z.union([
  z.object({
    i: z.string().max(64),
    t: z.literal(1).optional(),
    p: z.object({ u: z.string().startsWith('/') }),
  }),
  z.object({ i: z.string().max(64), t: z.literal(3), p: z.object({}) }),
  z.object({ i: z.string().max(64), t: z.literal(4) }),
])

/** Whether a text frame is a call, an event of one, or the end of one. */
export function isRpcFrame(text: string): boolean {
  try {
    return Frame.safeParse(JSON.parse(text)).success
  } catch {
    return false
  }
}
