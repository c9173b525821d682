/** What a call was refused with. */
import { ORPCError } from '@orpc/client'

/** Fails where it was answered. */
export async function failure(
  call: Promise<unknown>,
): Promise<{ code: string; status: number; data: unknown }> {
  const error = await call.then(
    () => new Error('it was answered'),
    (reason: unknown) => reason,
  )
  if (!(error instanceof ORPCError)) throw error
  const { code, status, data } = error
  return { code, status, data }
}
