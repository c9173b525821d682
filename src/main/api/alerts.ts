/** Alerts in words, and what people do about them. */
import { urgency } from '#shared/catalogue/severities.ts'
import { searchOf, wordsOf } from '#shared/locales/alert-words.ts'
import type { Alert } from '#shared/model/alert.ts'
import type { Answered, Became } from '../engine/alerts/alerts.ts'
import { countAlerts } from '../engine/alerts/statistics/statistics.ts'
import type { Clock } from '../engine/clock.ts'
import type { Engine } from '../engine/engine.ts'
import { implementAlertRules } from './alert-rules.ts'
import { deploymentsMeant } from './choices.ts'
import { pageOf } from './page-of-alerts.ts'
import type { Procedures } from './procedures.ts'
import { Refusal } from './refusal.ts'
import { endOf } from './silences.ts'
import { moment, momentOrNull, speakAlert, speakDelivery, translatorOf } from './speech.ts'

const DAY_MS = 86_400_000
/** Alerts that are counted at most. */
const MOST_COUNTED = 50_000

export function implementAlerts({ alerts }: Procedures, engine: Engine, clock: Clock) {
  function activeOf(deployment: string | undefined): Alert[] {
    if (deployment !== undefined) deploymentsMeant(engine, deployment)
    return engine.alerts
      .active(deployment ?? null)
      .toSorted((a, b) => urgency(b.severity) - urgency(a.severity) || b.since - a.since)
  }

  return {
    ...implementAlertRules({ alerts }, engine, clock),

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

    trace: alerts.trace.handler(async ({ input: { alert_id: alert }, context: { language } }) => {
      if ((await engine.alerts.alert(alert)) === null) throw noAlert(alert)
      const entries = await engine.alerts.trace(alert)
      const told = entries.flatMap(({ notification, earlier }) => [
        ...(notification === null ? [] : [notification.id]),
        ...earlier,
      ])
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
      speakAlert(language, answered(input.alert_id, await engine.alerts.resolve(input.alert_id, actor.name))),
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
  }
}

/** @throws Refusal where it could not be done */
function answered(id: string, answer: Answered<Alert>): Alert {
  if (answer.ok) return answer.value
  if (answer.why !== 'over' && answer.why !== 'still-true') throw noAlert(id)
  const key = answer.why === 'over' ? 'alert-over' : 'alert-still-true'
  throw new Refusal('WRONG_STATE', key, {}, { reason: answer.why })
}

function asLists({ done, over, unknown, stillTrue }: Became) {
  return { done: [...done], over: [...over], unknown: [...unknown], stillTrue: [...stillTrue] }
}

function noAlert(id: string): Refusal {
  return new Refusal('NOT_FOUND', 'no-alert', {}, { what: 'alert', name: id })
}
