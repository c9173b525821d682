/** Alerts in words, and what people do about them. */
import { urgency } from '#shared/catalogue/severities.ts'
import { MOST_ALERTS_LISTED } from '#shared/contract/alerts.ts'
import { searchOf, wordsOf } from '#shared/locales/alert-words.ts'
import type { Language } from '#shared/locales/languages.ts'
import type { Alert } from '#shared/model/alert.ts'
import type { AlertRule } from '#shared/model/alert-rule.ts'
import type { Silence } from '#shared/model/silence.ts'
import type { Answered, Became } from '../engine/alerts/alerts.ts'
import { metricNamed, metricsRead } from '../engine/alerts/readings/readers.ts'
import { REHEARSED_MS } from '../engine/alerts/rehearsal/rehearse.ts'
import { isMatched } from '../engine/alerts/silences/silencing.ts'
import { countAlerts } from '../engine/alerts/statistics/statistics.ts'
import type { Clock } from '../engine/clock.ts'
import type { Engine } from '../engine/engine.ts'
import { deploymentsMeant } from './choices.ts'
import { pageOf } from './page-of-alerts.ts'
import type { Procedures } from './procedures.ts'
import { Refusal } from './refusal.ts'
import { replayed } from './replayed.ts'
import {
  moment,
  momentOrNull,
  speakAlert,
  speakDelivery,
  speakInert,
  speakRehearsal,
  speakRule,
  translatorOf,
} from './speech.ts'

const DAY_MS = 86_400_000
/** Alerts that are counted at most. */
const MOST_COUNTED = 50_000

