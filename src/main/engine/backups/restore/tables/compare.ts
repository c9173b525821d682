/** What came over is compared with what was counted, and it is seen that foreign keys would hold, before anybody is held up. */
import type { RestoreTables } from '#shared/model/restore.ts'
import { OperationFailed, type Step } from '../../../operations/kind.ts'
import type { Counted, Table } from '../../postgres/snapshot.ts'
import type { RestoreDependencies } from '../kind.ts'
import { openSource } from '../source.ts'
import { inDatabase } from './in-database.ts'
import { isOf } from './is-of.ts'
import { lookAtTables, topmost } from './live.ts'
import { sorted } from './made.ts'
import { heldNames, inSql, tableNamesIn } from './names.ts'
import { type Rows, refuseOrphans } from './orphans.ts'

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
      const { made, present } = sorted(context, tables)
      const held = heldNames(present)
      await inDatabase(context, database, async (client) => {
        const expected = part.tables.filter((one) => tables.some(isOf(one)))
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
            const about = { table: `${table.schema}.${table.name}`, expected: table.rows, found }
            throw new OperationFailed('restore-tables-rows', about)
          }
          counted.push(table)
        }
        // Before anybody is held up; that it holds is seen again with the tables locked.
        const { inbound, outbound } = await lookAtTables(client, present)
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
}
