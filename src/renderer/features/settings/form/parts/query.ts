/** A query of the profile's own in the form. */
import type { Query } from '#shared/model/profile/query.ts'
import { type BoundsDraft, boundsDraft, boundsOf } from './bounds.ts'
import { type Kept, NOTHING_KEPT, onTop } from './kept.ts'

export interface QueryDraft extends BoundsDraft {
  name: string
  sql: string
  by: string
  every: number | ''
  kept: Kept
}

export const newQuery = (): QueryDraft => ({
  ...queryDraft({ name: '', sql: '', every: 60 }),
  kept: NOTHING_KEPT,
})

export function queryDraft(query: Query): QueryDraft {
  const { name, sql, by, every } = query
  return { name, sql, by: by ?? '', every, ...boundsDraft(query), kept: query }
}

export function queryOf(draft: QueryDraft): Record<string, unknown> {
  const { name, sql, by, every, kept } = draft
  return onTop(kept, { name: name.trim(), sql: sql.trim(), by: by.trim(), every, ...boundsOf(draft) }, [
    'name',
    'sql',
  ])
}
