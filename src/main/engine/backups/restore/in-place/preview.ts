/** What a restore in place would do: beside and swapped where there is room, and in one transaction where there is none. */
import type { OperationPreview } from '#shared/model/operation.ts'
import type { RestoreInPlace } from '#shared/model/restore.ts'
import type { Subject } from '../../../operations/kind.ts'
import { aboutStaging, sessionsOfDump, stagingOfDump } from '../../staging/plan.ts'
import type { RestoreDependencies } from '../kind.ts'
import { aboutPools } from '../pooler/about.ts'
import { lookAtPoolers } from '../pooler/pausing.ts'
import { aboutBackup, endsSessions, previewBeside } from '../preview.ts'
import { inMebibytes, lookForRoom, wayOf } from '../room.ts'
import { openSource } from '../source.ts'
import { stagingOfOne } from '../staging.ts'
import { refusalsInPlace } from './preflight.ts'
import { CONNECTIONS } from './steps.ts'

type Preview = Omit<OperationPreview, 'effect' | 'steps' | 'lastTookMs'>

export async function previewInPlace(
  dependencies: RestoreDependencies,
  subject: Subject<RestoreInPlace>,
): Promise<Preview> {
  const { options, profile } = subject
  const source = await openSource(dependencies, options, profile.name)
  const room = await lookForRoom(subject, source)
  const params = { database: source.database, ...inMebibytes(room) }
  if (options.room === 'enough') {
    const asked = { ...options, mode: 'side-by-side' as const, swap: true }
    const preview = await previewBeside(dependencies, { ...subject, options: asked })
    const code = room.free === null ? 'restore-in-place-beside-unseen' : 'restore-in-place-beside'
    return { ...preview, changes: [{ code, params }, ...preview.changes] }
  }
  const { found, refusals, archive } = await refusalsInPlace(dependencies, subject, source)
  const { database, backup } = source
  const { about, warnings } = aboutBackup(dependencies, source, archive)
  const way = wayOf(room)
  const { backups } = profile
  const staged = await aboutStaging(stagingOfOne(dependencies, profile, source), source.part.plainBytes)
  const dumping =
    backups === undefined ? 0 : sessionsOfDump(stagingOfDump(backups, dependencies.making.stagingDirectory))
  const pools = aboutPools(database, await lookAtPoolers(subject, database))
  const unsaid = options.room === undefined
  const place = profile.backups?.store.directory ?? ''
  return {
    changes: [
      ...staged.changes,
      { code: 'restore-in-place-safety', params: { database, place } },
      { code: 'restore-in-place-replaces', params: about },
      endsSessions(database, found.held),
      ...pools.changes,
      { code: 'restore-in-place-waits', params: { database } },
    ],
    irreversible: [
      { code: 'restore-in-place-loses', params: about },
      { code: 'restore-in-place-undo-loses', params: { database } },
    ],
    warnings: [
      { code: room.free === null ? 'restore-in-place-room-unseen' : 'restore-in-place-room', params },
      ...warnings,
      ...pools.warnings,
      ...(backup.manifest.partial ? [{ code: 'restore-is-partial', params: {} }] : []),
    ],
    refusals: [
      ...staged.refusals,
      ...(unsaid && way === 'unknown' ? [{ code: 'restore-in-place-unknown', params }] : []),
      ...(unsaid && way === 'too-small' ? [{ code: 'restore-in-place-too-small', params }] : []),
      ...refusals,
    ],
    databases: [{ name: database, bytes: found.held?.bytes ?? null }],
    connections: { needed: Math.max(CONNECTIONS, dumping), free: found.server.free },
    services: profile.services.map(({ name }) => name),
  }
}
