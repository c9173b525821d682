/** Whether something is staged, where, and by how many sessions at once: as the profile says, and as the backup needs it. */
import type { Backups } from '#shared/model/profile/backups.ts'
import type { Reason } from '#shared/model/reason.ts'
import type { Part } from '../manifest.ts'
import { inMebibytes } from '../spared-room.ts'
import { roomToStage, type Staging } from './stage.ts'

const MEBIBYTE = 1_048_576
/** Of pg_dump besides those that dump, and ours that holds the moment and counts. */
const SESSIONS_BESIDES = 2

/** @param own the console's directory for it. `null`: a backup streams. Pure. */
export function stagingOfDump({ format, staging }: Backups, own: string): Staging | null {
  if (format !== 'directory' || staging === undefined) return null
  return { directory: staging.directory ?? own, jobs: staging.jobs }
}

/** Sessions of a backup at most at a time. */
export function sessionsOfDump(staging: Staging | null): number {
  return SESSIONS_BESIDES + (staging === null ? 0 : staging.jobs)
}

/**
 * What was dumped into a directory is always staged to be restored: nothing else can read it. By as many sessions as the profile of where it goes says, else as it was
 * dumped by. `null`: it streams. Pure.
 */
export function stagingOfRestore(
  backups: Backups | undefined,
  { directory: dumped }: Pick<Part, 'directory'>,
  own: string,
): Staging | null {
  const said = backups?.staging
  const jobs = said?.jobs ?? dumped?.jobs ?? 1
  if (dumped === undefined && jobs === 1) return null
  return { directory: said?.directory ?? own, jobs }
}

/** What a plan says of what is unpacked, and why it would not be begun. @param bytes how much that is */
export async function aboutStaging(
  staging: Staging | null,
  bytes: number,
): Promise<{ changes: Reason[]; refusals: Reason[] }> {
  if (staging === null) return { changes: [], refusals: [] }
  const { directory, jobs } = staging
  const megabytes = Math.max(1, Math.ceil(bytes / MEBIBYTE))
  const room = await roomToStage(directory)
  return {
    changes: [
      jobs === 1
        ? { code: 'restore-stages', params: { directory, megabytes } }
        : { code: 'restore-stages-parallel', params: { directory, megabytes, jobs } },
    ],
    refusals:
      room !== null && room.free < bytes
        ? [
            {
              code: 'staging-too-small',
              params: { directory, ...inMebibytes(room, bytes) },
            },
          ]
        : [],
  }
}
