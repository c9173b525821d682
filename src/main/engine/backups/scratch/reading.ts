/** The backup that is tried on a server, with what each of its databases says of itself. */
import type { DeploymentProfile } from '#shared/model/profile/deployment.ts'
import { OperationFailed } from '../../operations/kind.ts'
import type { CataloguedBackup } from '../catalogue.ts'
import { identityFor } from '../identity.ts'
import { isCounted } from '../kinds/drill-outcome.ts'
import { type BackupKindsOptions, placeOf } from '../kinds/kit.ts'
import type { Part } from '../manifest.ts'
import { partOf } from '../worker/part-of.ts'
import type { Whole } from '../worker/whole.ts'
import { isSameServer } from './preflight.ts'
import type { ThereOptions } from './steps.ts'

export interface ScratchDependencies extends BackupKindsOptions {
  /** `null`: there is no such deployment (any more). */
  readonly profileOf: (deployment: string) => DeploymentProfile | null
  /** Whether an operation is on record of this console, and over. */
  readonly isOver: (operation: string) => Promise<boolean>
}

export interface ReadBackup {
  readonly backup: CataloguedBackup
  /** The secret key that opens it. */
  readonly identity: string
  readonly databases: readonly { readonly name: string; readonly part: Part; readonly whole: Whole }[]
}

/** @param options of the drill: `from` says whose backup it is */
export async function readBackup(
  kit: BackupKindsOptions,
  { backup: id, from, key }: Pick<ThereOptions, 'backup' | 'from' | 'key'>,
  signal: AbortSignal,
): Promise<ReadBackup> {
  const { backedUp, runJob } = kit
  const backup = id === undefined ? null : await backedUp.catalogue.get(id)
  if (backup === null || backup.manifest.deployment !== from)
    throw id === undefined
      ? new OperationFailed('no-good-backup', { name: from })
      : new OperationFailed('backup-gone', { id })
  const { manifest } = backup
  const databases: { name: string; part: Part; whole: Whole }[] = []
  // What others made, and what is a part alone, is not read before it is refused.
  if (!isCounted(manifest)) throw new OperationFailed('drill-there-foreign')
  const identity = await identityFor(kit, manifest, key)
  for (const { content, database } of manifest.parts) {
    if (content !== 'database' || database === null) continue
    const job = { kind: 'whole', manifest, database, store: placeOf(backup), identity } as const
    const whole = await runJob(job, { signal, onProgress() {} })
    databases.push({ name: database, part: partOf(manifest, database), whole })
  }
  return { backup, identity, databases }
}

/** Nobody's production is filled by the name of something else. */
export function isSafePlace(
  { profileOf }: Pick<ScratchDependencies, 'profileOf'>,
  from: string,
  there: DeploymentProfile,
): boolean {
  const source = profileOf(from)
  return (
    source === null ||
    source.environment !== 'production' ||
    there.environment === 'production' ||
    !isSameServer(source, there)
  )
}
