/** What a backup would be of, where it would go, and what speaks against it; nothing is begun. */
import { z } from 'zod'
import type { OperationPreview } from '#shared/model/operation.ts'
import { parsePostgresUrl } from '#shared/model/profile/postgres-url.ts'
import type { Reason } from '#shared/model/reason.ts'
import { askFreeConnections } from '../../operations/free-connections.ts'
import type { Subject } from '../../operations/kind.ts'
import type { PostgresSession } from '../../reach/reach.ts'
import { inMebibytes, type Room } from '../spared-room.ts'
import { sessionsOfDump, stagingOfDump } from '../staging/plan.ts'
import { isPartialBackup, lastLike, type SettledBackup } from './backup-options.ts'
import type { BackupKindsOptions } from './kit.ts'
import { programsFor } from './preview-programs.ts'
import { previewStaging } from './preview-staging.ts'
import { reasonWhy } from './words.ts'

type Preview = Omit<OperationPreview, 'effect' | 'steps' | 'lastTookMs'>

const TIMEOUT_MS = 10_000
/** Less room than the last one took, and this much more, is told before. */
const LEEWAY = 1.2

/** Sizes only where the role may see them. */
const DATABASES = `
select d.datname as name,
  case when has_database_privilege(d.oid, 'CONNECT') or pg_has_role('pg_read_all_stats', 'USAGE')
    then pg_database_size(d.oid)::float8 end as bytes
from pg_database d where d.datname = any ($1::text[]) order by 1`
const Databases = z.array(z.object({ name: z.string(), bytes: z.number().nullable() }))

export async function previewBackup(
  { backedUp, tools, stagingDirectory }: BackupKindsOptions,
  subject: Subject<SettledBackup>,
): Promise<Preview> {
  const { profile, options, signal } = subject
  const wanted = profile.backups
  const nothing = { irreversible: [], services: [], databases: [], warnings: [], changes: [] }
  if (wanted === undefined || profile.postgres === undefined) {
    const refusals = [{ code: 'backups-not-configured', params: { name: profile.name } }]
    return { ...nothing, connections: { needed: 0, free: null }, refusals }
  }
  const staging = stagingOfDump(wanted, stagingDirectory)
  const needed = sessionsOfDump(staging)
  const people = subject.reach().postgres?.people ?? null
  // Where somebody operates, it is asked for him.
  const user = profile.postgres.operate === undefined ? parsePostgresUrl(profile.postgres.url).user : null
  const of = { user: user ?? '', databases: options.databases ?? [] }
  const free = user === null || people === null ? null : await askFreeConnections(people, of, signal)
  const connections = { needed, free }
  const databases = people === null ? [] : await sizesOf(people, options.databases ?? [], signal)
  const refusals: Reason[] = missing(options.databases ?? [], databases)
  if (free !== null && free < needed) refusals.push({ code: 'connections-too-few', params: { needed, free } })
  if (people?.pooled === true) refusals.push({ code: 'behind-pooler', params: {} })
  const major = Math.floor((people?.version ?? 0) / 10_000)
  const last = lastLike(await backedUp.catalogue.list(profile.name), options)
  const staged = await previewStaging(staging, {
    ...{ databases, last, overSsh: profile.ssh !== undefined, own: stagingDirectory },
  })
  const changes: Reason[] = [
    { code: 'writes-backup', params: { place: wanted.store.directory, databases: names(options) } },
    ...staged.changes,
  ]
  refusals.push(...staged.refusals)
  if (major > 0) {
    const found = await programsFor(tools, subject, wanted, major)
    changes.push(...found.changes)
    refusals.push(...found.refusals)
  }
  changes.push({
    code: last === null ? 'holds-cleanup' : 'holds-cleanup-as-last',
    params: {
      minutes: wanted.mostHeldMinutes,
      seconds: Math.round(Math.max(0, ...(last?.databases ?? []).map(({ heldMs }) => heldMs)) / 1_000),
    },
  })
  const store = backedUp.storeAt(wanted.store)
  const absent = await reasonWhy(async () => {
    await backedUp.catalogue.requirePresent(store)
    await store.list()
  })
  const isMadeAnew = absent === null && (await store.identity()) === null
  const warnings = [
    ...staged.warnings,
    ...(isMadeAnew ? [{ code: 'store-made-anew', params: { place: store.name } }] : []),
    ...(isPartialBackup(options, profile) ? [{ code: 'backup-partial', params: {} }] : []),
    ...(await keyWarnings(backedUp)),
  ]
  if (absent !== null) refusals.push(absent)
  const room = await roomFor(absent === null ? store.room() : null, {
    place: wanted.store.directory,
    lastBytes: last?.bytes ?? null,
    databaseBytes: databases.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0),
  })
  const told = room?.isRefused ? [] : [room?.reason].filter((one) => one !== undefined)
  return {
    ...nothing,
    ...{ connections, databases, changes },
    warnings: [...warnings, ...told],
    refusals: room?.isRefused ? [...refusals, room.reason] : refusals,
  }
}

function names({ databases = [] }: SettledBackup): string {
  return databases.join(', ')
}

async function sizesOf(people: PostgresSession, wanted: readonly string[], signal: AbortSignal) {
  const { rows } = await people.query(DATABASES, [wanted], { signal, timeoutMs: TIMEOUT_MS })
  return Databases.parse(rows)
}

function missing(wanted: readonly string[], found: readonly { name: string }[]): Reason[] {
  return wanted
    .filter((name) => !found.some((one) => one.name === name))
    .map((name) => ({ code: 'database-missing', params: { name } }))
}

async function keyWarnings({ keys }: BackupKindsOptions['backedUp']): Promise<Reason[]> {
  const recovery = await keys.recovery()
  if (recovery === null) return [{ code: 'no-recovery-key', params: {} }]
  return recovery.provenAt === null ? [{ code: 'recovery-key-unproven', params: {} }] : []
}

/** What there is to say of the room in a place; `null`: it is enough, or nobody knows. */
async function roomFor(
  asked: Promise<Room | null> | null,
  {
    place,
    lastBytes,
    databaseBytes,
  }: { readonly place: string; readonly lastBytes: number | null; readonly databaseBytes: number },
): Promise<{ isRefused: boolean; reason: Reason } | null> {
  const room = await asked
  if (room === null) return null
  const { free } = room
  if (lastBytes === null) {
    // Compressed, it mostly takes a fraction of that: to refuse would be wrong.
    const reason = {
      code: 'place-maybe-small',
      params: { place, ...inMebibytes(room, databaseBytes) },
    }
    return free < databaseBytes ? { isRefused: false, reason } : null
  }
  const params = { place, ...inMebibytes(room, lastBytes) }
  if (free < lastBytes) return { isRefused: true, reason: { code: 'place-too-small', params } }
  return free < lastBytes * LEEWAY ? { isRefused: false, reason: { code: 'place-tight', params } } : null
}
