/**
 * Restoring in place where there is no room for a second database, as steps: a backup of what is there, read back; then one transaction, which replaces all of it or
 * nothing. The way back is the same with that backup.
 */
import type { Inspection } from '#shared/model/operation.ts'
import type { RestoreInPlace, RestoreResult, RestoreSwapped } from '#shared/model/restore.ts'
import { OperationFailed, type Step, type StepContext } from '../../../operations/kind.ts'
import { comparedFacts, comparedOf } from '../../compared.ts'
import { heedFault } from '../../kinds/verify-step.ts'
import { analysed } from '../analysed.ts'
import { besideSteps } from '../beside.ts'
import { lookAtDatabases } from '../databases.ts'
import type { RestoreDependencies } from '../kind.ts'
import { inMaintenance, operatingOf, refusedFor } from '../operating.ts'
import { letGoOn, type PausedPool, relievePools, whilePaused } from '../pooler/pausing.ts'
import { aboutRoom, inMebibytes, type Looking, lookForRoom, wayOf } from '../room.ts'
import { areReady, untilReady, untilReadyAgain, whenReached } from '../services.ts'
import { openSource, recallSource, type Source } from '../source.ts'
import { staging, stagingOfOne } from '../staging.ts'
import { endSessions } from '../swap.ts'
import { tellDiffering } from '../told-differing.ts'
import { countWrittenOfExtensions } from '../written.ts'
import { createHolding } from './holding.ts'
import { refusalsInPlace } from './preflight.ts'
import { heedSafety, safetyOf, safetySteps } from './safety.ts'
import { isStillIts, Transactions, whetherReplaced } from './transaction.ts'

type Context = StepContext<RestoreInPlace>

/** The session that restores, and the one that ends the others. */
export const CONNECTIONS = 2
export const REPLACE = 'restore-in-place'

