/** What is said of a statement beside what PostgreSQL counts. Pure. */
import type { StatementFigures, TopStatements } from '#shared/model/database/statements.ts'

/** A window is whole although it was looked at some seconds sooner or later. */
const WHOLE = 0.95
const MINUTE_MS = 60_000

/**
 * Over which time the figures are: `whole` window, only `part` of it since it was not watched for longer, since the server
 * `counts`, or `unknown`, where the server does not tell since when it does.
 */
export function coverageOf({ at, since, minutes }: TopStatements): 'whole' | 'part' | 'counts' | 'unknown' {
  if (since === null) return 'unknown'
  if (minutes === null) return 'counts'
  return at - since >= minutes * MINUTE_MS * WHOLE ? 'whole' : 'part'
}

/** Percent of the time of all statements; `null` where none took any. */
export function shareOf({ totalMs }: StatementFigures, all: TopStatements): number | null {
  return all.totalMs > 0 ? Math.min(100, (totalMs / all.totalMs) * 100) : null
}

export function callsPerMinute({ calls }: StatementFigures, { at, since }: TopStatements): number | null {
  return since === null || at <= since ? null : calls / ((at - since) / MINUTE_MS)
}

/** Percent of the blocks that were found in shared buffers; `null` where none were wanted. */
export function hitShareOf({ blocksHit, blocksRead }: StatementFigures): number | null {
  const all = blocksHit + blocksRead
  return all > 0 ? (blocksHit / all) * 100 : null
}
