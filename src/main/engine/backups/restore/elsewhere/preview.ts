/** What a restore to a server without the database would do, what it leaves to people, and why it would not be begun. */
import type { OperationPreview } from '#shared/model/operation.ts'
import type { RestoreElsewhere } from '#shared/model/restore.ts'
import type { Subject } from '../../../operations/kind.ts'
import { aboutStaging } from '../../staging/plan.ts'
import { CONNECTIONS } from '../beside.ts'
import type { RestoreDependencies } from '../kind.ts'
import { inMaintenance } from '../operating.ts'
import { withoutSubscriptions } from '../preview.ts'
import { programRefusals } from '../programs.ts'
import { aboutRoom, lookForRoom } from '../room.ts'
import { sessionsWith, stagingOn } from '../staging.ts'
import { findOutElsewhere, judgeElsewhere } from './preflight.ts'
import { reading } from './steps.ts'

export async function previewElsewhere(
  dependencies: RestoreDependencies,
  subject: Subject<RestoreElsewhere>,
): Promise<Omit<OperationPreview, 'effect' | 'steps' | 'lastTookMs'>> {
  const { options, profile } = subject
  const { source, whole } = await reading(dependencies)(subject)
  const { backup, database } = source
  const { manifest } = backup
  const { as = database } = options
  const found = await inMaintenance(subject, (client) => findOutElsewhere(client, as, whole))
  const staging = await stagingOn(dependencies, profile, source, found.found.server.version)
  const staged = await aboutStaging(staging, source.part.plainBytes)
  const room = aboutRoom(await lookForRoom(subject, { ...source, database: as }, true))
  const { make, leftOut } = found.plan
  const seconds = Math.max(0, Math.round((dependencies.clock.now() - manifest.startedAt) / 1000))
  const about = { database, as, from: options.from, target: profile.name, backup: manifest.id }
  const logins = make.filter(({ login }) => login).map(({ name }) => name)
  const isDescribed = Object.keys(whole.database.create).length > 0
  return {
    changes: [
      ...staged.changes,
      ...(make.length === 0
        ? []
        : [{ code: 'restore-makes-roles', params: { roles: make.map(({ name }) => name).join(', ') } }]),
      { code: 'restore-makes-elsewhere', params: { ...about, seconds } },
      { code: 'restore-names', params: about },
    ],
    irreversible: [{ code: 'restore-undo-drops', params: about }],
    warnings: [
      ...(logins.length === 0 ? [] : [{ code: 'restore-passwords', params: { roles: logins.join(', ') } }]),
      ...(leftOut.length === 0
        ? []
        : [{ code: 'restore-roles-left', params: { rights: leftOut.join(', ') } }]),
      ...(isDescribed ? [] : [{ code: 'restore-undescribed', params: about }]),
      ...withoutSubscriptions(whole.archive),
      ...room.warnings,
      ...(backup.state === 'proven' ? [] : [{ code: 'restore-not-proven', params: {} }]),
      ...(backup.problem === null ? [] : [backup.problem]),
      ...(manifest.partial ? [{ code: 'restore-is-partial', params: {} }] : []),
    ],
    refusals: [
      ...staged.refusals,
      ...room.refusals,
      ...judgeElsewhere(found, source, options),
      ...(await programRefusals(dependencies, source, found.found.server.version)),
    ],
    databases: [{ name: as, bytes: null }],
    connections: { needed: sessionsWith(CONNECTIONS, staging), free: found.found.server.free },
    services: [],
  }
}
