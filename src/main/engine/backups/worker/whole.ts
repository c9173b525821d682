/** Reads what a backup says of a database besides what is in it: the database itself, whom it names, and the roles of its server. */
import type { VerifyDependencies } from '../plain.ts'
import { type Archive, archiveOf, readSchema } from '../postgres/archive.ts'
import { type DatabaseEntries, databaseEntriesOf } from '../postgres/database-entries.ts'
import { dumpEntriesOf } from '../postgres/dump-entries.ts'
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
  const schemaOf = (option: string) =>
    withContents(dependencies, manifest, part, (given) => readSchema(given, tool, [option]))
  const sql = await schemaOf('--create')
  const archive = archiveOf(sql)
  // By entries, which takes longer: what a function only says of extensions would be made by a superuser.
  const extensions =
    archive.extensions.length === 0 ? [] : extensionsThen(await dumpEntriesOf(await schemaOf('--verbose')))
  const database = databaseEntriesOf(sql)
  const needed = [...new Set(rolesNamedIn(sql))]
  const named = [...new Set([...archive.roles, ...database.roles, ...needed])]
  return { archive, extensions, database, named, needed, roles: await rolesOf(dependencies, manifest) }
}
