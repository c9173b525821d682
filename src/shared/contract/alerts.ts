/** Alerts for scripts and screens: what fires, what fired, and what people do about it. */
import { z } from 'zod'
import { SEVERITIES } from '#shared/catalogue/severities.ts'
import { Alert } from '#shared/model/alert.ts'
import { TraceEntry } from '#shared/model/alert-trace.ts'
import { Name } from '#shared/model/profile/fields.ts'
import { AlertOut, duration, MOST_ALERTS_LISTED, monitoring, Note, RuleKey } from './alert-parts.ts'
import { alertRules } from './alert-rules.ts'
import { SpokenTrace } from './channels.ts'
import { listOf, Moment, procedure, reads, TimeZone } from './procedure.ts'

/** Alerts that one call may be about: as many as may fire at once. Their ids take a third of what a message may be. */
export const MOST_ALERTS_AT_ONCE = 5_000
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
  ...alertRules,
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
