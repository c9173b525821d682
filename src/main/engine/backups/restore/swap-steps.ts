/**
 * The two databases of a restore change names, in one transaction, and are seen to be used. Which is which is told by their oids, which are on
 * record before, and keep while names change.
 */
import { z } from 'zod'
import type { Inspection } from '#shared/model/operation.ts'
import type { RestoreBeside, RestoreResult } from '#shared/model/restore.ts'
import { OperationFailed, type Step, type StepContext } from '../../operations/kind.ts'
import { commentOn, lookAtDatabases, type Querying } from './databases.ts'
import type { RestoreDependencies } from './kind.ts'
import { filledMarker } from './names.ts'
import { inMaintenance, namesIn, operatingOf } from './operating.ts'
import { areReady, untilReady } from './services.ts'
import { renameDatabases } from './swap.ts'

type Context = StepContext<RestoreBeside>

/** Facts of the swap, kept before it is made. */
const Swapped = z.object({ original: z.number(), restored: z.number(), at: z.number() })
type Swapped = z.infer<typeof Swapped>

function swapped(context: Context): Swapped | null {
  return Swapped.safeParse(context.facts('restore-swap')).data ?? null
}

async function names(client: Querying, oids: Swapped) {
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
    if (old?.name === database && restored?.name === beside) return 'not-done'
    return old?.name === before && restored?.name === database ? 'done' : 'foreign'
  })
}

export function swapSteps({ clock }: Pick<RestoreDependencies, 'clock'>): readonly Step<RestoreBeside>[] {
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
      const at = clock.now()
      await context.keep({ original: old.oid, restored: restored.oid, at, ready })
      await renameDatabases(
        operatingOf(context),
        context.signal,
        [
          { oid: old.oid, from: database, to: before },
          { oid: restored.oid, from: beside, to: database },
        ],
        [commentOn(database, old.comment)],
      )
      // What the watch met meanwhile, a database that was not there, would wait for a person.
      context.reach().retry()
      context.note('restore-swapped', { database, before })
    },
    async undo(context) {
      const oids = swapped(context)
      const { database, beside, before, marker } = namesIn(context)
      if (oids === null) throw new OperationFailed('restore-foreign', { database })
      const { original: old, restored } = await inMaintenance(context, (client) => names(client, oids))
      if (old === null) throw new OperationFailed('restore-before-gone', { before })
      if (old.name === database && restored?.name === beside) return
      if (old.name !== before || restored?.name !== database)
        throw new OperationFailed('restore-foreign', { database })
      await renameDatabases(
        operatingOf(context),
        context.signal,
        [
          { oid: restored.oid, from: database, to: beside },
          { oid: old.oid, from: before, to: database },
        ],
        [commentOn(beside, filledMarker(marker))],
      )
      context.reach().retry()
      context.note('restore-swapped-back', { database })
    },
  }

  const prove: Step<RestoreBeside> = {
    ...{ id: 'restore-prove', nature: 'restartable', changes: false },
    inspect: async () => 'not-done',
    async run(context) {
      const { database, before } = namesIn(context)
      await operatingOf(context).apart(context.signal, database, async ({ client }) => {
        const { rows } = await client.query<{ oid: number }>(
          'SELECT oid FROM pg_database WHERE datname = current_database()',
        )
        const oids = swapped(context)
        if (oids === null || Number(rows[0]?.oid) !== oids.restored)
          throw new OperationFailed('restore-foreign', { database })
        // Here, and not where it is swapped: a kill right after that leaves only what is on record.
        context.result({
          ...{ before, beforeOid: oids.original, restored: database, restoredOid: oids.restored },
          swappedAt: oids.at,
        } satisfies Partial<RestoreResult>)
      })
      const ready = context.facts('restore-swap')?.ready
      await untilReady(context, Array.isArray(ready) ? ready.map(String) : [], clock)
    },
  }

  return [swap, prove]
}
