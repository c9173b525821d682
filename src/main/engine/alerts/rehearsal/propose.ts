/** What of a rule's settings would have made it ring less, proven on the looks of the last days. Pure but for the rehearsal that it is given. */
import type { AlertRule } from '#shared/model/alert-rule.ts'
import type { Rehearsed } from './rehearse.ts'

export type ProposalKind = 'wider-clear-line' | 'more-looks'

export interface Proposed {
  readonly kind: ProposalKind
  /** The rule with what is proposed. */
  readonly rule: AlertRule
  readonly fired: number
  readonly seconds: number
}

/** The clear line this much further away, in parts of the threshold. */
const WIDER = [0.05, 0.1, 0.2]
const LOOKS = [6, 12, 24]
/** It must ring at least by half less; what helps less is no help. */
const ENOUGH = 0.5
/** What rings less because it never ends is no quieter: it may fire so much longer altogether, and so many seconds. */
const LONGER = 2
const LONGER_SECONDS = 600

/** Changes to try, the mildest of each kind first. */
export function candidatesOf(rule: AlertRule): { readonly kind: ProposalKind; readonly rule: AlertRule }[] {
  // Between set and not set there is nothing.
  const wider = (rule.unit === 'flag' ? [] : WIDER).map((part) => ({
    kind: 'wider-clear-line' as const,
    rule: withWiderClear(rule, part),
  }))
  const longer = LOOKS.filter((fireAfter) => fireAfter > rule.fireAfter).map((fireAfter) => ({
    kind: 'more-looks' as const,
    rule: { ...rule, fireAfter },
  }))
  const clears = new Set([clearOf(rule)])
  const different = wider.filter((one) => {
    const clear = clearOf(one.rule)
    if (clears.has(clear)) return false
    clears.add(clear)
    return true
  })
  return [...different, ...longer]
}

/** The mildest change of those that help enough; `null` where none does: what rings is no flutter. */
export function choose(
  candidates: readonly { readonly kind: ProposalKind; readonly rule: AlertRule }[],
  asItIs: { readonly fired: number; readonly seconds: number },
  rehearsed: readonly Rehearsed[],
): Proposed | null {
  const results = candidates.flatMap((candidate, index): Proposed[] => {
    const one = rehearsed[index]
    if (one === undefined || !one.known) return []
    return [{ ...candidate, fired: one.rehearsal.fired, seconds: one.rehearsal.seconds }]
  })
  const helps = (one: Proposed) =>
    one.fired <= asItIs.fired * ENOUGH && one.seconds <= asItIs.seconds * LONGER + LONGER_SECONDS
  return results.find(helps) ?? null
}

/** What a measured value cannot go beyond, and a line beyond that would never be passed; of all else that is not below zero. */
const BOUNDS: Readonly<Record<string, readonly [number, number]>> = {
  percent: [0, 100],
  days: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
}

function withWiderClear(rule: AlertRule, part: number): AlertRule {
  const sign = rule.direction === 'above' ? -1 : 1
  const levels = rule.levels.map((level) => {
    const clear = rounded(level.clear + sign * Math.abs(level.threshold) * part)
    const [low, high] = BOUNDS[rule.unit] ?? [0, Number.POSITIVE_INFINITY]
    return { ...level, clear: Math.min(high, Math.max(low, clear)) }
  })
  return { ...rule, levels }
}

function clearOf({ levels }: AlertRule): string {
  return levels.map(({ clear }) => clear).join()
}

/** As people would write it: three figures. */
function rounded(value: number): number {
  return Number(value.toPrecision(3))
}
