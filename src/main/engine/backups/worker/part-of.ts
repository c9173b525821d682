/** One database's part of a backup, and the program that reads it. */
import { BackupError } from '../backup-error.ts'
import type { Manifest, Part } from '../manifest.ts'
import { readableFrom } from '../plain.ts'
import type { Tool, Tools } from '../postgres/tools.ts'

export function partOf({ id, parts }: Manifest, database: string): Part {
  const part = parts.find((one) => one.content === 'database' && one.database === database)
  if (part === undefined) throw new BackupError('database-not-in-it', { id, database })
  return part
}

/** @param into the major version of the server that it is restored into */
export function restorerOf(tools: Tools, manifest: Manifest, part: Part, into: number): Promise<Tool> {
  return tools.fitting('pg_restore', Math.max(readableFrom(manifest, part), into))
}
