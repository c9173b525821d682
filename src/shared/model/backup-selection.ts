/** What of a database is backed up: all of it, or chosen schemas and tables; then the backup is a partial one. */
import { z } from 'zod'

export const PostgresName = z.string().min(1).max(63)

export const selection = {
  schemas: z.array(PostgresName).max(200).default([]),
  tables: z
    .array(z.strictObject({ schema: PostgresName, name: PostgresName }))
    .max(500)
    .default([]),
}

export const BackupSelection = z.strictObject(selection)
export type BackupSelection = z.infer<typeof BackupSelection>
