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

export interface Source {
  readonly backup: CataloguedBackup
  readonly part: Part
  readonly database: string
  readonly store: StorePlace
  readonly identity: string
}

/** @throws BackupError where there is no such backup or database, or the key does not open it */
export async function openSource(
  dependencies: Omit<SourceDependencies, 'runJob'>,
  options: {
    readonly mode?: string
    readonly backup: string
    readonly database?: string | undefined
    readonly key?: SecretReference | undefined
  },
  deployment: string,
): Promise<Source> {
  const { backup: id, key } = options
  const backup = await dependencies.backedUp.catalogue.get(id)
  // Another deployment's: what was confirmed by this one's name would be done to that one's database.
  if (backup === null || backup.manifest.deployment !== deployment)
    throw new BackupError('backup-unknown', { id, deployment })
  // What else reads a dump runs it with rights, or expects `pg_restore` to read it.
  if (backup.manifest.foreign !== undefined && options.mode !== 'side-by-side')
    throw new BackupError('foreign-only-beside', { id })
  const { part, database } = databasePart(backup.manifest, options.database)
  const identity = await identityFor(dependencies, backup.manifest, key)
  return { ...{ backup, part, database, identity }, store: placeOf(backup) }
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
