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

/** Changes to try, the mildest of each kind first. */
export function candidatesOf(rule: AlertRule): { readonly kind: ProposalKind; readonly rule: AlertRule }[] {
  const wider = WIDER.map((part) => ({ kind: 'wider-clear-line' as const, rule: withWiderClear(rule, part) }))
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
  fired: number,
  rehearsed: readonly Rehearsed[],
): Proposed | null {
  const results = candidates.flatMap((candidate, index): Proposed[] => {
    const one = rehearsed[index]
    if (one === undefined || !one.known) return []
    return [{ ...candidate, fired: one.rehearsal.fired, seconds: one.rehearsal.seconds }]
  })
  return results.find((one) => one.fired <= fired * ENOUGH) ?? null
}

function withWiderClear(rule: AlertRule, part: number): AlertRule {
  const sign = rule.direction === 'above' ? -1 : 1
  const levels = rule.levels.map((level) => {
    const clear = rounded(level.clear + sign * Math.abs(level.threshold) * part)
    return { ...level, clear: rule.unit === 'percent' ? Math.min(100, Math.max(0, clear)) : clear }
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
