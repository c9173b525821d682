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
  /** `unfinished`: it was asked for, and nobody knows how it ended. */
  readonly outcome: 'succeeded' | 'failed' | 'refused' | 'unfinished'
  readonly times: number
  /** What it was done to, the first of them. */
  readonly targets: readonly Target[]
  /** What somebody wrote beside it. */
  readonly note: string | null
}

export type Target =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'alert'; readonly deployment: string; readonly rule: string }

/** Of one action as many are named. */
const MOST_TARGETS = 4
/** What somebody does again and again within this time is one line. */
const TOGETHER_MS = 15 * 60_000
/** What everybody does all the time, and nobody has to know. */
const UNTOLD: ReadonlySet<string> = new Set(['session.prefer', 'handover.addNote', 'handover.removeNote'])

/**
 * Oldest first.
 * @param records newest first
 * @param alerts those that may be meant by an id
 */
export async function actionsOf(
  records: readonly AuditRecord[],
  alerts: readonly Alert[],
): Promise<Action[]> {
  const known = new Map(alerts.map((alert) => [alert.id, alert]))
  const lines: Action[] = []
  /** By what lines have in common: which of them is the newest. */
  const newest = new Map<string, number>()
  await inTurns(await endedOf(records), ({ record, outcome }) => {
    if (UNTOLD.has(record.action)) return
    const note = noteOf(record)
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

/** What was asked for and ended stands twice on record; what was asked for alone has no known end. */
async function endedOf(records: readonly AuditRecord[]) {
  /** By who did what to what: what was asked for and has not ended so far, the oldest first. */
  const asked = new Map<string, AuditRecord[]>()
  const ended: { record: AuditRecord; outcome: Action['outcome'] }[] = []
  await inTurns(records.toReversed(), (record) => {
    const key = JSON.stringify([record.actor.id, record.action, record.target])
    const open = asked.get(key)
    if (record.outcome === 'asked') {
      if (open === undefined) asked.set(key, [record])
      else open.push(record)
      return
    }
    // What somebody wrote stands where it was asked for.
    const detail = { ...open?.shift()?.detail, ...record.detail }
    ended.push({ record: { ...record, detail }, outcome: record.outcome })
  })
  const unfinished = [...asked.values()].flat().map((record) => ({ record, outcome: 'unfinished' as const }))
  return [...ended, ...unfinished].toSorted((a, b) => a.record.id - b.record.id)
}

function noteOf({ detail }: AuditRecord): string | null {
  const note = detail?.note
  return typeof note === 'string' && note.trim() !== '' ? note : null
}

function targetOf({ target }: AuditRecord, known: ReadonlyMap<string, Alert>): Target | null {
  if (target === null) return null
  const alert = known.get(target)
  if (alert !== undefined) return { kind: 'alert', deployment: alert.deployment, rule: alert.rule }
  return { kind: 'name', name: target }
}
