/** The literal text of one statement, for whoever may see it and says so on record. Kept nowhere. */
import { z } from 'zod'
import { epochMs } from './question.ts'

export interface RunningStatement {
  readonly pid: number
  readonly startedAt: number
  readonly statementStartedAt: number
}

/**
 * `$1`: PID, `$2` and `$3`: when the backend and the statement started, as `activity` gave them. The statement of an idle
 * backend is over.
 */
export const REVEAL_SQL = `
select ${epochMs('clock_timestamp()')} as at, (
  select query from pg_stat_activity
  where pid = $1::int and ${epochMs('backend_start')} = $2::float8 and ${epochMs('query_start')} = $3::float8
    and state <> 'idle'
) as statement, (
  select query from pg_stat_activity where pid = $1::int
) = '<insufficient privilege>' as hidden`

export const RevealRow = z.object({
  at: z.number(),
  statement: z.string().nullable(),
  hidden: z.boolean().nullable(),
})
