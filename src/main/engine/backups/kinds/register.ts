/** A backup that is made of a dump of this machine which others made: what would be done, and the job that does it. */
import { stat } from 'node:fs/promises'
import { isAbsolute } from 'node:path'
import type { OperationPreview } from '#shared/model/operation.ts'
import type { DeploymentProfile } from '#shared/model/profile/deployment.ts'
import type { Reason } from '#shared/model/reason.ts'
import { OperationFailed } from '../../operations/kind.ts'
import { errorCode, errorWords } from '../../reach/failed.ts'
import { inMebibytes } from '../spared-room.ts'
import type { RegisterJob } from '../worker/messages.ts'
import type { SettledBackup } from './backup-options.ts'
import type { BackupKindsOptions } from './kit.ts'
import { reasonWhy } from './words.ts'

type Preview = Omit<OperationPreview, 'effect' | 'steps' | 'lastTookMs'>
type Registering = NonNullable<SettledBackup['register']>

export async function previewRegister(
  { backedUp }: BackupKindsOptions,
  profile: DeploymentProfile,
  { file, database }: Registering,
): Promise<Preview> {
  const nothing = { irreversible: [], services: [], connections: { needed: 0, free: null } }
  const { name, backups: wanted } = profile
  if (wanted === undefined) {
    const refusals = [{ code: 'backups-not-configured', params: { name } }]
    return { ...nothing, databases: [], changes: [], warnings: [], refusals }
  }
  const place = wanted.store.directory
  const found = await lookAt(file)
  const refusals: Reason[] = 'refusal' in found ? [found.refusal] : []
  const bytes = 'bytes' in found ? found.bytes : null
  const store = backedUp.storeAt(wanted.store)
  const absent = await reasonWhy(() => backedUp.catalogue.requirePresent(store))
  if (absent !== null) refusals.push(absent)
  const room = absent === null ? await store.room() : null
  if (bytes !== null && room !== null && room.free < bytes) {
    refusals.push({ code: 'register-no-room', params: { place, ...inMebibytes(room, bytes) } })
  }
  return {
    ...nothing,
    databases: [{ name: database, bytes }],
    changes: [{ code: 'registers-dump', params: { file, place, database } }],
    warnings: [{ code: 'register-never-counts', params: {} }],
    refusals,
  }
}

async function lookAt(file: string): Promise<{ bytes: number } | { refusal: Reason }> {
  if (!isAbsolute(file)) return { refusal: { code: 'dump-not-absolute', params: { file } } }
  try {
    const found = await stat(file)
    return found.isFile() ? { bytes: found.size } : { refusal: { code: 'dump-none', params: { file } } }
  } catch (error) {
    // What it says itself of a file that is not there is a code and a call.
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? ''))
      return { refusal: { code: 'dump-missing', params: { file } } }
    return { refusal: { code: 'dump-unreadable', params: { file, words: errorWords(error) } } }
  }
}

export async function registerJob(
  { backedUp: { keys }, consoleName }: BackupKindsOptions,
  { name, backups: wanted }: DeploymentProfile,
  { file, database }: Registering,
  id: string,
): Promise<RegisterJob> {
  if (wanted === undefined) throw new OperationFailed('backups-not-configured', { name })
  return {
    ...{ kind: 'register', id, deployment: name, console: consoleName(), file, database },
    recipients: [...new Set([...(await keys.recipients()), ...wanted.recipients])],
    store: wanted.store,
  }
}