export function inPlaceSteps(
  dependencies: RestoreDependencies,
  options: RestoreInPlace,
): readonly Step<RestoreInPlace>[] {
  const { clock, making } = dependencies
  const source = ({ options: asked, profile }: Context) => openSource(dependencies, asked, profile.name)

  const check: Step<RestoreInPlace> = {
    ...{ id: 'restore-check', nature: 'restartable', changes: false },
    inspect: async () => 'not-done',
    async run(context) {
      const from = await source(context)
      const { refusals, found } = await refusalsInPlace(dependencies, context, from)
      const [refusal] = refusals
      if (refusal !== undefined) throw refusedFor(refusal)
      // Where somebody wants it tried though there is none, it is not asked again.
      const hasRoom = wayOf(await lookForRoom(context, from)) !== 'too-small'
      await context.keep({ oid: found.database?.oid ?? null, hasRoom })
    },
  }

  const replace: Step<RestoreInPlace> = {
    ...{ id: REPLACE, nature: 'restartable', changes: true },
    async inspect(context) {
      const facts = transactionsOf(context)
      if (facts === null) return 'not-done'
      const found = await became(context, facts)
      if (found === 'done') tellReplaced(context, facts)
      return found === 'not-done' && facts.paused.length > 0 ? 'partial' : found
    },
    async run(context) {
      await heedSafety(making, context, transactionsOf(context) !== null)
      const database = oidOf(context)
      const facts = { back: null, at: clock.now(), since: null, ready: await areReady(context), database }
      let replaced: Transactions | null = null
      const keep = ({ transaction: there, schema, paused }: Reached) => {
        replaced = { ...facts, there, schema, paused, written: null }
        return context.keep(replaced)
      }
      const from = await source(context)
      if (context.facts('restore-check')?.hasRoom === true) {
        // The safety backup, and whoever else writes there, took some meanwhile.
        const room = await lookForRoom(context, from, true)
        if (wayOf(room) === 'too-small')
          throw new OperationFailed('restore-in-place-too-small', {
            ...{ database: from.database, ...inMebibytes(room) },
          })
      }
      await replaceWith(dependencies, context, { source: from, oid: database }, keep)
      const since = clock.now()
      // Everything in it was made anew: whatever is counted besides these rows and those of extensions, others have written, who were let in by then.
      const rows = from.part.tables.reduce((sum, table) => sum + table.rows, 0)
      const ofExtensions = await countWrittenOfExtensions(context, from.database)
      const written = ofExtensions && { ...ofExtensions, inserted: ofExtensions.inserted + rows }
      if (replaced !== null) await context.keep({ ...(replaced as Transactions), since, written })
      context.note('compared', comparedFacts(comparedOf(from.part)))
      context.note('restore-in-place-done', { safety: safetyOf(context) })
      tellReplaced(context, facts)
    },
    async undo(context) {
      const facts = transactionsOf(context)
      const backup = safetyOf(context)
      const { database = '' } = context.options
      if (facts === null) throw new OperationFailed('restore-foreign', { database })
      // It was rolled back with the console that was killed, and only the pools wait.
      if ((await became(context, facts)) === 'not-done') return letGoOn(context, clock, facts)
      const safety = await openSource(dependencies, { backup, database }, context.profile.name)
      const { signal } = context
      const isIts = await operatingOf(context).apart(signal, database, ({ client }) =>
        isStillIts(client, facts),
      )
      if (!isIts) throw new OperationFailed('restore-in-place-replaced', { database, safety: backup })
      const keep = ({ transaction: back, paused }: Reached) =>
        context.keep({ ...facts, back, paused } satisfies Transactions)
      const [refusal] = (await roomBack(context, safety)).refusals
      if (refusal !== undefined) throw refusedFor(refusal)
      await replaceWith(dependencies, context, { source: safety, oid: facts.database }, keep)
      await analysedWhole(context)
      context.note('restore-in-place-back', { safety: backup })
      await untilReadyAgain(context, facts.ready, clock)
    },
    /** After a kill right after the pools were told to wait. */
    proof: (context) => letGoOn(context, clock, transactionsOf(context)),
    relieve: (context) => relievePools(context, clock, transactionsOf(context)),
  }

  const analyse: Step<RestoreInPlace> = {
    ...{ id: 'restore-analyse', nature: 'restartable', changes: false },
    inspect: async () => 'not-done',
    run: analysedWhole,
  }

  const prove: Step<RestoreInPlace> = {
    ...{ id: 'restore-prove', nature: 'restartable', changes: false },
    inspect: async () => 'not-done',
    async run(context) {
      const { options: asked, profile } = context
      const { database = '' } = asked
      const facts = transactionsOf(context)
      if (facts === null) throw new OperationFailed('restore-foreign', { database })
      tellReplaced(context, facts)
      const part = (await recallSource(dependencies, asked, profile.name))?.part
      context.result({
        ...{ backup: asked.backup, restored: database, restoredOid: facts.database ?? 0 },
        ...(part !== undefined && {
          ...{ tables: part.tables.length, rows: part.tables.reduce((sum, { rows }) => sum + rows, 0) },
        }),
      } satisfies Partial<RestoreResult>)
      const letIn = { since: facts.since, clock }
      await whenReached(context, { database, ...letIn }, async () => {
        if ((await replace.inspect(context)) !== 'done')
          throw new OperationFailed('restore-foreign', { database })
      })
      await untilReady(context, facts.ready, letIn)
    },
  }

  // The backup's files are read to their end as for any restore; that goes by options which the two have in common.
  const beside = { ...options, mode: 'side-by-side' as const, swap: false }
  const verify = besideSteps(dependencies, beside).filter(({ id }) => id === 'restore-verify')
  return [
    check,
    ...(verify as readonly Step<never>[] as readonly Step<RestoreInPlace>[]),
    ...safetySteps(making),
    // Statistics may take long; whether what is there works is known before people have worked in it for that long.
    ...[replace, prove, analyse],
  ]
}

/** Whoever gives it up from now on may let go of the safety backup, or go back to it. */
function tellReplaced(context: Context, { at }: Pick<Transactions, 'at'>): void {
  const { database = '' } = context.options
  context.result({
    ...{ database, before: null, beforeOid: null, swappedAt: at, safety: safetyOf(context) },
  } satisfies RestoreSwapped)
}

/** What it takes is an estimate, and there is no other way back: refused is only what cannot be, and nothing where it was tried forth without room. */
export async function roomBack(
  context: Looking & Pick<Context, 'facts'>,
  safety: Pick<Source, 'database' | 'part'>,
): Promise<ReturnType<typeof aboutRoom>> {
  if (context.facts('restore-check')?.hasRoom !== true) return { warnings: [], refusals: [] }
  return aboutRoom(await lookForRoom(context, safety, true))
}