export function implementAlerts({ alerts, silences }: Procedures, engine: Engine, clock: Clock) {
  function activeOf(deployment: string | undefined): Alert[] {
    if (deployment !== undefined) deploymentsMeant(engine, deployment)
    return engine.alerts
      .active(deployment ?? null)
      .toSorted((a, b) => urgency(b.severity) - urgency(a.severity) || b.since - a.since)
  }

  return {
    alerts: {
      active: alerts.active.handler(({ input, context: { language } }) => ({
        items: activeOf(input.deployment).map((alert) => speakAlert(language, alert)),
        nextCursor: null,
      })),

      history: alerts.history.handler(async ({ input, context: { language } }) => {
        const [since, id] = (input.cursor ?? '').split(/\.(.*)/s)
        const query = {
          deployment: input.deployment ?? null,
          rule: input.rule ?? null,
          severity: input.severity ?? null,
          from: 0,
          limit: input.limit,
          before: since === '' || since === undefined ? null : { since: Number(since), id: id ?? '' },
        }
        const translator = translatorOf(language)
        const found = await engine.alerts.search(
          query,
          searchOf(input.text ?? '', (alert) => wordsOf(translator, alert)),
        )
        return {
          items: found.alerts.map((alert) => speakAlert(language, alert)),
          nextCursor: found.next === null ? null : `${found.next.since}.${found.next.id}`,
        }
      }),

      statistics: alerts.statistics.handler(async ({ input: { deployment, days, timeZone } }) => {
        const to = clock.now()
        const from = to - days * DAY_MS
        const counts = engine.alerts
          .counts()
          .filter((one) => deployment === undefined || one.deployment === deployment)
        const found = await engine.alerts.counted({
          ...{ deployment: deployment ?? null, from, limit: MOST_COUNTED + 1 },
        })
        return {
          ...(await countAlerts(found.slice(0, MOST_COUNTED), { timeZone, from })),
          isCut: found.length > MOST_COUNTED,
          from: moment(from),
          to: moment(to),
          active: counts.reduce((sum, { active }) => sum + active, 0),
          total: counts.reduce((sum, { total }) => sum + total, 0),
        }
      }),

      rules: alerts.rules.handler(({ context: { language } }) => ({
        items: engine.alerts.rules().map((rule) => ({
          ...rule,
          name: speakRule(language, rule),
          drawn: drawnOf(rule),
          inert: inertOf(rule, engine, language),
        })),
        nextCursor: null,
      })),

      settings: alerts.settings.handler(() => engine.alerts.settings()),
      configure: alerts.configure.handler(async ({ input }) => {
        await engine.alerts.configure(input)
        return engine.alerts.settings()
      }),
      configureRule: alerts.configureRule.handler(async ({ input: { rule, settings } }) =>
        found(rule, await engine.alerts.configureRule(rule, settings)),
      ),
      saveRule: alerts.saveRule.handler(async ({ input: { rule, definition } }) =>
        found(rule ?? '', await engine.alerts.saveRule(rule, definition)),
      ),
      removeRule: alerts.removeRule.handler(async ({ input: { rule } }) => ({
        rule: found(rule, await engine.alerts.removeRule(rule)).id,
      })),
      rehearse: alerts.rehearse.handler(
        async ({ input: { rule, definition, deployment }, context: { language }, signal }) => {
          deploymentsMeant(engine, deployment)
          const now = clock.now()
          const rehearsed = await engine.alerts.rehearse(rule, definition, deployment, signal)
          const within = { from: moment(now - REHEARSED_MS), to: moment(now) }
          const say = (code: string) => speakRehearsal(language, code)
          if (!rehearsed.known) {
            const why = { code: rehearsed.why, text: say(rehearsed.why) }
            const nothing = { fired: null, seconds: null, looks: null, unobservedSeconds: null }
            return { ...within, ...nothing, why, doubts: [], stretches: [] }
          }
          const { stretches, doubts, ...counts } = rehearsed.rehearsal
          return {
            ...{ ...within, ...counts, why: null },
            doubts: doubts.map((code) => ({ code, text: say(code) })),
            stretches: stretches.map((one) => ({ ...one, from: moment(one.from), to: moment(one.to) })),
          }
        },
      ),

      propose: alerts.propose.handler(async ({ input: { rule, deployment } }) => {
        deploymentsMeant(engine, deployment)
        const answer = await engine.alerts.propose(rule, deployment)
        if (answer === null) throw noRule(rule)
        const { asItIs, proposed } = answer
        return {
          fired: asItIs.known ? asItIs.rehearsal.fired : null,
          proposal:
            proposed === null ? null : { kind: proposed.kind, fired: proposed.fired, rule: proposed.rule },
        }
      }),

      trace: alerts.trace.handler(async ({ input: { alert_id: alert }, context: { language } }) => {
        if ((await engine.alerts.alert(alert)) === null) throw noAlert(alert)
        const entries = await engine.alerts.trace(alert)
        const told = entries.flatMap(({ notification }) => notification?.id ?? [])
        const deliveries = told.length === 0 ? [] : await engine.notify.traces(told)
        return {
          items: entries.map((entry) => ({
            ...entry,
            at: moment(entry.at),
            until: momentOrNull(entry.until),
            last: momentOrNull(entry.last),
          })),
          nextCursor: null,
          deliveries: deliveries.map((trace) => speakDelivery(language, trace)),
        }
      }),

      acknowledgeAll: alerts.acknowledgeAll.handler(async ({ input, context: { actor } }) =>
        asLists(await engine.alerts.acknowledgeAll(input.alerts, actor.name, input.note)),
      ),

      silenceAll: alerts.silenceAll.handler(async ({ input, context: { actor } }) => {
        const request = { until: endOf(input, clock.now()), by: actor.name, note: input.note }
        return asLists(await engine.alerts.silenceAll(input.alerts, request))
      }),

      resolveAll: alerts.resolveAll.handler(async ({ input, context: { actor } }) =>
        asLists(await engine.alerts.resolveAll(input.alerts, actor.name)),
      ),

      acknowledge: alerts.acknowledge.handler(async ({ input, context: { actor, language } }) =>
        speakAlert(
          language,
          answered(
            input.alert_id,
            await engine.alerts.acknowledge(input.alert_id, input.by ?? actor.name, input.note),
          ),
        ),
      ),

      silence: alerts.silence.handler(async ({ input, context: { actor, language } }) => {
        const request = { until: endOf(input, clock.now()), by: actor.name, note: input.note }
        return speakAlert(
          language,
          answered(input.alert_id, await engine.alerts.silenceAlert(input.alert_id, request)),
        )
      }),

      resolve: alerts.resolve.handler(async ({ input, context: { actor, language } }) =>
        speakAlert(
          language,
          answered(input.alert_id, await engine.alerts.resolve(input.alert_id, actor.name)),
        ),
      ),

      live: alerts.live.handler(({ input }) => pageOf(activeOf(undefined), input)),

      about: alerts.about.handler(async ({ input }) => {
        const alert = await engine.alerts.alert(input.alert_id)
        if (alert === null) throw noAlert(input.alert_id)
        const incident = await engine.alerts.incident(alert.incident)
        return {
          alert,
          incident: incident.some(({ id }) => id === alert.id) ? incident : [alert, ...incident],
        }
      }),
    },

    silences: {
      list: silences.list.handler(() => ({
        items: engine.alerts.silences().map(silenceView),
        nextCursor: null,
      })),

      create: silences.create.handler(async ({ input, context: { actor } }) => {
        const { matchers, note } = input
        const until = endOf(input, clock.now())
        return silenceView(await engine.alerts.silence({ matchers, until, by: actor.name, note }))
      }),

      end: silences.end.handler(async ({ input: { silence } }) => {
        const answer = await engine.alerts.unsilence(silence)
        if (!answer.ok && answer.why === 'ends-at-its-origin') {
          throw new Refusal('WRONG_STATE', 'silence-mirrored', {}, { reason: answer.why })
        }
        if (!answer.ok) {
          throw new Refusal('NOT_FOUND', 'no-silence', {}, { what: 'silence', name: silence })
        }
        return silenceView(answer.value)
      }),

      preview: silences.preview.handler(async ({ input: { matchers }, context: { language } }) => {
        const { from, alerts: all, isCut } = await replayed(engine.alerts, clock.now())
        const matched = all.filter((alert) => isMatched(matchers, alert))
        return {
          from: moment(from),
          matched: matched.length,
          of: all.length,
          isCut,
          now: engine.alerts.active(null).filter((alert) => isMatched(matchers, alert)).length,
          items: matched.slice(0, MOST_ALERTS_LISTED).map((alert) => speakAlert(language, alert)),
        }
      }),
    },
  }
}

