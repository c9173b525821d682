/** What a plan of a backup says of where it is staged, how much, and for how long; or that it streams. */
import type { Backup } from '#shared/model/backup.ts'
import type { Reason } from '#shared/model/reason.ts'
import { inMebibytes } from '../spared-room.ts'
import { roomToStage, type Staging } from '../staging/stage.ts'

const MEBIBYTE = 1_048_576

export async function previewStaging(
  staging: Staging | null,
  {
    databases,
    last,
    overSsh,
    own,
  }: {
    readonly databases: readonly { readonly bytes: number | null }[]
    /** The newest of the same; `null`: there is none. */
    readonly last: Backup | null
    readonly overSsh: boolean
    /** The console's directory for it, which is made as it is needed. */
    readonly own: string
  },
): Promise<{ changes: Reason[]; warnings: Reason[]; refusals: Reason[] }> {
  const nothing = { changes: [], warnings: [], refusals: [] }
  if (staging === null) return { ...nothing, changes: [{ code: 'backup-streams', params: {} }] }
  const { directory, jobs } = staging
  // One database after the other.
  const onServer = Math.max(0, ...databases.map(({ bytes }) => bytes ?? 0))
  const known = last === null ? null : Math.max(0, ...last.databases.map(({ plainBytes }) => plainBytes))
  const mebibytes = (bytes: number) => Math.max(1, Math.ceil(bytes / MEBIBYTE))
  const changes: Reason[] = [
    { code: 'backup-jobs', params: { jobs } },
    known === null || last === null
      ? { code: 'backup-stages', params: { directory, megabytes: mebibytes(onServer) } }
      : {
          code: 'backup-stages-as-last',
          params: {
            ...{ directory, megabytes: mebibytes(known) },
            seconds: Math.max(1, Math.round((last.endedAt - last.startedAt) / 1_000)),
          },
        },
    ...(overSsh ? [{ code: 'backup-directory-here', params: {} }] : []),
  ]
  const room = await roomToStage(directory)
  if (room === null) return { ...nothing, changes }
  const told = (needed: number) => ({ directory, ...inMebibytes(room, needed) })
  const warnings: Reason[] =
    room.isThere || directory === own ? [] : [{ code: 'staging-made-anew', params: { directory } }]
  if (known !== null && room.free < known)
    return { changes, warnings, refusals: [{ code: 'staging-too-small', params: told(known) }] }
  // Compressed, it mostly takes a fraction of that: to refuse would be wrong.
  if (known === null && room.free < onServer)
    warnings.push({ code: 'staging-maybe-small', params: told(onServer) })
  return { changes, warnings, refusals: [] }
}
