/**
 * Restoring chosen tables, as steps: their rows are copied beside the tables and compared with what was counted, while nobody is held up; then the tables get
 * them in one transaction, and those from before stay in a schema of their own until they are let go.
 */
import { z } from 'zod'
import type { Inspection } from '#shared/model/operation.ts'
import type { RestoreResult, RestoreTables } from '#shared/model/restore.ts'
import { OperationFailed, type Step, type StepContext } from '../../../operations/kind.ts'
import type { PostgresConnection } from '../../../reach/postgres/connection.ts'
import { sqlName } from '../../postgres/quote.ts'
import type { Counted } from '../../postgres/snapshot.ts'
import { besideSteps } from '../beside.ts'
import type { RestoreDependencies } from '../kind.ts'
import { operatingOf, refusedFor } from '../operating.ts'
import { areReady, untilReady } from '../services.ts'
import { openSource } from '../source.ts'
import { dropHeld, exchangeRows, makeSchema } from './exchange.ts'
import { commonColumns, isOf } from './judge.ts'
import { lookAtSchema, lookAtTables, SEARCH_NOTHING, topmost } from './live.ts'
import { heldNames, inSql, tableNamesIn } from './names.ts'
import { type Rows, refuseOrphans } from './orphans.ts'
import { lookBeforeTables, refusalsOf } from './source.ts'

type Context = StepContext<RestoreTables>

export const CONNECTIONS = 1

/** Facts of the exchange, kept before it is made. */
const Exchanged = z.object({ at: z.number(), ready: z.array(z.string()) })

export function inDatabase<T>(
  context: Pick<Context, 'reach' | 'profile' | 'signal'>,
  database: string,
  work: (client: PostgresConnection['client'], connection: PostgresConnection) => Promise<T>,
): Promise<T> {
  return operatingOf(context).apart(context.signal, database, async (connection) => {
    await connection.client.query(SEARCH_NOTHING)
    return work(connection.client, connection)
  })
}

