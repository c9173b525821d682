/** Who did what, from the record: what belongs together stands on one line. Pure, in turns: there may be thousands. */
import type { Alert } from '#shared/model/alert.ts'
import type { AuditRecord } from '../audit/audit.ts'
import { inTurns } from '../in-turns.ts'

export interface Action {
  /** When it was done first and last; milliseconds since the epoch. */
  readonly from: number
  readonly to: number
  readonly by: string
  /** Dotted name, as the record has it: `alerts.acknowledge`. */
  readonly action: string
  /** `unfinished`: it was asked for, and nobody knows how it ended. `cancelled`, `undone`: of operations. */
  readonly outcome: 'succeeded' | 'failed' | 'refused' | 'unfinished' | 'cancelled' | 'undone'
  readonly times: number
  /** What it was done to, the first of them. */
  readonly targets: readonly Target[]
  /** What somebody wrote beside it. */
  readonly note: string | null
}

export type Target =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'alert'; readonly deployment: string; readonly rule: string }
  /** `of`: what kind of operation it is. */
  | { readonly kind: 'operation'; readonly deployment: string; readonly of: string }

/** Of one action as many are named. */
const MOST_TARGETS = 4
/** What somebody does again and again within this time is one line. */
const TOGETHER_MS = 15 * 60_000
/** What everybody does all the time, and nobody has to know. */
export const UNTOLD: ReadonlySet<string> = new Set([
  ...['session.prefer', 'session.link', 'handover.addNote', 'handover.removeNote'],
])
/** What an operation did, and how it ended: `operation.restore`. What is asked of one stands under `operations` as well. */
const OPERATION = /^operation\.([^.]+)$/
const REFUSED_ACT = /^operation\.[^.]+\.[^.]+$/

/**
 * Oldest first.
 * @param records newest first
 * @param alerts those that may be meant by an id
 */
export async function actionsOf(
  records: readonly AuditRecord[],
  alerts: readonly Alert[],
): Promise<Action[]> {
  const known = {
    alerts: new Map(alerts.map((alert) => [alert.id, alert])),
    operations: operationsIn(records),
  }
  const lines: Action[] = []
  /** By what lines have in common: which of them is the newest. */
  const newest = new Map<string, number>()
  await inTurns(await endedOf(records), ({ record, outcome, note }) => {
    const target = targetOf(record, known)
    const key = JSON.stringify([record.actor.id, record.action, outcome, note])
    const index = newest.get(key) ?? -1
    const line = lines[index]
    if (line !== undefined && record.at - line.to <= TOGETHER_MS) {
      lines[index] = { ...line, to: record.at, times: line.times + 1, targets: named(line.targets, target) }
      return
    }
    newest.set(key, lines.length)
    const { at, action } = record
    const by = record.actor.name
    lines.push({ from: at, to: at, by, action, outcome, times: 1, targets: named([], target), note })
  })
  return lines
}

function named(targets: readonly Target[], target: Target | null): readonly Target[] {
  if (target === null || targets.length >= MOST_TARGETS) return targets
  const isNamed = targets.some((one) => JSON.stringify(one) === JSON.stringify(target))
  return isNamed ? targets : [...targets, target]
}

interface Ended {
  readonly record: AuditRecord
  readonly outcome: Action['outcome']
  readonly note: string | null
}

/** What was asked for and ended stands twice on record; what was asked for alone has no known end. */
async function endedOf(records: readonly AuditRecord[]): Promise<Ended[]> {
  /** By what they have in common with their end: what was asked for and has not ended so far, the oldest first. */
  const asked = new Map<string, AuditRecord[]>()
  /** The operation that a request to begin one led to, by that request's key. */
  const ledTo = new Map<string, string>()
  const ended: Ended[] = []

  function end(record: AuditRecord, key: string, outcome: Action['outcome']): void {
    const request = asked.get(key)?.shift()
    // An operation is of whoever began it, whoever saw to its end.
    const { actor } = (operationOf(record) === null ? null : request) ?? record
    ended.push({ record: { ...record, actor }, outcome, note: writtenIn(record, request) })
  }

  await inTurns(records.toReversed(), (record) => {
    const { action, actor, target } = record
    if (UNTOLD.has(action) || REFUSED_ACT.test(action)) return
    const key = keyOf(record)
    if (OPERATION.test(action) && ['asked', 'refused'].includes(record.outcome)) {
      const request = JSON.stringify([actor.id, 'operations.start', target])
      if ((asked.get(request)?.length ?? 0) > 0) ledTo.set(request, key)
    }
    if (record.outcome === 'asked') {
      const open = asked.get(key)
      if (open === undefined) asked.set(key, [record])
      else open.push(record)
      return
    }
    const operation = ledTo.get(key)
    if (operation === undefined) return end(record, key, outcomeOf(record))
    // What it began is told by itself, unless it came to nothing.
    asked.get(key)?.shift()
    ledTo.delete(key)
    const begun = asked.get(operation)?.[0]
    if (begun !== undefined && record.outcome !== 'succeeded') {
      end({ ...begun, id: record.id, at: record.at }, operation, record.outcome)
    }
  })
  const unfinished = [...asked.values()].flat().map((record) => ({
    ...{ record, outcome: 'unfinished' as const, note: writtenIn(record, record) },
  }))
  return [...ended, ...unfinished].toSorted((a, b) => a.record.id - b.record.id)
}

function keyOf(record: AuditRecord): string {
  const { actor, action, target } = record
  return JSON.stringify([operationOf(record) ?? actor.id, action, target])
}

/** Of what an operation did: its id. */
function operationOf({ action, detail }: AuditRecord): string | null {
  return OPERATION.test(action) && typeof detail?.operation === 'string' ? detail.operation : null
}

function outcomeOf({ outcome, detail, action }: AuditRecord): Action['outcome'] {
  const state = OPERATION.test(action) ? detail?.state : undefined
  if (state === 'cancelled' || state === 'undone') return state
  return outcome === 'asked' ? 'unfinished' : outcome
}

/** What somebody wrote stands where it was asked for; a reason elsewhere is the console's own. */
function writtenIn({ detail }: AuditRecord, asked: AuditRecord | undefined): string | null {
  const written = [detail?.note, asked?.detail?.note, asked?.detail?.reason]
  return written.find((one): one is string => typeof one === 'string' && one.trim() !== '') ?? null
}

interface KnownTargets {
  readonly alerts: ReadonlyMap<string, Alert>
  readonly operations: ReadonlyMap<string, Target>
}

/** What operations that are on record were done to, by their ids. */
function operationsIn(records: readonly AuditRecord[]): ReadonlyMap<string, Target> {
  return new Map(
    records.flatMap((record) => {
      const id = operationOf(record)
      const of = OPERATION.exec(record.action)?.[1]
      if (id === null || of === undefined || record.target === null) return []
      return [[id, { kind: 'operation', deployment: record.target, of }] as const]
    }),
  )
}

function targetOf({ action, target, detail }: AuditRecord, known: KnownTargets): Target | null {
  if (target === null) return null
  const alert = known.alerts.get(target)
  if (alert !== undefined) return { kind: 'alert', deployment: alert.deployment, rule: alert.rule }
  const { deployment, kind: of } = detail ?? {}
  if (action.startsWith('operations.') && typeof deployment === 'string' && typeof of === 'string') {
    return { kind: 'operation', deployment, of }
  }
  return known.operations.get(target) ?? { kind: 'name', name: target }
}
