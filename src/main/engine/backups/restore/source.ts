/** The backup that is restored from: found in the catalogue, opened with its key, worked on in a thread of its own. */
import type { SecretReference } from '#shared/model/profile/fields.ts'
import { BackupError } from '../backup-error.ts'
import type { Catalogue, CataloguedBackup } from '../catalogue.ts'
import { databasePart } from '../database-part.ts'
import { type IdentityDependencies, identityFor } from '../identity.ts'
import { placeOf } from '../kinds/kit.ts'
import type { Part } from '../manifest.ts'
import type { Archive } from '../postgres/archive.ts'
import type { StorePlace } from '../worker/messages.ts'
import type { RunJob } from '../worker/run-job.ts'
import type { Whole } from '../worker/whole.ts'

export interface SourceDependencies extends IdentityDependencies {
  readonly backedUp: IdentityDependencies['backedUp'] & { readonly catalogue: Pick<Catalogue, 'get'> }
  readonly runJob: RunJob
}

/** As far as it is known without its key. */
export interface FoundSource {
  readonly backup: CataloguedBackup
  readonly part: Part
  readonly database: string
}

export interface Source extends FoundSource {
  readonly store: StorePlace
  readonly identity: string
}

interface SourceOptions {
  readonly mode?: string
  readonly backup: string
  readonly database?: string | undefined
}

/** @throws BackupError where there is no such backup or database, or the key does not open it */
export async function openSource(
  dependencies: Omit<SourceDependencies, 'runJob'>,
  options: SourceOptions & { readonly key?: SecretReference | undefined },
  deployment: string,
): Promise<Source> {
  const found = await findSource(dependencies, options, deployment)
  const { backup } = found
  const identity = await identityFor(dependencies, backup.manifest, options.key)
  return { ...found, identity, store: placeOf(backup) }
}

/** @throws BackupError where there is no such backup or database */
export async function findSource(
  { backedUp }: { readonly backedUp: { readonly catalogue: Pick<Catalogue, 'get'> } },
  options: SourceOptions,
  deployment: string,
): Promise<FoundSource> {
  const { backup: id } = options
  const backup = await backedUp.catalogue.get(id)
  // Another deployment's: what was confirmed by this one's name would be done to that one's database.
  if (backup === null || backup.manifest.deployment !== deployment)
    throw new BackupError('backup-unknown', { id, deployment })
  // What else reads a dump runs it with rights, or expects `pg_restore` to read it.
  if (backup.manifest.foreign !== undefined && options.mode !== 'side-by-side')
    throw new BackupError('foreign-only-beside', { id })
  return { backup, ...databasePart(backup.manifest, options.database) }
}

/** What was restored stays when it is looked at, also where the backup that it is from is gone by then. */
export async function recallSource(...found: Parameters<typeof findSource>): Promise<FoundSource | null> {
  try {
    return await findSource(...found)
  } catch (error) {
    if (error instanceof BackupError) return null
    throw error
  }
}

export async function readArchiveOf(
  { runJob }: Pick<SourceDependencies, 'runJob'>,
  { backup, database, store, identity }: Source,
  signal: AbortSignal,
): Promise<Archive> {
  const { manifest } = backup
  // It was read to its end when it was registered; nothing is given to roles that it names.
  if (manifest.foreign !== undefined)
    return { extensions: manifest.foreign.extensions, roles: [], subscriptions: [] }
  return runJob({ kind: 'archive', manifest, database, store, identity }, { signal, onProgress() {} })
}

/** With what it says of the database itself and of roles. */
export function readWholeOf(
  { runJob }: Pick<SourceDependencies, 'runJob'>,
  { backup, database, store, identity }: Source,
  signal: AbortSignal,
): Promise<Whole> {
  const { manifest } = backup
  return runJob({ kind: 'whole', manifest, database, store, identity }, { signal, onProgress() {} })
}
