/** The rules in force: those of the catalogue with what people set, and their own; kept in `state.db`, read from memory. */
import {
  type AlertRule,
  type AlertRuleSettings,
  BUILT_IN_RULES,
  type OwnAlertRule,
} from '#shared/model/alert-rule.ts'
import type { Clock } from '../../clock.ts'
import { createOneAtATime } from '../../one-at-a-time.ts'
import type { AlertStore } from '../record/alert-store.ts'
import { checkRule, RuleRefused, unitOf } from './check-rule.ts'
import type { Sighted } from './sight.ts'

export interface RuleBook {
  all(): readonly AlertRule[]
  /** Of a rule of the catalogue. @throws RuleRefused; `null`: there is no such rule */
  configure(id: string, settings: AlertRuleSettings): Promise<AlertRule | null>
  /** @param id of the one that it takes the place of; `null`: a new one. @throws RuleRefused */
  save(id: string | null, rule: OwnAlertRule): Promise<AlertRule | null>
  /** A rule of the catalogue is as it was at first again; one of somebody's own is gone. `null`: there is no such rule. */
  remove(id: string): Promise<AlertRule | null>
  /** The rule as it would be. @throws RuleRefused */
  checked(id: string, rule: OwnAlertRule): AlertRule
}

export async function createRuleBook({
  records,
  clock,
  createId,
  deployments,
  channels,
  onChange,
}: {
  readonly records: AlertStore
  readonly clock: Clock
  readonly createId: () => string
  readonly deployments: () => readonly Sighted[]
  /** Names; `null`: rules may name any. */
  readonly channels: () => readonly string[] | null
  /** A rule is another than it was (`null`: it was not there), or there is none any more (`null`); resolves when what follows is on record. */
  readonly onChange: (before: AlertRule | null, now: AlertRule | null) => Promise<void>
}): Promise<RuleBook> {
  const inTurn = createOneAtATime()
  const rules = new Map(BUILT_IN_RULES.map((rule) => [rule.id, rule] as const))
  for (const rule of await records.rules()) {
    const standard = rules.get(rule.id)
    // What a rule of the catalogue looks at is the catalogue's, also that of a newer version.
    if (standard === undefined) rules.set(rule.id, rule)
    else rules.set(rule.id, { ...standard, ...settingsOf(rule) })
  }

  function check(rule: AlertRule): void {
    const around = { deployments: deployments(), channels: channels(), rules: [...rules.values()] }
    const faults = checkRule(rule, around)
    if (faults.length > 0) throw new RuleRefused(faults)
  }

  async function put(rule: AlertRule): Promise<AlertRule> {
    check(rule)
    await records.saveRule(rule, clock.now())
    const before = rules.get(rule.id) ?? null
    rules.set(rule.id, rule)
    await onChange(before, rule)
    return rule
  }

  function ownRule(id: string, rule: OwnAlertRule): AlertRule {
    return { ...rule, id, isBuiltIn: false, unit: unitOf(rule.condition) }
  }

  return {
    all: () => [...rules.values()],
    configure: (id, settings) =>
      inTurn(async () => {
        const rule = rules.get(id)
        return rule?.isBuiltIn === true ? put({ ...rule, ...settings }) : null
      }),
    save: (id, rule) =>
      inTurn(async () => {
        if (id !== null && rules.get(id)?.isBuiltIn !== false) return null
        return put(ownRule(id ?? `own-${createId()}`, rule))
      }),
    remove: (id) =>
      inTurn(async () => {
        const rule = rules.get(id)
        if (rule === undefined) return null
        await records.removeRule(id)
        const standard = BUILT_IN_RULES.find((one) => one.id === id)
        if (standard === undefined) rules.delete(id)
        else rules.set(id, standard)
        await onChange(rule, standard ?? null)
        return standard ?? rule
      }),
    checked(id, rule) {
      const known = rules.get(id)
      const whole = known?.isBuiltIn === true ? { ...known, ...settingsOf(rule) } : ownRule(id, rule)
      check(whole)
      return whole
    },
  }
}

/** What of a rule people set. */
export function settingsOf(rule: AlertRuleSettings): AlertRuleSettings {
  const { enabled, levels, fireAfter, clearAfter, cooldownSeconds, scope, channels, checklist } = rule
  return { enabled, levels, fireAfter, clearAfter, cooldownSeconds, scope, channels, checklist }
}
