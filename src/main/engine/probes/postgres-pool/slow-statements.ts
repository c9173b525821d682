/** Counts statements that were seen running for over a second, each once however often it is seen. */
import type { SlowStatement } from '#shared/model/observation.ts'
import { maskStatement } from '../../masking/statement.ts'
import type { SeenStatement } from './activity.ts'

/** Sampling every few seconds sees a slow statement now and then: the status keeps it in mind this long. */
const REMEMBERED_MS = 30_000

export interface SlowCount {
  /** `pid@start` of the slow statements that still ran at the last look. */
  readonly running: ReadonlySet<string>
  readonly total: number
  /** Recent looks that saw new or still running ones. */
  readonly recent: readonly { readonly at: number; readonly fresh: number; readonly slowestMs: number }[]
}
export const NO_SLOW_STATEMENTS: SlowCount = { running: new Set(), total: 0, recent: [] }

export function countSlow(
  before: SlowCount,
  keys: readonly string[],
  slowestMs: number,
  at: number,
): SlowCount {
  const fresh = keys.filter((key) => !before.running.has(key)).length
  const recent = before.recent.filter((look) => at - look.at < REMEMBERED_MS)
  if (keys.length > 0) recent.push({ at, fresh, slowestMs })
  return { running: new Set(keys), total: before.total + fresh, recent }
}

/** How many distinct statements were slow lately and how long the slowest ran; `null` where none was. */
export function slowLately(count: SlowCount): { statements: number; slowestMs: number } | null {
  if (count.recent.length === 0) return null
  const fresh = count.recent.reduce((sum, look) => sum + look.fresh, 0)
  return {
    // One that has been running since before that time was fresh earlier.
    statements: Math.max(fresh, count.running.size, 1),
    slowestMs: Math.max(...count.recent.map((look) => look.slowestMs)),
  }
}

/** A seen statement as evidence: without its literals. */
export function asEvidence(seen: SeenStatement): SlowStatement {
  return {
    pid: seen.pid,
    user: seen.user,
    application: seen.application === '' ? null : seen.application,
    state: seen.state,
    waiting: seen.wait_event_type === null ? null : `${seen.wait_event_type}: ${seen.wait_event ?? '?'}`,
    blockedBy: [...new Set(seen.blocked_by)],
    durationMs: Math.round(seen.duration_ms ?? 0),
    statement: maskStatement(seen.query ?? ''),
  }
}
