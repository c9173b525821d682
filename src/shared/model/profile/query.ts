/** A question of the profile's own to its PostgreSQL: one statement that reads, asked now and then. */
import { z } from 'zod'
import { bounds, Every } from './custom.ts'
import { Name } from './fields.ts'

const STARTS = ['select', 'with', 'show', 'table', 'values']
/** String constants, quoted names, dollar quotes and comments: what stands in them is no SQL of the statement's own. */
const NOT_CODE = /'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\w*)\$[\s\S]*?\$\1\$|--[^\n]*|\/\*[\s\S]*?\*\//g

/**
 * Says early what the server would refuse. It is a courtesy: what keeps a query from writing is the server's own read-only
 * transaction, and the protocol takes one statement at a time.
 */
const Sql = z
  .string()
  .min(1)
  .max(8_000)
  .superRefine((text, context) => {
    const code = text.replace(NOT_CODE, ' ').trim().replace(/;\s*$/, '')
    const start = /^\(*\s*([A-Za-z]+)/.exec(code)?.[1]?.toLowerCase() ?? ''
    if (code.includes(';')) context.addIssue({ code: 'custom', message: 'query-several-statements' })
    else if (!STARTS.includes(start)) {
      const params = { found: start.toUpperCase() || code.slice(0, 20) || '?' }
      context.addIssue({ code: 'custom', message: 'query-does-not-read', params })
    }
  })

export const Query = z.strictObject({
  name: Name,
  sql: Sql,
  /** The column that names rows, where there are several: each row is then a series of its own. */
  by: z.string().min(1).max(63).optional(),
  every: Every,
  ...bounds,
})
export type Query = z.infer<typeof Query>
