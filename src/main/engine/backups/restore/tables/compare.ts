/** What came over is compared with what was counted, and it is seen that foreign keys would hold, before anybody is held up. */
import type { RestoreTables } from '#shared/model/restore.ts'
import { OperationFailed, type Step } from '../../../operations/kind.ts'
import type { Counted, Table } from '../../postgres/snapshot.ts'
import type { Querying } from '../databases.ts'
import type { RestoreDependencies } from '../kind.ts'
import { openSource } from '../source.ts'
import { keysThatCall } from './calling.ts'
import { inDatabase } from './in-database.ts'
import { isOf } from './is-of.ts'
import { type Live, lookAtTables, topmost } from './live.ts'
import { sorted } from './made.ts'
import { heldNames, inSql, inWords, tableNamesIn } from './names.ts'
import { type Rows, refuseOrphans } from './orphans.ts'
import { TEXT } from './staged.ts'

export function compareStep(
  dependencies: RestoreDependencies,
  tables: readonly Table[],
): Step<RestoreTables> {
  return {
    ...{ id: 'restore-tables-compare', nature: 'restartable', changes: false },
    inspect: async () => 'not-done',
    async run(context) {
      const { part } = await openSource(dependencies, context.options, context.profile.name)
      const { database, staged } = tableNamesIn(context)
      const { made, present, chosen } = sorted(context, tables)
      const held = heldNames(present)
      await inDatabase(context, database, async (client) => {
        const expected = part.tables.filter((one) => chosen.some(isOf(one)))
        const stagedOf = (table: { schema: string; name: string }) =>
          held[present.findIndex(isOf(table))] ?? null
        const countIn = async (name: string): Promise<number> => {
          const { rows } = await client.query<{ count: string }>(
            `SELECT count(*) AS count FROM ${inSql({ schema: staged, name })}`,
          )
          return Number(rows[0]?.count ?? 0)
        }
        const counted: Counted[] = []
        for (const table of expected) {
          // What was made was counted by who made it.
          const found = made?.tables.find(isOf(table))?.rows ?? (await countIn(stagedOf(table) ?? ''))
          if (found !== table.rows) {
            const about = { table: inWords(table), expected: table.rows, found }
            throw new OperationFailed('restore-tables-rows', about)
          }
          counted.push(table)
        }
        // Before anybody is held up; that it holds is seen again with the tables locked.
        await client.query('BEGIN')
        const { tables: now, inbound, outbound } = await lookLocked(client, present)
        const isWhole = (table: Table) => now.find(isOf(table))?.kind === 'p'
        // Of a partition that it refers itself; what refers to a whole is seen to once that has its rows.
        const keys = [
          ...topmost(inbound).filter(({ from, to }) => !isWhole(from) && !isWhole(to)),
          ...outbound.filter(({ from }) => from.kind === 'r'),
        ]
        const calling = await keysThatCall(client, keys)
        const { rows } = await client.query<{ name: string; column: string; type: string }>(
          `SELECT c.relname AS name, a.attname AS column, format_type(a.atttypid, NULL) AS type FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 WHERE n.nspname = $1`,
          [staged],
        )
        const staging: Rows = (table, columns) => {
          const name = stagedOf(table)
          if (name === null) return inSql(table)
          const types = now.find(isOf(table))?.columns ?? []
          const hasAll = columns.every((column) => {
            const as = rows.find((one) => one.name === name && one.column === column)?.type
            // What waits as text is compared where it is what it is.
            return (
              as !== undefined &&
              (!TEXT.has(as) || types.some((one) => one.name === column && TEXT.has(one.type)))
            )
          })
          return hasAll ? inSql({ schema: staged, name }) : null
        }
        await refuseOrphans(
          client,
          keys.filter((key) => !calling.includes(key)),
          staging,
        )
        await client.query('COMMIT')
        context.note('restore-tables-staged', {
          tables: counted.length,
          rows: counted.reduce((sum, one) => sum + one.rows, 0),
        })
      })
    },
  }
}

/**
 * In a transaction, until which ends nobody can put anything else in the place of what is compared then: that would run as us.
 * @throws OperationFailed `restore-tables-changed`
 */
async function lookLocked(client: Querying, tables: readonly Table[]): Promise<Live> {
  const all = ({ inbound, outbound }: Live) => [...inbound, ...outbound].flatMap(({ from, to }) => [from, to])
  const before = all(await lookAtTables(client, tables))
  const names = [...new Set(before.map(inSql))]
  if (names.length > 0) await client.query(`LOCK TABLE ${names.join(', ')} IN ACCESS SHARE MODE`)
  const live = await lookAtTables(client, tables)
  const changed = all(live).find(({ oid }) => !before.some((one) => one.oid === oid))
  if (changed !== undefined) throw new OperationFailed('restore-tables-changed', { table: inWords(changed) })
  return live
}
