/** The rules that alerts are found by: what they are, setting them, and what they would have done. */
import { z } from 'zod'
import { INERT } from '#shared/catalogue/rules.ts'
import { SEVERITIES } from '#shared/catalogue/severities.ts'
import { AlertRule, AlertRuleSettings, AlertSettings, OwnAlertRule } from '#shared/model/alert-rule.ts'
import { Name } from '#shared/model/profile/fields.ts'
import { RangeSeries } from '#shared/model/range.ts'
import { REHEARSAL_DOUBTS, REHEARSAL_GAPS } from '#shared/model/rehearsal.ts'
import { monitoring, RuleKey } from './alert-parts.ts'
import { administers, listOf, Moment, reads } from './procedure.ts'

const AlertRuleOut = AlertRule.extend({
  name: z.string(),
  /** Why it does nothing; `null` of one that works. */
  inert: z.object({ code: z.enum(INERT), text: z.string() }).nullable(),
  /** Metrics that its lines can be drawn on: those that it reads, in the unit that it judges by. */
  drawn: z.array(z.string()),
})

/** A part of `alerts`. */
export const alertRules = {
  rules: monitoring('rules', 'The rules, with their thresholds and what they are for').output(
    listOf(AlertRuleOut),
  ),
  settings: monitoring('settings', 'How urgent an alert may be in each environment').output(AlertSettings),
  configure: administers()
    .route({
      method: 'PUT',
      path: '/monitoring/alerts/settings',
      tags: ['alerts'],
      summary: 'Say how urgent an alert may be in each environment',
    })
    .input(AlertSettings)
    .output(AlertSettings),
  /** Thresholds, looks, cooldown, scope and channels of a rule of the catalogue; its condition stays as it is. */
  configureRule: administers()
    .route({
      method: 'PUT',
      path: '/monitoring/alerts/rules/{rule}',
      tags: ['alerts'],
      summary: 'Set a rule of the catalogue; refused with every fault and its reason',
    })
    .input(z.object({ rule: RuleKey, settings: AlertRuleSettings }))
    .output(AlertRule),
  /** A rule of one's own; `rule` names the one that it takes the place of. */
  saveRule: administers()
    .route({
      method: 'POST',
      path: '/monitoring/alerts/rules',
      tags: ['alerts'],
      summary: 'Add or replace a rule of your own; refused with every fault and its reason',
    })
    .input(z.object({ rule: RuleKey.nullable().default(null), definition: OwnAlertRule }))
    .output(AlertRule),
  removeRule: administers()
    .route({
      method: 'DELETE',
      path: '/monitoring/alerts/rules/{rule}',
      tags: ['alerts'],
      summary: 'Remove a rule of your own, or set one of the catalogue back to what it was at first',
    })
    .input(z.object({ rule: RuleKey }))
    .output(z.object({ rule: z.string() })),
  rehearse: reads()
    .route({
      method: 'POST',
      path: '/monitoring/alerts/rules/rehearse',
      tags: ['alerts'],
      summary: 'How often a rule would have fired on a deployment within the last seven days',
    })
    .input(
      z.object({
        ...{ rule: RuleKey.nullable().default(null), definition: OwnAlertRule, deployment: Name },
        /** What is to be drawn of a rule over time, milliseconds since the epoch; `null`: all of it. */
        draw: z.object({ from: z.number(), to: z.number() }).nullable().default(null),
      }),
    )
    .output(
      z.object({
        from: Moment,
        to: Moment,
        /** `null`, as the rest: see `why`. */
        fired: z.number().nullable(),
        seconds: z.number().nullable(),
        looks: z.number().nullable(),
        /** How long not all that the rule reads was looked at: of that nothing is claimed. */
        unobservedSeconds: z.number().nullable(),
        /** Why nothing is known of it; `null` where it is. */
        why: z.object({ code: z.enum(REHEARSAL_GAPS), text: z.string() }).nullable(),
        /** What had to be taken for granted. */
        doubts: z.array(z.object({ code: z.enum(REHEARSAL_DOUBTS), text: z.string() })),
        /** What a rule over time (`rate`, `absence`, `forecast`) read, the worst of its things first; `null` of all others. */
        drawing: z
          .object({
            stepMs: z.number(),
            lines: z.array(RangeSeries),
            /** Things that there was no room for. */
            left: z.number(),
          })
          .nullable(),
        /** From when to when it would have fired, oldest first; the newest of many. */
        stretches: z.array(
          z.object({
            from: Moment,
            to: Moment,
            target: z.string(),
            labels: z.record(z.string(), z.string()),
            severity: z.enum(SEVERITIES),
          }),
        ),
      }),
    ),
  /** From the looks of the last seven days. */
  propose: reads()
    .route({
      method: 'POST',
      path: '/monitoring/alerts/rules/{rule}/propose',
      tags: ['alerts'],
      summary: 'Which settings of a rule would have made it ring at least by half less on a deployment',
    })
    .input(z.object({ rule: RuleKey, deployment: Name }))
    .output(
      z.object({
        /** As it is; `null` where that is not known. */
        fired: z.number().nullable(),
        proposal: z
          .object({
            kind: z.enum(['wider-clear-line', 'more-looks']),
            fired: z.number(),
            /** The rule as it would be. */
            rule: AlertRule,
          })
          .nullable(),
      }),
    ),
}