/** A flag that something else is concluded from has no line. */
function drawnOf({ condition, unit }: AlertRule): string[] {
  if (condition.kind === 'metrics') return [...condition.metrics]
  if (condition.kind !== 'special' || unit === 'flag') return []
  return metricsRead(condition).filter((name) => metricNamed(name)?.unit === unit)
}

/** @throws Refusal where it could not be done */
/** Why a rule does nothing at all; `null`: there is something that it looks at. */
function inertOf({ condition }: AlertRule, engine: Engine, language: Language) {
  const reading = condition.kind === 'special' ? condition.reading : null
  if (reading !== 'backup-age' && reading !== 'drill-failed') return null
  if (engine.deployments.list().some(({ profile }) => profile.backups !== undefined)) return null
  const code = reading === 'backup-age' ? 'no-backups' : 'no-drills'
  return { code, text: speakInert(language, code) } as const
}

function answered(id: string, answer: Answered<Alert>): Alert {
  if (answer.ok) return answer.value
  if (answer.why !== 'over' && answer.why !== 'still-true') throw noAlert(id)
  const key = answer.why === 'over' ? 'alert-over' : 'alert-still-true'
  throw new Refusal('WRONG_STATE', key, {}, { reason: answer.why })
}

function asLists({ done, over, unknown, stillTrue }: Became) {
  return { done: [...done], over: [...over], unknown: [...unknown], stillTrue: [...stillTrue] }
}

function found(id: string, rule: AlertRule | null): AlertRule {
  if (rule === null) throw noRule(id)
  return rule
}

function noRule(id: string): Refusal {
  return new Refusal('NOT_FOUND', 'no-rule', { name: id }, { what: 'rule', name: id })
}

function noAlert(id: string): Refusal {
  return new Refusal('NOT_FOUND', 'no-alert', {}, { what: 'alert', name: id })
}

/**
 * The moment that was asked for; `null`: until it clears.
 * @throws Refusal where more than one was asked for, or one that is over
 */
function endOf(
  input: {
    readonly until?: number | undefined
    readonly minutes?: number | undefined
    readonly untilClears?: boolean | undefined
  },
  now: number,
): number | null {
  const { until, minutes, untilClears } = input
  const given = [until !== undefined, minutes !== undefined, untilClears === true].filter(Boolean).length
  if (given > 1) throw badEnd('expected one of until, minutes, untilClears')
  const at = until ?? (minutes === undefined ? null : now + minutes * 60_000)
  if (at !== null && at <= now) throw badEnd(`expected a moment after ${moment(now)}`)
  return at
}

function badEnd(message: string): Refusal {
  return new Refusal('BAD_REQUEST', 'silence-end', {}, { issues: [{ path: 'until', message }] })
}

function silenceView(silence: Silence) {
  const { startsAt, until, endedAt, announcedAt } = silence
  return {
    ...silence,
    startsAt: moment(startsAt),
    until: moment(until),
    endedAt: endedAt === null ? null : moment(endedAt),
    announcedAt: announcedAt === null ? null : moment(announcedAt),
  }
}
