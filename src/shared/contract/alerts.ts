/** Alerts for scripts and screens: what fires, what fired, and what people do about it. */
import { z } from 'zod'
import { INERT } from '#shared/catalogue/rules.ts'
import { SEVERITIES } from '#shared/catalogue/severities.ts'
import { Alert } from '#shared/model/alert.ts'
import { AlertRule, AlertRuleSettings, AlertSettings, OwnAlertRule } from '#shared/model/alert-rule.ts'
import { TraceEntry } from '#shared/model/alert-trace.ts'
import { Name } from '#shared/model/profile/fields.ts'
import { REHEARSAL_DOUBTS, REHEARSAL_GAPS } from '#shared/model/rehearsal.ts'
import { Silence, SilenceMatchers } from '#shared/model/silence.ts'
import { SpokenTrace } from './channels.ts'
import { SpokenReason } from './deployments.ts'
import { administers, listOf, Moment, procedure, reads, TimeZone } from './procedure.ts'

/** Alerts that one call may be about: as many as may fire at once. Their ids take a third of what a message may be. */
export const MOST_ALERTS_AT_ONCE = 5_000
/** Alerts in one answer, at most. */
export const MOST_ALERTS_LISTED = 1_000

export const AlertOut = Alert.omit({ cause: true }).extend({
  reason: SpokenReason,
  pendingSince: Moment,
  since: Moment,
  endedAt: Moment.nullable(),
  acknowledgedAt: Moment.nullable(),
  silencedUntil: Moment.nullable(),
  /** What it comes from, from the symptom to the root; `null` where nothing was found. */
  cause: z
    .object({
      code: z.string(),
      text: z.string(),
      since: Moment,
      certainty: z.enum(['seen', 'likely', 'not-found']),
    })
    .nullable(),
})
export type AlertOut = z.infer<typeof AlertOut>

const AlertRuleOut = AlertRule.extend({
  name: z.string(),
  /** Why it does nothing; `null` of one that works. */
  inert: z.object({ code: z.enum(INERT), text: z.string() }).nullable(),
  /** Metrics that its lines can be drawn on: those that it reads, in the unit that it judges by. */
  drawn: z.array(z.string()),
})

const SilenceOut = Silence.extend({
  startsAt: Moment,
  until: Moment,
  endedAt: Moment.nullable(),
  announcedAt: Moment.nullable(),
})

/** Seconds; `null` where there was none of it. */
const Durations = z.object({ mean: z.number().nullable(), median: z.number().nullable() })
const Group = z.object({
  fired: z.number(),
  active: z.number(),
  secondsToAcknowledge: Durations,
  secondsToResolve: Durations,
})

/** Left out: all deployments. */
const OfAny = z.object({ deployment: Name.optional() })
const Note = z.string().max(2_000).nullable().default(null)
const RuleKey = z.string().min(1).max(120)
const AlertId = z.string().max(64)
const ById = z.object({ alert_id: AlertId })
const SeveralIds = z.array(AlertId).min(1).max(MOST_ALERTS_AT_ONCE)
/** What became of each, by their ids; none of it is an error of the others. */
const Became = z.object({
  done: z.array(z.string()),
  over: z.array(z.string()),
  /** Not on record: never, or not any more. */
  unknown: z.array(z.string()),
  /** Not resolved, since it is there still. */
  stillTrue: z.array(z.string()),
})
export type Became = z.infer<typeof Became>
const page = {
  limit: z.coerce.number().int().min(1).max(MOST_ALERTS_LISTED).default(MOST_ALERTS_LISTED),
  /** `nextCursor` of the answer before. */
  cursor: z
    .string()
    .regex(/^\d{1,16}\.[\w-]{1,64}$/, 'expected the nextCursor of an answer')
    .optional(),
}

/** Until when: one of these; without any it is until it clears, for a day at the longest. */
const duration = {
  until: z.iso
    .datetime({ offset: true })
    .transform((text) => Date.parse(text))
    .optional(),
  minutes: z.coerce.number().min(1).max(525_600).optional(),
  untilClears: z.boolean().optional(),
}

const monitoring = (name: string, summary: string) =>
  reads().route({ method: 'GET', path: `/monitoring/alerts/${name}`, tags: ['alerts'], summary })
const acts = (name: string, summary: string) =>
  procedure({ role: 'OPERATOR', effect: 'writes' }).route({
    method: 'POST',
    path: `/monitoring/alerts/{alert_id}/${name}`,
    tags: ['alerts'],
    summary,
  })
const actsOnAll = (name: string, summary: string) =>
  procedure({ role: 'OPERATOR', effect: 'writes' }).route({
    method: 'POST',
    path: `/monitoring/alerts/${name}`,
    tags: ['alerts'],
    summary,
  })

