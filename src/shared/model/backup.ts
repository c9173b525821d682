/** Backups, as far as they cross a process: how one fails. */
import { z } from 'zod'
import type { backups } from '#shared/locales/en/backups.ts'

/** A key of `locales/<language>/backups.ts` that says what went wrong and what to do. */
export type BackupFailureCode = Exclude<keyof typeof backups, `sheet-${string}`>

export const BackupFailure = z.object({
  /** Its text is in `locales/<language>/backups.ts`. Any string: another version may have told it. */
  code: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
})
export type BackupFailure = z.infer<typeof BackupFailure>
