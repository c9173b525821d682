/**
 * Restoring chosen tables, as steps: their rows are copied beside the tables and compared with what was counted, while nobody is held up; then the tables get
 * them in one transaction, and those from before stay in a schema of their own until they are let go.
 */
import { z } from 'zod'
import type { Inspection } from '#shared/model/operation.ts'
import type { RestoreResult, RestoreSwapped, RestoreTables } from '#shared/model/restore.ts'
import { OperationFailed, type Step, type StepContext } from '../../../operations/kind.ts'
import type { PostgresConnection } from '../../../reach/postgres/connection.ts'
import { sqlName } from '../../postgres/quote.ts'
import type { Table } from '../../postgres/snapshot.ts'
import { analysed } from '../analysed.ts'
import { besideSteps } from '../beside.ts'
import { roleOf } from '../foreign.ts'
import type { RestoreDependencies } from '../kind.ts'
import { refusedFor } from '../operating.ts'
import { areReady, untilReady, untilReadyAgain, whenReached } from '../services.ts'
import { openSource, recallSource } from '../source.ts'
import { staging, stagingOfOne } from '../staging.ts'
import { countWrittenWithin, Written } from '../written.ts'
import { attachTables, type Note } from './attach.ts'
import { closeBuilder, dropBuilder, makeBuilder } from './builder.ts'
import { compareStep } from './compare.ts'
import { dropping } from './detach.ts'
import { dropHeld, exchangeRows, makeSchema } from './exchange.ts'
import { inDatabase } from './in-database.ts'
import { isOf } from './is-of.ts'
import { commonColumns } from './judge-columns.ts'
import { besidesMissing, keysAgain } from './judge-missing.ts'
import { lookAtSchema } from './live.ts'
import { Keys, Made, STAGE, sorted } from './made.ts'
import { builtSchemas, heldNames, inSql, inWords, tableNamesIn } from './names.ts'
import { lookAtDumped, lookBeforeTables, lookForGone, refusalsOf } from './source.ts'
import { makeStaged } from './staged.ts'

type Context = StepContext<RestoreTables>

export const CONNECTIONS = 1

export const SWAP = 'restore-tables-swap'

/** Facts of the exchange, kept before it is made. */
export const Exchanged = z.object({
  ...{ at: z.number(), ready: z.array(z.string()), keys: Keys.default([]) },
  /** To what is restored, by the end of it; `null`: it was cut off before that was kept, or it cannot be counted. */
  written: Written.nullable().default(null),
  /** When people were let in to it, milliseconds since the epoch; `null`: it was cut off before that was kept. */
  since: z.number().nullable().default(null),
})

