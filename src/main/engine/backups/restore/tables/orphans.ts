/** Rows that a foreign key would leave without what they refer to: counted, and some of them named. */
import { z } from 'zod'
import { OperationFailed } from '../../../operations/kind.ts'
import { sqlName } from '../../postgres/quote.ts'
import type { Table } from '../../postgres/snapshot.ts'
import type { Querying } from '../databases.ts'
import type { ForeignKey } from './live.ts'
import { inSql, inWords } from './names.ts'

const NAMED = 3
const Found = z.object({ count: z.coerce.number(), keys: z.array(z.string()).nullable() })

/** Where the rows of a table are looked for; `null`: not all columns that are needed are there. */
export type Rows = (table: Table, columns: readonly string[]) => string | null

/** In place: where they are afterwards. */
export const inPlace: Rows = (table) => inSql(table)

/** @throws OperationFailed `restore-tables-orphans` at the first key that would not hold */
export async function refuseOrphans(
  client: Querying,
  keys: readonly ForeignKey[],
  rows: Rows = inPlace,
): Promise<void> {
  for (const key of keys) {
    const { name, from, to, columns, valid, definition } = key
    // One that need not hold for what is there, and one over periods, PostgreSQL judges alone.
    if (!valid || / PERIOD /.test(definition)) continue
    const referring = rows(
      from,
      columns.map((one) => one.from),
    )
    const referred = rows(
      to,
      columns.map((one) => one.to),
    )
    if (referring === null || referred === null) continue
    const only = (table: string, kind: string) => (kind === 'p' ? table : `ONLY ${table}`)
    const given = columns.map((one) => `r.${sqlName(one.from)} IS NOT NULL`)
    const same = columns.map((one) => `t.${sqlName(one.to)} ${one.operator} r.${sqlName(one.from)}`)
    const shown = columns.map((one) => `r.${sqlName(one.from)}`).join(', ')
    const { rows: answer } = await client.query(
      `WITH orphans AS (
         SELECT concat_ws(', ', ${shown}) AS key FROM ${only(referring, from.kind)} r
          WHERE ${given.join(' AND ')} AND NOT EXISTS (SELECT FROM ${only(referred, to.kind)} t WHERE ${same.join(' AND ')}))
       SELECT count(*) AS count, (SELECT array_agg(key) FROM (SELECT DISTINCT key FROM orphans ORDER BY key LIMIT ${NAMED}) AS named) AS keys FROM orphans`,
    )
    const { count, keys: examples } = Found.parse(answer[0])
    if (count === 0) continue
    throw new OperationFailed('restore-tables-orphans', {
      ...{ constraint: name, table: inWords(from), referred: inWords(to), count },
      columns: columns.map((one) => one.from).join(', '),
      keys: (examples ?? []).map((one) => one.slice(0, 100)).join('; '),
    })
  }
}