/** Whether the database is what was restored. */
function became(context: Context, facts: Transactions): Promise<Inspection> {
  return inMaintenance(context, (client) => whetherReplaced(client, facts, sessionOf(context)))
}

/** @returns `null`: the transaction was not begun */
export function transactionsOf(context: Pick<Context, 'facts'>): Transactions | null {
  return Transactions.safeParse(context.facts(REPLACE)).data ?? null
}

/** What the session that restores is called. */
function sessionOf({ id }: Pick<Context, 'id'>): string {
  return `vakhta restore ${id}`
}

/** The database that was looked at before anything was done. */
function oidOf(context: Context): number | null {
  const oid = context.facts('restore-check')?.oid
  return typeof oid === 'number' ? oid : null
}

/** How far the transaction is, and what waits for it. */
interface Reached {
  readonly transaction: string
  /** The oid of the `public` that was made in it; `null`: not yet. */
  readonly schema: number | null
  readonly paused: PausedPool[]
}

/**
 * Sessions are ended while the pools wait, until what was there is locked: what their clients ask for next waits for that. The pools go on by then, because
 * whoever waits at a pooler for as long as a restore takes is sent away.
 * @param keep is told the number of the transaction before anything is done in it, and again with the schema that was made in it
 */
async function replaceWith(
  dependencies: RestoreDependencies,
  context: Context,
  { source, oid }: { readonly source: Source; readonly oid: number | null },
  keep: (reached: Reached) => Promise<void>,
): Promise<void> {
  const { runJob, clock } = dependencies
  const { profile, signal } = context
  const { backup, part, store, identity, database } = source
  const { manifest } = backup
  const { postgres, ssh = null } = profile
  if (postgres === undefined) throw new OperationFailed('no-postgres', { name: profile.name })
  const name = sessionOf(context)
  const reach = context.reach()
  await inMaintenance(context, async (client, version, { server: { host, port } }) => {
    const [there] = await lookAtDatabases(client, { names: [database] })
    if (there === undefined) throw new OperationFailed('restore-no-database', { database })
    if (there.oid !== oid) throw new OperationFailed('restore-foreign', { database })
    let reachedSoFar: Reached = {
      transaction: '',
      schema: null,
      paused: transactionsOf(context)?.paused ?? [],
    }
    const tell = (more: Partial<Reached>) => {
      reachedSoFar = { ...reachedSoFar, ...more }
      return keep(reachedSoFar)
    }
    const holding = createHolding({
      clock,
      whilePaused: (work) =>
        whilePaused(
          context,
          clock,
          source.database,
          {
            ours: reachedSoFar.paused,
            keep: (paused: readonly PausedPool[]) => tell({ paused: [...paused] }),
          },
          work,
        ),
      endSessions: () => endSessions(client, [there.oid], name),
      // The watch was cut off with the others.
      onEnd: () => reach.retry(),
    })
    try {
      const replaced = await runJob(
        {
          ...{ kind: 'replace', manifest, store, identity, postgres, ssh, name },
          ...{ database: { from: database, into: database } },
          server: { host, port, major: Math.floor(version / 10_000) },
          ...staging(stagingOfOne(dependencies, profile, source)),
        },
        {
          signal,
          onProgress: (bytes) => context.progress({ bytes, totalBytes: part.bytes }),
          async onReached(reached) {
            const { what, transaction } = reached
            await tell({ transaction, schema: what === 'emptied' ? reached.schema : null })
            if (what === 'emptied') await holding.stop()
            else if (!holding.isBegun()) await holding.begin()
          },
        },
      ).catch(async (error: unknown) => {
        await heedFault(dependencies, backup, signal, error)
        throw error
      })
      tellDiffering(context, database, replaced)
    } finally {
      await holding.end()
    }
  })
}

function analysedWhole(context: Context): Promise<void> {
  const { options, signal } = context
  const { database = '' } = options
  return analysed(context, database, () =>
    operatingOf(context).apart(signal, database, ({ client }) => client.query('ANALYZE')),
  )
}
