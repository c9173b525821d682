/**
 * The two databases of a restore change names, in one transaction, and are seen to be used. Which is which is told by their oids, which are on
 * record before, and keep while names change.
 */
import { z } from 'zod'
import type { Inspection } from '#shared/model/operation.ts'
import type { RestoreBeside, RestoreResult, RestoreSwapped } from '#shared/model/restore.ts'
import { OperationFailed, type Step, type StepContext } from '../../operations/kind.ts'
import { sqlName } from '../postgres/quote.ts'
import { commentOn, isBroken, isClosed, lookAtDatabases, type Querying } from './databases.ts'
import type { RestoreDependencies } from './kind.ts'
import { filledMarker } from './names.ts'
import { inMaintenance, namesIn, operatingOf } from './operating.ts'
import { letGoOn, PausedPool, relievePools, whilePaused } from './pooler/pausing.ts'
import { areReady, untilReady, untilReadyAgain, whenReached } from './services.ts'
import { renameDatabases } from './swap.ts'
import { countWritten, Written } from './written.ts'

type Context = StepContext<RestoreBeside>

/** Facts of the swap, kept before it is made. */
const Swapped = z.object({
  ...{ original: z.number(), restored: z.number(), at: z.number() },
  /** Services that were ready before. */
  ready: z.array(z.string()).default([]),
  /** Pools that may wait for us. */
  paused: z.array(PausedPool).default([]),
  /** To what was restored, until it was swapped in. */
  written: Written.nullable().default(null),
})
type Swapped = z.infer<typeof Swapped>

/** @returns `null`: the swap was not begun */
export function swapped({ facts }: Pick<Context, 'facts'>): Swapped | null {
  return Swapped.safeParse(facts('restore-swap')).data ?? null
}

async function names(client: Querying, oids: Pick<Swapped, 'original' | 'restored'>) {
  const found = await lookAtDatabases(client, { oids: [oids.original, oids.restored] })
  const nameOf = (oid: number) => found.find((one) => one.oid === oid) ?? null
  return { original: nameOf(oids.original), restored: nameOf(oids.restored) }
}

async function isSwapped(context: Context): Promise<Inspection> {
  const oids = swapped(context)
  if (oids === null) return 'not-done'
  const { database, beside, before } = namesIn(context)
  return inMaintenance(context, async (client) => {
    const { original: old, restored } = await names(client, oids)
    if (old?.name === database && restored?.name === beside)
      return oids.paused.length > 0 ? 'partial' : 'not-done'
    if (old?.name !== before || restored?.name !== database) return 'foreign'
    tellSwapped(context, oids)
    return 'done'
  })
}

/** Whoever gives it up from now on may keep it, or go back. */
function tellSwapped(context: Context, { original, at }: Swapped): void {
  const { database, before } = namesIn(context)
  context.result({
    ...{ database, before, beforeOid: original, swappedAt: at },
  } satisfies RestoreSwapped)
}

export function swapSteps(
  dependencies: Pick<RestoreDependencies, 'clock' | 'backedUp'>,
): readonly Step<RestoreBeside>[] {
  const { clock } = dependencies

  /** What others made is entered as seldom as can be. */
  const isForeign = async ({ options }: Context) =>
    (await dependencies.backedUp.catalogue.get(options.backup))?.manifest.foreign !== undefined

  /** The names change while the pools to the database wait. */
  const whileHeldBack = (context: Context, facts: Swapped, work: () => Promise<void>) =>
    whilePaused(
      context,
      clock,
      namesIn(context).database,
      { ours: facts.paused, keep: (paused) => context.keep({ ...facts, paused: [...paused] }) },
      work,
    )

  const swap: Step<RestoreBeside> = {
    ...{ id: 'restore-swap', nature: 'restartable', changes: true },
    inspect: isSwapped,
    async run(context) {
      const { database, beside, before } = namesIn(context)
      const { old, restored } = await inMaintenance(context, async (client) => {
        const found = await lookAtDatabases(client, { names: [database, beside] })
        const named = (name: string) => found.find((one) => one.name === name)
        return { old: named(database), restored: named(beside) }
      })
      // What was looked at first is what is swapped out.
      if (old === undefined || restored === undefined || old.oid !== context.facts('restore-check')?.oid)
        throw new OperationFailed('restore-foreign', { database })
      const ready = await areReady(context)
      const written = (await isForeign(context)) ? null : await countWritten(context, beside)
      const at = clock.now()
      const ours = swapped(context)?.paused ?? []
      const facts: Swapped = {
        original: old.oid,
        restored: restored.oid,
        at,
        ready,
        paused: [...ours],
        written,
      }
      await context.keep(facts)
      await whileHeldBack(context, facts, () =>
        renameDatabases(
          operatingOf(context),
          context.signal,
          [
            { oid: old.oid, from: database, to: before },
            { oid: restored.oid, from: beside, to: database },
          ],
          [
            commentOn(database, old.comment),
            // Who closed it wants nobody in what takes its place.
            ...(isClosed(old) ? [`ALTER DATABASE ${sqlName(database)} ALLOW_CONNECTIONS false`] : []),
          ],
        ),
      )
      // What the watch met meanwhile, a database that was not there, would wait for a person.
      context.reach().retry()
      context.note('restore-swapped', { database, before })
      tellSwapped(context, facts)
    },
    async undo(context) {
      const oids = swapped(context)
      const { database, beside, before, marker } = namesIn(context)
      if (oids === null) throw new OperationFailed('restore-foreign', { database })
      const { original: old, restored } = await inMaintenance(context, (client) => names(client, oids))
      if (old === null) throw new OperationFailed('restore-before-gone', { before })
      if (old.name === database && restored?.name === beside) return letGoOn(context, clock, oids)
      if (old.name !== before || restored?.name !== database)
        throw new OperationFailed('restore-foreign', { database })
      if (isBroken(old)) throw new OperationFailed('restore-before-broken', { before })
      await whileHeldBack(context, oids, () =>
        renameDatabases(
          operatingOf(context),
          context.signal,
          [
            { oid: restored.oid, from: database, to: beside },
            { oid: old.oid, from: before, to: database },
          ],
          [commentOn(beside, filledMarker(marker))],
        ),
      )
      context.reach().retry()
      context.note('restore-swapped-back', { database })
      await untilReadyAgain(context, oids.ready, clock)
    },
    /** After a kill right after the names changed. */
    proof: (context) => letGoOn(context, clock, swapped(context)),
    relieve: (context) => relievePools(context, clock, swapped(context)),
  }

  const prove: Step<RestoreBeside> = {
    ...{ id: 'restore-prove', nature: 'restartable', changes: false },
    inspect: async () => 'not-done',
    async run(context) {
      const { database } = namesIn(context)
      const oids = swapped(context)
      if (oids === null) throw new OperationFailed('restore-foreign', { database })
      const letIn = { since: oids.at, clock }
      tellSwapped(context, oids)
      context.result({ restored: database, restoredOid: oids.restored } satisfies Partial<RestoreResult>)
      await whenReached(context, { database, ...letIn }, async () => {
        const [there] = await inMaintenance(context, (client) =>
          lookAtDatabases(client, { names: [database] }),
        )
        if (there?.oid !== oids.restored) throw new OperationFailed('restore-foreign', { database })
        if (isClosed(there)) context.note('restore-swapped-closed', { database })
        else await operatingOf(context).apart(context.signal, database, async () => {})
      })
      await untilReady(context, oids.ready, letIn)
    },
  }

  return [swap, prove]
}