export function tablesSteps(
  dependencies: RestoreDependencies,
  options: RestoreTables,
): readonly Step<RestoreTables>[] {
  const { runJob, clock } = dependencies
  const { tables } = options

  async function lookStaged(context: Context): Promise<Inspection> {
    const { database, staged, marker } = tableNamesIn(context)
    const there = await inDatabase(context, database, (client) => lookAtSchema(client, staged))
    if (there === null) return 'not-done'
    if (there.comment === filled(marker)) return 'done'
    return there.comment === marker ? 'partial' : 'foreign'
  }

  async function dropStaged(client: PostgresConnection['client'], context: Context): Promise<void> {
    const { staged, marker } = tableNamesIn(context)
    const there = await lookAtSchema(client, staged)
    if (there === null) return
    if (there.comment !== marker && there.comment !== filled(marker))
      throw new OperationFailed('restore-tables-foreign', { schema: staged })
    await client.query('BEGIN')
    await dropBuilder(client, tableNamesIn(context))
    await dropHeld(client, staged)
    await client.query('COMMIT')
  }

  const check: Step<RestoreTables> = {
    ...{ id: 'restore-check', nature: 'restartable', changes: false },
    inspect: async () => 'not-done',
    async run(context) {
      const [refusal] = refusalsOf(await lookBeforeTables(dependencies, context), options)
      if (refusal !== undefined) throw refusedFor(refusal)
    },
  }

  const stage: Step<RestoreTables> = {
    ...{ id: STAGE, nature: 'restartable', changes: true },
    inspect: lookStaged,
    async run(context) {
      const before = await lookBeforeTables(dependencies, context)
      const [refusal] = refusalsOf(before, options)
      if (refusal !== undefined) throw refusedFor(refusal)
      const { source, found } = before
      const { missing, chosen } = found
      const names = tableNamesIn(context)
      const { database, staged, marker } = names
      const present = chosen.filter((table) => found.live.tables.some(isOf(table)))
      const isWhole = (table: Table) => found.live.tables.find(isOf(table))?.kind === 'p'
      const held = heldNames(present)
      const server = await inDatabase(context, database, async (client, connection) => {
        await dropStaged(client, context)
        await client.query('BEGIN')
        await makeSchema(client, staged, marker)
        for (const [index, table] of present.entries()) {
          const now = found.live.tables.find(isOf(table))
          const then = found.dumped.find(isOf(table))?.columns ?? []
          // What is partitioned has no rows of its own.
          if (now === undefined || now.kind === 'p') continue
          const columns = commonColumns(now, then).map(({ name }) => name)
          await makeStaged(client, { schema: staged, name: held[index] ?? '' }, now, columns)
        }
        if (missing !== null)
          await makeBuilder(
            client,
            names,
            chosen,
            missing.definitions.tables.flatMap(({ needs }) => needs),
          )
        await client.query('COMMIT')
        const { host, port } = connection.server
        return { host, port, major: Math.floor(connection.version / 10_000) }
      })
      const { manifest } = source.backup
      const { postgres, ssh } = context.profile
      if (postgres === undefined) throw new OperationFailed('no-postgres', { name: context.profile.name })
      const job = {
        ...{ manifest, store: source.store, identity: source.identity },
        database: { from: source.database, into: database },
        ...{ postgres, ssh: ssh ?? null, server },
        name: `vakhta restore ${context.id}`,
        ...staging(stagingOfOne(dependencies, context.profile, source)),
      }
      const into = present.flatMap((table, index) =>
        isWhole(table) ? [] : [{ ...table, into: { schema: staged, name: held[index] ?? '' } }],
      )
      // A pass over the backup for each of the two.
      const passes = Number(into.length > 0) + Number(missing !== null)
      const limits = (pass: number) => ({
        signal: context.signal,
        onProgress: (bytes: number) =>
          context.progress({
            bytes: bytes + pass * source.part.bytes,
            totalBytes: passes * source.part.bytes,
          }),
      })
      if (into.length > 0) await runJob({ ...job, kind: 'stage', tables: into }, limits(0))
      const all = chosen.map(({ schema, name }) => ({ schema, name }))
      if (missing !== null) {
        const schemas = builtSchemas(names, chosen)
        const made = missing.definitions.tables.map((table) => ({
          ...table,
          into: schemas.get(table.schema) ?? '',
        }))
        const built = await runJob(
          { ...job, kind: 'build', role: roleOf(names), tables: made },
          limits(passes - 1),
        )
        await inDatabase(context, database, (client) => closeBuilder(client, names))
        await context.keep({ ...Made.parse(built), chosen: all })
      } else await context.keep({ tables: [], sequences: [], chosen: all })
      await inDatabase(context, database, (client) =>
        client.query(`COMMENT ON SCHEMA ${sqlName(staged)} IS '${filled(marker)}'`),
      )
    },
    undo: (context) =>
      inDatabase(context, tableNamesIn(context).database, (client) => dropStaged(client, context)),
  }

  const swap: Step<RestoreTables> = {
    ...{ id: SWAP, nature: 'restartable', changes: true },
    async inspect(context) {
      const { database, before, marker } = tableNamesIn(context)
      const there = await inDatabase(context, database, (client) => lookAtSchema(client, before))
      if (there === null) return 'not-done'
      if (there.comment !== marker) return 'foreign'
      tellExchanged(context, there.oid)
      return 'done'
    },
    async run(context) {
      const source = await openSource(dependencies, context.options, context.profile.name)
      const names = tableNamesIn(context)
      const { database, staged, before, marker } = names
      const { made, present, chosen } = sorted(context, tables)
      const ready = await areReady(context)
      const found = made === null ? null : await lookForGone(dependencies, context, source, made.tables)
      const keys = found === null ? [] : keysAgain(found).filter(({ not }) => not === null)
      const dumped = await lookAtDumped(dependencies, context, source, present)
      const facts = {
        ...{ at: clock.now(), ready },
        keys: keys.map(({ key }) => ({ ...key.from, constraint: key.name })),
      }
      await context.keep(facts)
      const notes: Note[] = []
      const counted: { written: Written | null } = { written: null }
      const schemas = builtSchemas(names, chosen)
      await inDatabase(context, database, (client) =>
        exchangeRows(
          client,
          {
            ...{
              tables: present,
              from: staged,
              to: { schema: before, marker },
              expected: source.part.tables,
              dumped,
              async done(inTransaction) {
                counted.written = await countWrittenWithin(inTransaction, chosen)
              },
            },
            ...(made !== null &&
              found !== null && {
                besides: {
                  locks: { tables: besidesMissing(found), mode: 'SHARE ROW EXCLUSIVE' as const },
                  async last(inTransaction) {
                    const schemaOf = ({ schema }: Table) => schemas.get(schema) ?? ''
                    const attaching = {
                      ...{ found, built: made, schemaOf, role: roleOf(names), staged, filled: present },
                    }
                    notes.push(...(await attachTables(inTransaction, attaching)))
                    await dropBuilder(inTransaction, names)
                  },
                },
              }),
          },
          { clock, signal: context.signal },
        ),
      )
      await context.keep({ ...facts, ...counted, since: clock.now() })
      if (present.length > 0) context.note('restore-tables-swapped', { before })
      if (made !== null) context.note('restore-tables-made', { tables: made.tables.map(inWords).join(', ') })
      for (const { code, params } of notes) context.note(code, params)
      const there = await inDatabase(context, database, (client) => lookAtSchema(client, before))
      if (there !== null) tellExchanged(context, there.oid)
    },
    async undo(context) {
      const { database, before, marker } = tableNamesIn(context)
      const { made, present } = sorted(context, tables)
      const { keys, ready } = Exchanged.parse(context.facts(SWAP))
      await inDatabase(context, database, async (client) => {
        const there = await lookAtSchema(client, before)
        if (there === null) throw new OperationFailed('restore-before-gone', { before })
        if (there.comment !== marker) throw new OperationFailed('restore-tables-foreign', { schema: before })
        const back = { tables: present, from: before, to: null, expected: null }
        const besides = made === null ? undefined : await dropping(client, made.tables, keys)
        await exchangeRows(
          client,
          { ...back, ...(besides !== undefined && { besides }) },
          { clock, signal: context.signal },
        )
      })
      if (present.length > 0) context.note('restore-tables-swapped-back', {})
      if (made !== null)
        context.note('restore-tables-dropped-again', { tables: made.tables.map(inWords).join(', ') })
      await untilReadyAgain(context, ready, clock)
    },
  }

  const prove: Step<RestoreTables> = {
    ...{ id: 'restore-prove', nature: 'restartable', changes: false },
    inspect: async () => 'not-done',
    async run(context) {
      const { options: asked, profile } = context
      const { database, before } = tableNamesIn(context)
      const exchanged = Exchanged.parse(context.facts(SWAP))
      const source = await recallSource(dependencies, asked, profile.name)
      const { chosen: all } = sorted(context, tables)
      const chosen = source?.part.tables.filter((one) => all.some(isOf(one))) ?? []
      const letIn = { since: exchanged.since, clock }
      await whenReached(context, { database, ...letIn }, () =>
        inDatabase(context, database, async (client) => {
          const there = await lookAtSchema(client, before)
          if (there === null) throw new OperationFailed('restore-before-gone', { before })
          tellExchanged(context, there.oid)
        }),
      )
      context.result({
        ...{ backup: asked.backup, restored: database, restoredOid: 0 },
        ...(source !== null && {
          ...{ tables: chosen.length, rows: chosen.reduce((sum, { rows }) => sum + rows, 0) },
        }),
      } satisfies Partial<RestoreResult>)
      await untilReady(context, exchanged.ready, letIn)
      await analysed(context, database, () =>
        inDatabase(context, database, (client) => client.query(`ANALYZE ${tables.map(inSql).join(', ')}`)),
      )
    },
  }

  // Its files are read to their end as for any restore; that goes by options which the two have in common.
  const beside = { ...options, mode: 'side-by-side' as const, swap: false }
  const verify = besideSteps(dependencies, beside).filter(({ id }) => id === 'restore-verify')
  return [
    check,
    ...(verify as readonly Step<never>[] as readonly Step<RestoreTables>[]),
    ...[stage, compareStep(dependencies, tables), swap, prove],
  ]
}

/** Whoever gives it up from now on may keep it, or go back. */
function tellExchanged(context: Context, beforeOid: number): void {
  const { database, before } = tableNamesIn(context)
  const { at: swappedAt } = Exchanged.parse(context.facts(SWAP))
  context.result({ database, before, beforeOid, beforeIs: 'schema', swappedAt } satisfies RestoreSwapped)
}

/** Of one whose rows are all there. */
function filled(marker: string): string {
  return `${marker}: filled`
}
