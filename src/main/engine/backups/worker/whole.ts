/** Reads what a backup says of a database besides what is in it: the database itself, whom it names, and the roles of its server. */
import type { VerifyDependencies } from '../plain.ts'
import { type Archive, archiveOf, readEntries } from '../postgres/archive.ts'
import { type DatabaseEntries, databaseEntriesOf } from '../postgres/database-entries.ts'
import { type ExtensionThen, extensionsThen } from '../postgres/extensions-then.ts'
import type { GlobalRole } from '../postgres/global-roles.ts'
import { rolesNamedIn } from '../postgres/roles-named.ts'
import { rolesOf } from '../roles-of.ts'
import { withContents } from '../staging/given.ts'
import type { WholeJob } from './messages.ts'
import { partOf, restorerOf } from './part-of.ts'

export interface Whole {
  readonly archive: Archive
  readonly extensions: readonly ExtensionThen[]
  readonly database: DatabaseEntries
  /** Whom anything in the dump, or the database itself, names. */
  readonly named: readonly string[]
  /** Without whom it cannot be restored, whoever it is given to: those in policies and in mappings of users. */
  readonly needed: readonly string[]
  /** `null`: the backup is without them. */
  readonly roles: readonly GlobalRole[] | null
}

export async function readWhole(dependencies: VerifyDependencies, job: WholeJob): Promise<Whole> {
  const { manifest } = job
  const part = partOf(manifest, job.database)
  const tool = await restorerOf(dependencies.tools, manifest, part, 0)
  const entries = await withContents(dependencies, manifest, part, (given) =>
    readEntries(given, tool, ['--create']),
  )
  const archive = archiveOf(entries)
  const database = databaseEntriesOf(entries)
  const needed = [...new Set(entries.flatMap(({ statements }) => statements).flatMap(rolesNamedIn))]
  const named = [...new Set([...archive.roles, ...database.roles, ...needed])]
  const extensions = extensionsThen(entries)
  return { archive, extensions, database, named, needed, roles: await rolesOf(dependencies, manifest) }
}
