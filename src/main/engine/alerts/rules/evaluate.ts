/**
 * Whether a rule fires for one thing: what was read of it, what came before, and why what follows follows. Pure. It takes as many
 * looks in a row to fire as to clear; what was not known counts as neither, and across a stretch in which nobody looked none are in a row.
 */
import type { AlertRule, AlertRuleLevel } from '#shared/model/alert-rule.ts'
import type { Reading } from '../readings/reading.ts'

/** What is kept of one thing between two looks. */
export interface Tracking {
  /** Which of the levels fires, by its place; `null`: it is pending. */
  readonly level: number | null
  /** When it was first seen to be true; milliseconds since the epoch. */
  readonly pendingSince: number
  /** Looks in a row beyond the level above; while pending: beyond the first. */
  readonly worse: number
  /** Looks in a row on the good side of the clear line of the level that fires; and of that of the first. */
  readonly better: number
  readonly clear: number
  /** Which metrics were bad, as bits: only what is known to be well again clears. */
  readonly blamed: number
  /** Whether the newest look that told anything says that it is true. */
  readonly isTrue: boolean
}

export type Decision =
  /** It is not true, and was not. */
  | { readonly kind: 'nothing' }
  | {
      readonly kind: 'pending'
      readonly tracking: Tracking
      readonly because: 'first-look' | 'not-enough-looks'
    }
  /** What was pending is not true any more. */
  | { readonly kind: 'withdrawn' }
  | { readonly kind: 'fires'; readonly tracking: Tracking; readonly level: number }
  | { readonly kind: 'raised' | 'lowered'; readonly tracking: Tracking; readonly level: number }
  | {
      readonly kind: 'stays'
      readonly tracking: Tracking
      readonly because: 'still-true' | 'between-lines' | 'clearing' | 'not-known'
    }
  | { readonly kind: 'clears' }

type Measured = Pick<AlertRule, 'direction' | 'levels' | 'fireAfter' | 'clearAfter'>

/**
 * @param before what the look before left; `null` where there was nothing
 * @param at of the look; milliseconds since the epoch
 */
export function evaluate(
  rule: Measured,
  reading: Pick<Reading, 'value' | 'of' | 'unknown'>,
  before: Tracking | null,
  at: number,
): Decision {
  const { value } = reading
  const level = value === null ? null : levelOf(rule, value)
  const isHidden = level === null && before !== null && (before.blamed & reading.unknown) !== 0
  if (value === null || isHidden) return notKnown(before)
  if (before === null || before.level === null) return notYetFiring(rule, level, reading, before, at)
  return whileFiring(rule, { value, of: reading.of, level }, { ...before, level: before.level })
}

/** What is left of it once nobody looked for a while: what fires goes on firing, counts begin anew, and so does what was pending. */
export function unwatched(tracking: Tracking): Tracking | null {
  return tracking.level === null ? null : { ...tracking, worse: 0, better: 0, clear: 0 }
}

/** Nothing moves on, and nothing begins anew. */
function notKnown(before: Tracking | null): Decision {
  if (before === null) return { kind: 'nothing' }
  if (before.level === null) return { kind: 'pending', tracking: before, because: 'not-enough-looks' }
  return { kind: 'stays', tracking: before, because: 'not-known' }
}

function notYetFiring(
  rule: Measured,
  level: number | null,
  { of }: Pick<Reading, 'of'>,
  before: Tracking | null,
  at: number,
): Decision {
  if (level === null) return before === null ? { kind: 'nothing' } : { kind: 'withdrawn' }
  const looks = (before?.worse ?? 0) + 1
  const tracking: Tracking = {
    level: null,
    pendingSince: Math.min(before?.pendingSince ?? at, at),
    worse: looks,
    better: 0,
    clear: 0,
    blamed: (before?.blamed ?? 0) | (1 << of),
    isTrue: true,
  }
  if (looks < rule.fireAfter) {
    return { kind: 'pending', tracking, because: before === null ? 'first-look' : 'not-enough-looks' }
  }
  return { kind: 'fires', level, tracking: { ...tracking, level, worse: 0 } }
}

function whileFiring(
  rule: Measured,
  seen: { readonly value: number; readonly of: number; readonly level: number | null },
  before: Tracking & { readonly level: number },
): Decision {
  const current = rule.levels[before.level]
  const isClear = isPast(rule, rule.levels[0], seen.value)
  const isBetter = before.level > 0 && isPast(rule, current, seen.value)
  const isTrue = seen.level !== null
  const tracking: Tracking = {
    ...before,
    worse: seen.level !== null && seen.level > before.level ? before.worse + 1 : 0,
    better: isBetter ? before.better + 1 : 0,
    clear: isClear ? before.clear + 1 : 0,
    blamed: isTrue ? before.blamed | (1 << seen.of) : before.blamed,
    isTrue,
  }
  if (tracking.clear >= rule.clearAfter) return { kind: 'clears' }
  if (tracking.worse >= rule.fireAfter && seen.level !== null) {
    return {
      kind: 'raised',
      level: seen.level,
      tracking: { ...tracking, level: seen.level, worse: 0, better: 0 },
    }
  }
  if (tracking.better >= rule.clearAfter && !isClear) {
    const level = seen.level ?? 0
    return { kind: 'lowered', level, tracking: { ...tracking, level, better: 0 } }
  }
  const because = isClear ? 'clearing' : isTrue ? 'still-true' : 'between-lines'
  return { kind: 'stays', tracking, because }
}

/** The most urgent level whose threshold a value is beyond; `null` where it is beyond none. */
function levelOf({ direction, levels }: Measured, value: number): number | null {
  for (let index = levels.length - 1; index >= 0; index -= 1) {
    const level = levels[index]
    if (level !== undefined && isBeyond(direction, level.threshold, value)) return index
  }
  return null
}

export function isBeyond(direction: Measured['direction'], threshold: number, value: number): boolean {
  return direction === 'above' ? value > threshold : value < threshold
}

/** Whether a value is past the clear line of a level, on the good side; on the line is, too. */
function isPast({ direction }: Measured, level: AlertRuleLevel | undefined, value: number): boolean {
  if (level === undefined) return true
  return direction === 'above' ? value <= level.clear : value >= level.clear
}
