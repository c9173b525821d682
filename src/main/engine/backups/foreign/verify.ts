/** Reads back the file of a backup that was made of somebody else's dump. */
import { BackupError } from '../backup-error.ts'
import type { Manifest, Part } from '../manifest.ts'
import { scanScript } from './scan.ts'
import { type SqlDependencies, sqlOf } from './sql-of.ts'

/** It is what was registered, to its end. */
export async function verifyForeign(
  dependencies: SqlDependencies,
  foreign: NonNullable<Manifest['foreign']>,
  { file, tables: registered }: Part,
  plain: AsyncIterable<Buffer>,
): Promise<void> {
  const { tables } = await scanScript(sqlOf(dependencies, foreign, plain, file))
  const missing = registered.filter(
    ({ schema, name, rows }) =>
      !tables.some((one) => one.schema === schema && one.name === name && one.rows === rows),
  ).length
  if (missing > 0) throw new BackupError('contents-missing', { file, missing, tables: registered.length })
}
