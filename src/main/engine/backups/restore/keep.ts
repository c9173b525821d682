/** Keeping what was restored: the database, or the rows of tables, from before are dropped, and there is no way back any more. Where nothing was put aside nothing is dropped. */
import type { RestoreKeep } from '#shared/model/restore.ts'
import { type Foreseen, OperationFailed, type Step, type Subject } from '../../operations/kind.ts'
import { NOTHING_FORESEEN } from '../../operations/way-back.ts'
import { dropDatabase, lookAtDatabases, wordsOfItsMachine } from './databases.ts'
import type { RestoreDependencies } from './kind.ts'
import { lookBefore } from './look-before.ts'
import { inMaintenance, refusedFor } from './operating.ts'
import { dropAside } from './tables/keep.ts'
import { secondsSince } from './undo-preview.ts'
import { type WayBack, wayBackOf } from './way-back.ts'

/** @param isBegun it goes on: that the way back is given up may be its own work */
export async function previewKeep(
  dependencies: RestoreDependencies,
  subject: Subject<RestoreKeep>,
  isBegun: boolean,
): Promise<Foreseen> {
  const way = await wayBackOf(dependencies, subject.options, subject.profile.name)
  if (way.isKept) {
    const kept = { code: 'restore-is-kept', params: { id: way.operation } }
    return { ...NOTHING_FORESEEN, ...(isBegun ? { changes: [kept] } : { refusals: [kept] }) }
  }
  const found = await lookBefore(subject, way)
  const { database } = way
  const stays = { code: 'restore-drops-nothing', params: { database } }
  if (way.to === 'nothing') return { ...NOTHING_FORESEEN, changes: [stays], irreversible: [givenUp(way)] }
  const { before } = way
  const isKnown = found.is !== 'nothing'
  const drops = {
    code: way.to === 'schema' ? 'restore-tables-drops-before' : 'restore-drops-before',
    params: { before, database },
  }
  const gone = { code: 'restore-before-dropped', params: { before } }
  const seconds = secondsSince(way.at, dependencies.clock)
  const keeps = {
    code: way.to === 'schema' ? 'restore-tables-keeps-for-good' : 'restore-keeps',
    params: { database, seconds },
  }
  const foreseen: Foreseen = {
    ...NOTHING_FORESEEN,
    irreversible: [isKnown ? keeps : givenUp(way)],
    refusals: found.is === 'refused' ? [found.why] : [],
  }
  if (way.to === 'backup') {
    const letsGo = { code: 'restore-lets-go', params: { safety: before } }
    return {
      ...foreseen,
      changes: isKnown ? [letsGo] : [letsGo, stays],
      connections: { needed: way.isSure ? 0 : 1, free: null },
    }
  }
  const name = way.to === 'schema' ? `${database}: ${before}` : before
  const bytes = found.is === 'there' ? found.bytes : null
  return {
    ...foreseen,
    changes: [found.is === 'gone' ? gone : isKnown ? drops : stays],
    databases: isKnown ? [{ name, bytes }] : [],
    connections: { needed: 1, free: null },
  }
}

function givenUp({ database }: WayBack) {
  return { code: 'restore-gives-up', params: { database } }
}

export function keepSteps(dependencies: RestoreDependencies): readonly Step<RestoreKeep>[] {
  const drop: Step<RestoreKeep> = {
    ...{ id: 'restore-drop-before', nature: 'restartable', changes: true, pointOfNoReturn: true },
    async inspect(context) {
      const way = await wayBackOf(dependencies, context.options, context.profile.name)
      // Nobody else gives it up while this one is not over.
      if (way.isKept) return 'done'
      return (await lookBefore(context, way)).is === 'gone' ? 'done' : 'not-done'
    },
    async run(context) {
      const way = await wayBackOf(dependencies, context.options, context.profile.name)
      if (way.isKept) throw new OperationFailed('restore-is-kept', { id: way.operation })
      const found = await lookBefore(context, way)
      if (found.is === 'refused') throw refusedFor(found.why)
      if (way.to !== 'nothing') context.result({ before: way.before })
      // Also where the plan said otherwise.
      if (found.is === 'nothing') context.note('restore-drops-nothing', { database: way.database })
      if (found.is !== 'there' || way.to === 'nothing' || way.to === 'backup') return
      const { before } = way
      if (way.to === 'schema') await dropAside(context, way)
      else await dropSwapped(context, way)
      context.note('restore-dropped', { before })
    },
    // Also where the console died between the two.
    proof: (context) => dependencies.keepForGood(context.options.operation),
  }
  return [drop]
}

function dropSwapped(
  context: Pick<Subject<unknown>, 'reach' | 'profile' | 'signal'>,
  { oid, before }: Extract<WayBack, { readonly to: 'database' }>,
): Promise<void> {
  return inMaintenance(context, async (client, version) => {
    const [there] = await lookAtDatabases(client, { oids: [oid] })
    if (there === undefined) return
    // Whatever has another name by now, somebody wanted to keep.
    if (there.name !== before) throw new OperationFailed('restore-before-gone', { before })
    await dropDatabase(client, version, before).catch((error: unknown) => {
      const words = wordsOfItsMachine(error)
      throw words === null ? error : new OperationFailed('restore-before-not-dropped', { before, words })
    })
  })
}
