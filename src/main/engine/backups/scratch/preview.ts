/** What a drill on a server would do there, and why it would not be begun. */
import type { OperationPreview } from '#shared/model/operation.ts'
import { OperationFailed, type Subject } from '../../operations/kind.ts'
import { BackupError } from '../backup-error.ts'
import { inMaintenance } from '../restore/operating.ts'
import { stagingOfOne } from '../restore/staging.ts'
import { aboutStaging } from '../staging/plan.ts'
import { lookForScratch } from './clear.ts'
import { scratchNames } from './marks.ts'
import { findOutThere, inMebibytes, isSameServer, untrustedOf } from './preflight.ts'
import { readBackup, type ScratchDependencies } from './reading.ts'
import { refusalsThere } from './refusals.ts'
import type { ThereOptions } from './steps.ts'

/** Sessions of ours besides the watch's and the lock's, at most at a time. */
export const CONNECTIONS = 1

type Preview = Omit<OperationPreview, 'effect' | 'steps' | 'lastTookMs'>
const NOTHING: Preview = {
  ...{ changes: [], irreversible: [], warnings: [], refusals: [], databases: [], services: [] },
  connections: { needed: 0, free: null },
}

export async function previewThere(
  dependencies: ScratchDependencies,
  subject: Subject<ThereOptions>,
): Promise<Preview> {
  try {
    return await look(dependencies, subject)
  } catch (error) {
    if (error instanceof OperationFailed) return { ...NOTHING, refusals: [error.reason] }
    if (error instanceof BackupError) return { ...NOTHING, refusals: [error.failure] }
    throw error
  }
}

async function look(dependencies: ScratchDependencies, subject: Subject<ThereOptions>): Promise<Preview> {
  const { options, profile, signal } = subject
  const { from } = options
  const read = await readBackup(dependencies, options, signal)
  const { backup, databases } = read
  const found = await findOutThere(subject, databases)
  const scratch = await inMaintenance(subject, lookForScratch)
  const orphans: string[] = []
  for (const { operation, databases: left } of scratch)
    if (await dependencies.isOver(operation)) orphans.push(...left.map(({ name }) => name))
  const names = scratchNames(null)
  const source = dependencies.profileOf(from)
  const about = {
    ...{ id: backup.manifest.id, place: backup.place, console: backup.manifest.console },
    ...{ from, target: profile.name, database: names.database(0), role: names.role },
    ...inMebibytes(found.room),
  }
  const untrusted = untrustedOf(found.missing)
  const [largest] = databases.toSorted((one, other) => other.part.plainBytes - one.part.plainBytes)
  const staged =
    largest === undefined
      ? { changes: [], refusals: [] }
      : await aboutStaging(
          stagingOfOne({ making: dependencies }, profile, { backup, part: largest.part }),
          largest.part.plainBytes,
        )
  const isSame = source !== null && isSameServer(source, profile)
  return {
    changes: [
      { code: 'reads-back', params: about },
      ...staged.changes,
      { code: 'drill-there-restores', params: about },
      ...(found.roles.length === 0
        ? []
        : [{ code: 'drill-there-roles', params: { roles: found.roles.join(', ') } }]),
      ...(untrusted.length === 0 || !found.server.superuser
        ? []
        : [{ code: 'drill-there-installs', params: { extensions: untrusted.join(', ') } }]),
      ...(orphans.length === 0
        ? []
        : [{ code: 'drill-there-orphans', params: { databases: orphans.join(', ') } }]),
      { code: 'drill-there-drops', params: about },
    ],
    irreversible: [],
    warnings: [
      ...(isSame ? [{ code: 'drill-there-same', params: about }] : []),
      { code: found.room.free === null ? 'drill-there-room-unknown' : 'drill-there-room', params: about },
      { code: 'drill-there-without', params: {} },
    ],
    refusals: [...(await refusalsThere(dependencies, subject, read, found)), ...staged.refusals],
    databases: databases.map(({ part, name }) => ({ name, bytes: part.plainBytes })),
    connections: { needed: CONNECTIONS, free: found.server.free },
    services: [],
  }
}
