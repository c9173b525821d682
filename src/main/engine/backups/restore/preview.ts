/** What a restore side by side would do, what of it is lost, and why it would not be begun. */
import type { OperationPreview } from '#shared/model/operation.ts'
import type { Reason } from '#shared/model/reason.ts'
import type { RestoreBeside } from '#shared/model/restore.ts'
import type { Subject } from '../../operations/kind.ts'
import type { Archive } from '../postgres/archive.ts'
import { aboutStaging } from '../staging/plan.ts'
import { CONNECTIONS, wantedOf } from './beside.ts'
import { isClosed } from './databases.ts'
import { foreignRefusals, foreignWarnings } from './foreign.ts'
import type { RestoreDependencies } from './kind.ts'
import { namesOf } from './names.ts'
import { inMaintenance } from './operating.ts'
import { aboutPools } from './pooler/about.ts'
import { lookAtPoolers } from './pooler/pausing.ts'
import { findOut, type Held, judge } from './preflight.ts'
import { programRefusals } from './programs.ts'
import { aboutRoom, lookForRoom } from './room.ts'
import { openSource, readArchiveOf, type Source } from './source.ts'
import { sessionsWith, stagingOn } from './staging.ts'

type Preview = Omit<OperationPreview, 'effect' | 'steps' | 'lastTookMs'>

export async function previewBeside(
  dependencies: RestoreDependencies,
  subject: Subject<RestoreBeside>,
): Promise<Preview> {
  const { options, profile, signal } = subject
  const source = await openSource(dependencies, options, profile.name)
  const archive = await readArchiveOf(dependencies, source, signal)
  const { database, backup } = source
  const { manifest } = backup
  const { found, refusals } = await inMaintenance(subject, async (client) => {
    const seen = await findOut(client, database, archive)
    const also = await foreignRefusals(client, seen, manifest.foreign, options)
    const programs = await programRefusals(dependencies, source, seen.server.version)
    return { found: seen, refusals: [...judge(seen, wantedOf(source, options)), ...programs, ...also] }
  })
  const { beside, before } = namesOf(database, null)
  const staging = await stagingOn(dependencies, profile, source, found.server.version)
  const staged = await aboutStaging(staging, source.part.plainBytes)
  const pools = aboutPools(database, options.swap ? await lookAtPoolers(subject, database) : [])
  const { about: ofBackup, warnings } = aboutBackup(dependencies, source, archive)
  const about = { ...ofBackup, beside, before }
  const { bytes = null, labels = [] } = found.held ?? {}
  const room = aboutRoom(await lookForRoom(subject, source, true))
  const { swap } = options
  const swaps: Reason[] = [
    ...pools.changes,
    { code: 'restore-swaps', params: about },
    endsSessions(database, found.held),
  ]
  return {
    changes: [
      ...staged.changes,
      { code: 'restore-makes', params: about },
      { code: 'restore-copies-settings', params: about },
      ...(swap ? swaps : [{ code: 'restore-stays-beside', params: about }]),
    ],
    irreversible: swap
      ? [
          { code: 'restore-loses-since', params: about },
          { code: 'restore-undo-loses', params: about },
        ]
      : [],
    warnings: [
      ...foreignWarnings(manifest, found.database?.owner ?? '?', namesOf(database, null)),
      ...room.warnings,
      ...warnings,
      ...(manifest.partial && manifest.foreign === undefined
        ? [{ code: 'restore-is-partial', params: {} }]
        : []),
      ...pools.warnings,
      ...(labels.length > 0
        ? [{ code: 'restore-labels', params: { database, labels: labels.join(', ') } }]
        : []),
      ...(swap && found.database !== null && isClosed(found.database)
        ? [{ code: 'restore-closed', params: about }]
        : []),
      ...(swap ? [{ code: 'restore-keeps-before', params: about }] : []),
    ],
    refusals: [...refusals, ...room.refusals, ...staged.refusals],
    databases: [
      { name: database, bytes },
      { name: beside, bytes },
    ],
    connections: { needed: sessionsWith(CONNECTIONS, staging), free: found.server.free },
    services: swap ? profile.services.map(({ name }) => name) : [],
  }
}

export function withoutSubscriptions({ subscriptions }: Pick<Archive, 'subscriptions'>): Reason[] {
  if (subscriptions.length === 0) return []
  return [{ code: 'restore-no-subscriptions', params: { subscriptions: subscriptions.join(', ') } }]
}

/** What there is to say of any backup that a database is restored from. */
export function aboutBackup(
  { clock }: Pick<RestoreDependencies, 'clock'>,
  { backup, database }: Source,
  archive: Pick<Archive, 'subscriptions'>,
) {
  const { manifest, state, problem } = backup
  const seconds = Math.max(0, Math.round((clock.now() - manifest.startedAt) / 1000))
  const warnings: Reason[] = [
    ...(state === 'proven' ? [] : [{ code: 'restore-not-proven', params: {} }]),
    ...(problem === null ? [] : [problem]),
    ...withoutSubscriptions(archive),
  ]
  return { about: { database, backup: manifest.id, seconds }, warnings }
}

export function endsSessions(database: string, held: Held | null): Reason {
  const sessions = held?.sessions ?? []
  return {
    code: 'restore-ends-sessions',
    params: {
      database,
      count: sessions.reduce((sum, { count }) => sum + count, 0),
      applications: sessions.map(({ application, count }) => `${application} (${count})`).join(', ') || '—',
    },
  }
}
