/** The part of a backup that one of its databases is in. Pure. */
import { BackupError } from './backup-error.ts'
import type { Manifest, Part } from './manifest.ts'

/**
 * @param database left out: the only one that is in it
 * @throws BackupError where the database is not in it, or is one of several and was not chosen
 */
export function databasePart(
  { id, parts }: Pick<Manifest, 'id' | 'parts'>,
  database: string | undefined,
): { part: Part; database: string } {
  const databases = parts.filter(({ content }) => content === 'database')
  const part =
    database === undefined && databases.length === 1
      ? databases[0]
      : databases.find((one) => one.database === database)
  if (part?.database != null) return { part, database: part.database }
  if (database !== undefined) throw new BackupError('database-not-in-it', { id, database })
  const names = databases.map((one) => one.database).join(', ')
  throw new BackupError('database-not-chosen', { id, databases: names })
}