export function tablesSteps(
  dependencies: RestoreDependencies,
  options: RestoreTables,
): readonly Step<RestoreTables>[] {
  const { runJob, clock } = dependencies
  const { tables } = options
  const held = heldNames(tables)

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
    ...{ id: 'restore-tables-stage', nature: 'restartable', changes: true },
    inspect: lookStaged,
    async run(context) {
      const before = await lookBeforeTables(dependencies, context)
      const [refusal] = refusalsOf(before, options)
      if (refusal !== undefined) throw refusedFor(refusal)
      const { source, found } = before
      const { database, staged, marker } = tableNamesIn(context)
      const server = await inDatabase(context, database, async (client, connection) => {
        await dropStaged(client, context)
        await client.query('BEGIN')
        await makeSchema(client, staged, marker)
        for (const [index, table] of tables.entries()) {
          const now = found.live.tables.find(isOf(table))
          const then = found.dumped.find(isOf(table))?.columns ?? []
          const columns = now === undefined ? [] : commonColumns(now, then).map(({ name }) => sqlName(name))
          const into = inSql({ schema: staged, name: held[index] ?? '' })
          // What is lost with a crash of the server is counted before it is used.
          await client.query(
            `CREATE UNLOGGED TABLE ${into} AS SELECT ${columns.join(', ')} FROM ONLY ${inSql(table)} WITH NO DATA`,
          )
        }
        await client.query('COMMIT')
        const { host, port } = connection.server
        return { host, port, major: Math.floor(connection.version / 10_000) }
      })
      const { manifest } = source.backup
      const { postgres, ssh } = context.profile
      if (postgres === undefined) throw new OperationFailed('no-postgres', { name: context.profile.name })
      await runJob(
        {
          ...{ kind: 'stage', manifest, store: source.store, identity: source.identity },
          database: { from: source.database, into: database },
          ...{ postgres, ssh: ssh ?? null, server },
          tables: tables.map((table, index) => ({
            ...table,
            into: { schema: staged, name: held[index] ?? '' },
          })),
          name: `vakhta restore ${context.id}`,
        },
        {
          signal: context.signal,
          onProgress: (bytes) => context.progress({ bytes, totalBytes: source.part.bytes }),
        },
      )
      await inDatabase(context, database, (client) =>
        client.query(`COMMENT ON SCHEMA ${sqlName(staged)} IS '${filled(marker)}'`),
      )
    },
    undo: (context) =>
      inDatabase(context, tableNamesIn(context).database, (client) => dropStaged(client, context)),
  }

  const compare: Step<RestoreTables> = {
    ...{ id: 'restore-tables-compare', nature: 'restartable', changes: false },
    inspect: async () => 'not-done',
    async run(context) {
      const { part } = await openSource(dependencies, context.options, context.profile.name)
      const { database, staged } = tableNamesIn(context)
      await inDatabase(context, database, async (client) => {
        const expected = part.tables.filter((one) => tables.some(isOf(one)))
        const stagedOf = (table: { schema: string; name: string }) =>
          held[tables.findIndex(isOf(table))] ?? null
        const counted: Counted[] = []
        for (const table of expected) {
          const { rows } = await client.query<{ count: string }>(
            `SELECT count(*) AS count FROM ${inSql({ schema: staged, name: stagedOf(table) ?? '' })}`,
          )
          const found = Number(rows[0]?.count ?? 0)
          if (found !== table.rows) {
            const about = { table: `${table.schema}.${table.name}`, expected: table.rows, found }
            throw new OperationFailed('restore-tables-rows', about)
          }
          counted.push(table)
        }
        // Before anybody is held up; that it holds is seen again with the tables locked.
        const { inbound, outbound } = await lookAtTables(client, tables)
        const { rows } = await client.query<{ name: string; column: string }>(
          `SELECT c.relname AS name, a.attname AS column FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 WHERE n.nspname = $1`,
          [staged],
        )
        const staging: Rows = (table, columns) => {
          const name = stagedOf(table)
          if (name === null) return inSql(table)
          const hasAll = columns.every((column) =>
            rows.some((one) => one.name === name && one.column === column),
          )
          return hasAll ? inSql({ schema: staged, name }) : null
        }
        await refuseOrphans(client, topmost([...inbound, ...outbound]), staging)
        context.note('restore-tables-staged', {
          tables: counted.length,
          rows: counted.reduce((sum, one) => sum + one.rows, 0),
        })
      })
    },
  }

  const swap: Step<RestoreTables> = {
    ...{ id: 'restore-tables-swap', nature: 'restartable', changes: true },
    async inspect(context) {
      const { database, before, marker } = tableNamesIn(context)
      const there = await inDatabase(context, database, (client) => lookAtSchema(client, before))
      if (there === null) return 'not-done'
      return there.comment === marker ? 'done' : 'foreign'
    },
    async run(context) {
      const { part } = await openSource(dependencies, context.options, context.profile.name)
      const { database, staged, before, marker } = tableNamesIn(context)
      const ready = await areReady(context)
      await context.keep({ at: clock.now(), ready })
      await inDatabase(context, database, (client) =>
        exchangeRows(
          client,
          { tables, from: staged, to: { schema: before, marker }, expected: part.tables },
          { clock, signal: context.signal },
        ),
      )
      context.note('restore-tables-swapped', { before })
    },
    async undo(context) {
      const { database, before, marker } = tableNamesIn(context)
      await inDatabase(context, database, async (client) => {
        const there = await lookAtSchema(client, before)
        if (there === null) throw new OperationFailed('restore-before-gone', { before })
        if (there.comment !== marker) throw new OperationFailed('restore-tables-foreign', { schema: before })
        await exchangeRows(
          client,
          { tables, from: before, to: null, expected: null },
          { clock, signal: context.signal },
        )
      })
      context.note('restore-tables-swapped-back', {})
    },
  }

  const prove: Step<RestoreTables> = {
    ...{ id: 'restore-prove', nature: 'restartable', changes: false },
    inspect: async () => 'not-done',
    async run(context) {
      const { backup, part } = await openSource(dependencies, context.options, context.profile.name)
      const { database, before } = tableNamesIn(context)
      const exchanged = Exchanged.parse(context.facts('restore-tables-swap'))
      await inDatabase(context, database, async (client) => {
        await client.query(`ANALYZE ${tables.map(inSql).join(', ')}`)
        const there = await lookAtSchema(client, before)
        if (there === null) throw new OperationFailed('restore-before-gone', { before })
        const chosen = part.tables.filter((one) => tables.some(isOf(one)))
        context.result({
          ...{ backup: backup.manifest.id, database, before, beforeOid: there.oid, beforeIs: 'schema' },
          ...{ restored: database, restoredOid: 0, tables: chosen.length, swappedAt: exchanged.at },
          rows: chosen.reduce((sum, { rows }) => sum + rows, 0),
        } satisfies RestoreResult)
      })
      await untilReady(context, exchanged.ready, clock)
    },
  }

  // Its files are read to their end as for any restore; that goes by options which the two have in common.
  const beside = { ...options, mode: 'side-by-side' as const, swap: false }
  const verify = besideSteps(dependencies, beside).filter(({ id }) => id === 'restore-verify')
  return [
    check,
    ...(verify as readonly Step<never>[] as readonly Step<RestoreTables>[]),
    ...[stage, compare, swap, prove],
  ]
}

/** Of one whose rows are all there. */
function filled(marker: string): string {
  return `${marker}: filled`
}
