/** A rule as it is in force: one of the catalogue's with what people set differently, or one of their own. */
import { z } from 'zod'
import type { MetricUnit } from '#shared/catalogue/metrics.ts'
import {
  CLEAR_AFTER_LOOKS,
  COOLDOWN_SECONDS,
  FIRE_AFTER_LOOKS,
  RULE_IDS,
  RULES,
  type RuleDefinition,
  SPECIAL_READINGS,
} from '#shared/catalogue/rules.ts'
import { SeveritySchema } from './alert.ts'
import { Name } from './profile/fields.ts'

export const AlertRuleLevel = z.strictObject({
  severity: SeveritySchema,
  threshold: z.number(),
  /** Where it is over; on the good side of the threshold, or on it. */
  clear: z.number(),
})
export type AlertRuleLevel = z.infer<typeof AlertRuleLevel>

/** Which metric, with or without labels: the worst of several of one target, of one with labels each by itself. */
const metric = z.string().min(1).max(200)
export const AlertCondition = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('metrics'), metrics: z.array(metric).min(1).max(5) }),
  z.strictObject({ kind: z.literal('special'), reading: z.enum(SPECIAL_READINGS) }),
  /** How fast it changes, per second, over a window. */
  z.strictObject({
    kind: z.literal('rate'),
    metric,
    windowSeconds: z.number().int().min(10).max(3_600),
  }),
  /** Seconds since its value was last known, while somebody looked. */
  z.strictObject({ kind: z.literal('absence'), metric }),
  /** Seconds until it reaches `limit`, if it goes on as it did within the window. */
  z.strictObject({
    kind: z.literal('forecast'),
    metric,
    limit: z.number(),
    windowSeconds: z.number().int().min(60).max(21_600),
  }),
])
export type AlertCondition = z.infer<typeof AlertCondition>

/** Which deployments a rule is for: all of them that fit every list that is not `null`. */
export const AlertScope = z.strictObject({
  deployments: z.array(Name).max(500).nullable().default(null),
  tags: z.array(z.string().max(40)).max(50).nullable().default(null),
})
export type AlertScope = z.infer<typeof AlertScope>
export const EVERYWHERE: AlertScope = { deployments: null, tags: null }

/** What people set of a rule. */
export const AlertRuleSettings = z.strictObject({
  enabled: z.boolean().default(true),
  /** From the least to the most urgent. */
  levels: z.array(AlertRuleLevel).min(1).max(4),
  /** Looks in a row. */
  fireAfter: z.number().int().min(1).max(1_000).default(FIRE_AFTER_LOOKS),
  clearAfter: z.number().int().min(1).max(1_000).default(CLEAR_AFTER_LOOKS),
  cooldownSeconds: z.number().int().min(0).max(86_400).default(COOLDOWN_SECONDS),
  scope: AlertScope.default(EVERYWHERE),
  /** Names of channels; none: those that everything goes to. */
  channels: z.array(z.string().max(64)).max(20).default([]),
  /** What to do about it. */
  checklist: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .nullable()
    .default(null),
})
export type AlertRuleSettings = z.infer<typeof AlertRuleSettings>

/** A rule of somebody's own: what it looks at, and its settings. */
export const OwnAlertRule = AlertRuleSettings.extend({
  title: z.string().min(1).max(120),
  condition: AlertCondition,
  direction: z.enum(['above', 'below']),
})
export type OwnAlertRule = z.infer<typeof OwnAlertRule>

export const AlertRule = AlertRuleSettings.extend({
  id: z.string(),
  /** Of the catalogue: its condition stays as it is, and it can be switched off but not removed. */
  isBuiltIn: z.boolean(),
  /** Of somebody's own rule. */
  title: z.string().nullable(),
  condition: AlertCondition,
  direction: z.enum(['above', 'below']),
  unit: z.string(),
})
export type AlertRule = z.infer<typeof AlertRule>

/** What all rules share: how urgent an alert may be in each environment. */
export const AlertSettings = z.strictObject({
  caps: z.strictObject({
    production: SeveritySchema,
    staging: SeveritySchema,
    development: SeveritySchema,
  }),
})
export type AlertSettings = z.infer<typeof AlertSettings>

/** A rule of the catalogue as everybody has it at first. */
export function builtInRule(id: keyof typeof RULES): AlertRule {
  const { condition, direction, unit, levels }: RuleDefinition = RULES[id]
  return {
    id,
    isBuiltIn: true,
    title: null,
    condition: AlertCondition.parse(condition),
    direction,
    unit: unit satisfies MetricUnit,
    levels: levels.map((level) => ({ ...level })),
    enabled: true,
    fireAfter: FIRE_AFTER_LOOKS,
    clearAfter: CLEAR_AFTER_LOOKS,
    cooldownSeconds: COOLDOWN_SECONDS,
    scope: EVERYWHERE,
    channels: [],
    checklist: null,
  }
}

export const BUILT_IN_RULES: readonly AlertRule[] = RULE_IDS.map(builtInRule)
