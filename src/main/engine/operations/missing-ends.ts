/** What an operation ended as, and the audit was not told of: the console was killed between the two. */
import { isOver } from '#shared/model/operation.ts'
import type { Audit, AuditRecord } from '../audit/audit.ts'
import type { Journal } from './journal.ts'
import { isWaiting, type OperationRecord } from './record.ts'

/** So many of the newest operations are looked at: an end that is missing is of one of the last. */
const NEWEST = 50
/** The audit is read back as far as this at the most. */
const PAGES = 20
const PAGE = 500
/** What an operation did, and not what was asked of it: `operation.restore`. */
const OPERATION = /^operation\.[^.]+$/

/** Of the newest operations those that nothing is under way of, and whose state the audit does not have. Oldest first. */
export async function missingEnds(
  journal: Pick<Journal, 'list'>,
  audit: Pick<Audit, 'list'>,
): Promise<OperationRecord[]> {
  const everything = { deployment: null, kinds: null, states: null, before: null, limit: NEWEST }
  const { records } = await journal.list(everything)
  const ended = new Map(
    records.flatMap((one) => (isOver(one.state) || isWaiting(one) ? [[one.id, one] as const] : [])),
  )
  const missing: OperationRecord[] = []
  let before = Number.MAX_SAFE_INTEGER
  for (let page = 0; page < PAGES && ended.size > 0; page += 1) {
    const told = await audit.list({ limit: PAGE, before })
    for (const entry of told) {
      const record = ended.get(operationOf(entry) ?? '')
      if (record === undefined) continue
      // The newest that is told of it, and no more of it.
      ended.delete(record.id)
      if (entry.detail?.state !== record.state) missing.push(record)
    }
    const oldest = told.at(-1)
    if (oldest === undefined || told.length < PAGE) break
    before = oldest.id
  }
  return missing.toSorted((one, other) => (one.endedAt ?? 0) - (other.endedAt ?? 0))
}

function operationOf({ action, outcome, detail }: AuditRecord): string | null {
  const isOfOne = OPERATION.test(action) && outcome !== 'refused'
  return isOfOne && typeof detail?.operation === 'string' ? detail.operation : null
}
