/** What somebody is asked to confirm, where that is why something was refused: with what it would do, as it is now. */
import { z } from 'zod'
import { SpokenPreview } from '#shared/contract/operations.ts'
import { refusalOf } from '../../client/client.ts'

const Wanted = z.object({
  reason: z.string(),
  deployment: z.string(),
  preview: SpokenPreview,
  plan: z.string().nullable(),
})
export type Wanted = z.infer<typeof Wanted>

/** `null`: it was not refused for that. */
export function wantedConfirmation(error: unknown): Wanted | null {
  const refusal = refusalOf(error)
  if (refusal?.code !== 'CONFIRMATION_REQUIRED') return null
  const wanted = Wanted.safeParse(refusal.data)
  return wanted.success ? wanted.data : null
}
