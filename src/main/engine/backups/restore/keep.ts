/** Keeping what was restored: the database, or the rows of tables, from before are dropped, and there is no way back any more. */
import type { OperationPreview } from '#shared/model/operation.ts'
import { type RestoreKeep, RestoreSwapped } from '#shared/model/restore.ts'
import { OperationFailed, type Step, type StepContext, type Subject } from '../../operations/kind.ts'
import { dropDatabase, lookAtDatabases, wordsOfItsMachine } from './databases.ts'
import type { RestoreDependencies } from './kind.ts'
import { inMaintenance } from './operating.ts'
import { dropAside, lookAtAside } from './tables/keep.ts'

type Swapped = { readonly database: string; readonly before: string; readonly swappedAt: number } & (
  | {
      readonly operation: string
      readonly beforeIs: RestoreSwapped['beforeIs']
      readonly beforeOid: number
    }
  /** The safety backup, which stays, but counts like any other from then on. */
  | { readonly beforeIs: 'backup' }
)

/** @throws OperationFailed where that operation swapped nothing, or was taken back */
export async function swappedBy(
  { operationOf }: Pick<RestoreDependencies, 'operationOf'>,
  { operation: id }: RestoreKeep,
  deployment: string,
): Promise<Swapped> {
  const operation = await operationOf(id)
  const isOurs = operation?.kind === 'restore' && operation.deployment === deployment
  const isSwap = isOurs && operation.state === 'succeeded'
  const isStuck = isOurs && operation.state === 'failed' && operation.undo === 'failed'
  // It was given up as it is, by which it may still be taken back.
  const isLeft = isOurs && operation.state === 'cancelled' && ['available', 'failed'].includes(operation.undo)
  const found = isSwap || isStuck || isLeft ? RestoreSwapped.safeParse(operation.result).data : undefined
  // Also where the way back was tried, and is none any more: else the backup would be held for ever.
  if (found?.safety !== undefined && found.swappedAt !== null) {
    const { database, safety: before, swappedAt } = found
    return { database, before, beforeIs: 'backup', swappedAt }
  }
  if (found?.before == null || found.beforeOid === null || found.swappedAt === null)
    throw new OperationFailed('restore-nothing-swapped', { id })
  // What it was called and what it is are looked at before it is dropped: it may be in use again.
  const { database, before, beforeOid, beforeIs, swappedAt } = found
  return { operation: id, database, before, beforeOid, beforeIs, swappedAt }
}

/** @param isBegun it goes on: what is gone it may have dropped itself, and only that there is no way back is not on record */
export async function previewKeep(
  dependencies: RestoreDependencies,
  subject: Subject<RestoreKeep>,
  isBegun: boolean,
): Promise<Omit<OperationPreview, 'effect' | 'steps' | 'lastTookMs'>> {
  const swapped = await swappedBy(dependencies, subject.options, subject.profile.name)
  const { before, swappedAt, database } = swapped
  const refusalsOf = (there: { readonly name: string } | null) =>
    there?.name === before || (there === null && isBegun)
      ? []
      : [{ code: 'restore-before-gone', params: { before } }]
  const gone = { code: 'restore-before-dropped', params: { before } }
  if (swapped.beforeIs === 'backup') {
    const seconds = Math.max(0, Math.round((dependencies.clock.now() - swappedAt) / 1000))
    return {
      changes: [{ code: 'restore-lets-go', params: { safety: before } }],
      irreversible: [{ code: 'restore-keeps', params: { database, seconds } }],
      ...{ warnings: [], refusals: [], databases: [], services: [] },
      connections: { needed: 0, free: null },
    }
  }
  if (swapped.beforeIs === 'schema') {
    const there = await lookAtAside(subject, swapped)
    const seconds = Math.max(0, Math.round((dependencies.clock.now() - swappedAt) / 1000))
    return {
      changes: [
        there === null && isBegun
          ? gone
          : { code: 'restore-tables-drops-before', params: { before, database } },
      ],
      irreversible: [{ code: 'restore-tables-keeps-for-good', params: { seconds } }],
      ...{ warnings: [], services: [], connections: { needed: 1, free: null } },
      refusals: refusalsOf(there),
      databases: [{ name: `${database}: ${before}`, bytes: there?.bytes ?? null }],
    }
  }
  return inMaintenance(subject, async (client) => {
    const { beforeOid } = swapped
    const [there = null] = await lookAtDatabases(client, { oids: [beforeOid] })
    const { rows } = await client.query<{ bytes: string | null }>(
      `SELECT CASE WHEN has_database_privilege(oid, 'CONNECT') THEN pg_database_size(oid) END AS bytes FROM pg_database WHERE oid = $1`,
      [beforeOid],
    )
    const bytes = rows[0]?.bytes
    const seconds = Math.max(0, Math.round((dependencies.clock.now() - swappedAt) / 1000))
    return {
      changes: [there === null && isBegun ? gone : { code: 'restore-drops-before', params: { before } }],
      irreversible: [{ code: 'restore-keeps', params: { database, seconds } }],
      warnings: [],
      refusals: refusalsOf(there),
      databases: [{ name: before, bytes: bytes == null ? null : Number(bytes) }],
      connections: { needed: 1, free: null },
      services: [],
    }
  })
}

export function keepSteps(dependencies: RestoreDependencies): readonly Step<RestoreKeep>[] {
  const look = async (context: StepContext<RestoreKeep>) => {
    const swapped = await swappedBy(dependencies, context.options, context.profile.name)
    if (swapped.beforeIs === 'backup') return { name: swapped.before }
    if (swapped.beforeIs === 'schema') return lookAtAside(context, swapped)
    return inMaintenance(context, async (client) => {
      const [there] = await lookAtDatabases(client, { oids: [swapped.beforeOid] })
      return there ?? null
    })
  }
  const drop: Step<RestoreKeep> = {
    ...{ id: 'restore-drop-before', nature: 'restartable', changes: true, pointOfNoReturn: true },
    inspect: async (context) => ((await look(context)) === null ? 'done' : 'not-done'),
    async run(context) {
      const swapped = await swappedBy(dependencies, context.options, context.profile.name)
      const { before } = swapped
      if (swapped.beforeIs === 'backup') return context.result({ before })
      if (swapped.beforeIs === 'schema') await dropAside(context, swapped)
      else
        await inMaintenance(context, async (client, version) => {
          const [there] = await lookAtDatabases(client, { oids: [swapped.beforeOid] })
          if (there === undefined) return
          // Whatever has another name by now, somebody wanted to keep.
          if (there.name !== before) throw new OperationFailed('restore-before-gone', { before })
          await dropDatabase(client, version, before).catch((error: unknown) => {
            const words = wordsOfItsMachine(error)
            throw words === null
              ? error
              : new OperationFailed('restore-before-not-dropped', { before, words })
          })
        })
      context.note('restore-dropped', { before })
      context.result({ before })
    },
    // Also where the console died between the two.
    proof: (context) => dependencies.keepForGood(context.options.operation),
  }
  return [drop]
}