export const alerts = {
  active: monitoring('active', 'Alerts that fire, also acknowledged and silenced ones, the most urgent first')
    .input(OfAny)
    .output(listOf(AlertOut)),
  history: monitoring('history', 'Alerts that fire and that fired, newest first')
    .input(
      OfAny.extend(page).extend({
        rule: RuleKey.optional(),
        /** As urgent as this, or more. */
        severity: z.enum(SEVERITIES).optional(),
        /**
         * Each word of it stands somewhere in an alert as it is read, in the language of the answer: rule, subject, reason, cause, deployment,
         * note, who took or ended it. One answer looks through some thousand: it may hold few or none, and have a `nextCursor` all the same.
         */
        text: z.string().trim().max(200).optional(),
      }),
    )
    .output(listOf(AlertOut)),
  statistics: monitoring('statistics', 'How often what fired, and how long it took people')
    .input(
      OfAny.extend({
        days: z.coerce.number().int().min(1).max(90).default(7),
        /** IANA name: by whose clock hours are counted. */
        timeZone: TimeZone.default('UTC'),
      }),
    )
    .output(
      z.object({
        from: Moment,
        to: Moment,
        active: z.number(),
        fired: z.number(),
        /** Alerts that there ever were. */
        total: z.number(),
        bySeverity: z.record(z.enum(SEVERITIES), z.number()),
        secondsToAcknowledge: Durations,
        secondsToResolve: Durations,
        byRule: z.array(Group.extend({ rule: z.string() })),
        byDeployment: z.array(Group.extend({ deployment: z.string() })),
        /** What rang most, and what might help. */
        noisiest: z.array(
          z.object({
            rule: z.string(),
            deployment: z.string(),
            fired: z.number(),
            proposal: z.enum(['more-looks', 'wider-clear-line', 'look-into-it']),
          }),
        ),
        /** How many began in each hour of the week, from Monday 00:00 on by the clock of `timeZone`. */
        hours: z.array(z.number()),
        /** There were more than were counted: these are the newest. */
        isCut: z.boolean(),
      }),
    ),
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
    .input(z.object({ rule: RuleKey.nullable().default(null), definition: OwnAlertRule, deployment: Name }))
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
  trace: monitoring('{alert_id}/trace', 'Why somebody was told of an alert, or was not, decision by decision')
    .input(ById)
    .output(
      listOf(TraceEntry.extend({ at: Moment, until: Moment.nullable(), last: Moment.nullable() })).extend({
        /** What was tried and answered for what was told, per channel. */
        deliveries: z.array(SpokenTrace),
      }),
    ),
  acknowledgeAll: actsOnAll('acknowledge', 'Take several alerts at once; those that are over are said')
    .input(z.object({ alerts: SeveralIds, note: Note }))
    .output(Became),
  silenceAll: actsOnAll('silence', 'Keep several alerts quiet at once, each as long as it gets no worse')
    .input(z.object({ alerts: SeveralIds, ...duration, note: Note }))
    .output(Became),
  resolveAll: actsOnAll('resolve', 'Close several that are over; what is still true is said, and stays')
    .input(z.object({ alerts: SeveralIds }))
    .output(Became),
  /** Until it is over. */
  acknowledge: acts('acknowledge', 'Somebody looks into it: told of until it is over, and not rung again')
    .input(ById.extend({ note: Note, by: z.string().min(1).max(120).optional() }))
    .output(AlertOut),
  silence: acts(
    'silence',
    'Keep it quiet until a moment, for so many minutes, or until it clears; what gets worse still rings',
  )
    .input(ById.extend({ ...duration, note: Note }))
    .output(AlertOut),
  resolve: acts('resolve', 'Close what is over; refused for what is still true').input(ById).output(AlertOut),
  /**
   * Those that fire, as screens hold them: what changes comes with the topics `alerts` and `deployment:NAME`. With `most`, those of the
   * most pressing deployments, each with all of its own; who asks for the rest names it.
   */
  live: reads()
    .input(
      z.object({
        deployments: z.array(Name).max(10_000).optional(),
        most: z.number().int().min(1).optional(),
      }),
    )
    .output(
      z.object({
        alerts: z.array(Alert),
        /** Deployments whose alerts were left out, the most pressing first; and how many alerts those are. */
        rest: z.array(z.string()),
        left: z.number(),
      }),
    ),
  /** One of them, whether over or not, and all of its incident, itself among them. */
  about: reads()
    .input(ById)
    .output(z.object({ alert: Alert, incident: z.array(Alert) })),
}

export const silences = {
  list: reads()
    .route({ method: 'GET', path: '/silences', tags: ['alerts'], summary: 'Silences that are in force' })
    .output(listOf(SilenceOut)),
  create: procedure({ role: 'OPERATOR', effect: 'writes' })
    .route({
      method: 'POST',
      path: '/silences',
      tags: ['alerts'],
      summary: 'Keep quiet what fits a deployment, a rule, a severity',
    })
    .input(z.object({ matchers: SilenceMatchers, ...duration, note: Note }))
    .output(SilenceOut),
  end: procedure({ role: 'OPERATOR', effect: 'writes' })
    .route({ method: 'DELETE', path: '/silences/{silence}', tags: ['alerts'], summary: 'End a silence' })
    .input(z.object({ silence: z.string().max(64) }))
    .output(SilenceOut),
  /** Replayed over the alerts of the last seven days. */
  preview: reads()
    .route({
      method: 'POST',
      path: '/silences/preview',
      tags: ['alerts'],
      summary: 'Which alerts of the last seven days a silence would have kept quiet',
    })
    .input(z.object({ matchers: SilenceMatchers }))
    .output(
      z.object({
        from: Moment,
        matched: z.number(),
        of: z.number(),
        /** There were more than are looked through: only the newest are counted. */
        isCut: z.boolean(),
        now: z.number(),
        items: z.array(AlertOut),
      }),
    ),
}
