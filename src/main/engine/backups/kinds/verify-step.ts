/** The step that reads a backup back. What it finds wrong stands with the backup from then on. */
import type { DeploymentProfile } from '#shared/model/profile/deployment.ts'
import type { SecretReference } from '#shared/model/profile/fields.ts'
import { OperationFailed, type Step, type StepContext } from '../../operations/kind.ts'
import { postgresUrl } from '../../reach/postgres/address.ts'
import { BackupError } from '../backup-error.ts'
import type { Catalogue, CataloguedBackup } from '../catalogue.ts'
import { isItsOwnFault } from '../faults.ts'
import { identityFor } from '../identity.ts'
import { MANIFEST_FILE, manifestText, signedManifest } from '../manifest.ts'
import { viewOf } from '../view.ts'
import type { VerifyJob } from '../worker/messages.ts'
import { wishOf } from './backup-options.ts'
import { type BackupKindsOptions, placeOf } from './kit.ts'
import { inWords } from './words.ts'

/** Told to somebody who waits for it with the failure, and remembered with the backup where it is its own. */
export async function heedFault(
  {
    backedUp,
  }: {
    readonly backedUp: {
      readonly catalogue: Pick<Catalogue, 'faulty'>
      refresh(deployment: string): Promise<void>
    }
  },
  { manifest }: CataloguedBackup,
  signal: AbortSignal,
  error: unknown,
): Promise<void> {
  if (signal.aborted || !(error instanceof BackupError) || !isItsOwnFault(error.failure)) return
  await backedUp.catalogue.faulty(manifest.id, error.failure)
  await backedUp.refresh(manifest.deployment)
}

/** Where `pg_restore` may run if none that fits is here. */
function elsewhereOf({ ssh, postgres, backups }: DeploymentProfile): Pick<VerifyJob, 'elsewhere'> {
  const [server] = postgres === undefined ? [] : postgresUrl(postgres).servers
  if (ssh === undefined || server === undefined || backups === undefined || backups.run === 'local') return {}
  return { elsewhere: { ssh, wish: wishOf(backups), server } }
}

/** @param idOf which one it is: not known before it is made */
export function verifyStep<Options>(
  kit: BackupKindsOptions,
  idOf: (context: StepContext<Options>) => string | null,
  {
    keyOf = () => undefined,
    after = async () => {},
    failed = async () => {},
  }: {
    /** The key to decrypt with; nothing: this console's own. */
    readonly keyOf?: (context: StepContext<Options>) => SecretReference | undefined
    readonly after?: (context: StepContext<Options>, backup: CataloguedBackup) => Promise<void>
    readonly failed?: (
      context: StepContext<Options>,
      backup: CataloguedBackup,
      error: unknown,
    ) => Promise<void>
  } = {},
): Step<Options> {
  const { backedUp, runJob } = kit
  const { catalogue, keys } = backedUp

  async function backupOf(context: StepContext<Options>): Promise<CataloguedBackup | null> {
    const id = idOf(context)
    return id === null ? null : catalogue.get(id)
  }

  /** What is on record says what the files are, and they are that: it can be said beside them again, for whoever has nothing else. */
  async function writeManifest({ manifest, signedBy, place }: CataloguedBackup): Promise<void> {
    // In another's name we cannot sign.
    if (signedBy === 'another') throw new BackupError('manifest-altered', { id: manifest.id })
    const text = signedManifest(manifest, await keys.sign(manifestText(manifest)))
    await backedUp.storeAt({ directory: place }).replace(manifest.id, MANIFEST_FILE, text)
  }

  return {
    ...{ id: 'verify', nature: 'restartable', changes: false },
    async run(context) {
      const backup = await backupOf(context)
      if (backup === null) throw new OperationFailed('backup-gone', { id: idOf(context) ?? '?' })
      const { manifest } = backup
      const { bytes: totalBytes } = viewOf(backup)
      await inWords(async () => {
        try {
          const identity = await identityFor(kit, manifest, keyOf(context))
          const { isManifestWhole } = await runJob(
            { kind: 'verify', manifest, store: placeOf(backup), identity, ...elsewhereOf(context.profile) },
            { signal: context.signal, onProgress: (bytes) => context.progress({ bytes, totalBytes }) },
          )
          if (!isManifestWhole) {
            await writeManifest(backup)
            context.note('manifest-rewritten', { id: manifest.id })
          }
        } catch (error) {
          await failed(context, backup, error)
          await heedFault(kit, backup, context.signal, error)
          throw error
        }
      })
      await catalogue.verified(manifest.id)
      await backedUp.refresh(manifest.deployment)
      await after(context, backup)
    },
    // Nothing is lost by reading it again.
    inspect: async () => 'not-done',
  }
}
