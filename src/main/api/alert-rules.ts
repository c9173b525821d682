/** Rules of alerts in words, setting them, and what they would have done. */
import type { Language } from '#shared/locales/languages.ts'
import type { AlertRule } from '#shared/model/alert-rule.ts'
import { metricNamed, metricsRead } from '../engine/alerts/readings/readers.ts'
import { REHEARSED_MS } from '../engine/alerts/rehearsal/rehearse.ts'
import { namesIn } from '../engine/alerts/rules/check-rule.ts'
import type { Clock } from '../engine/clock.ts'
import type { Engine } from '../engine/engine.ts'
import { deploymentsMeant } from './choices.ts'
import type { Procedures } from './procedures.ts'
import { Refusal } from './refusal.ts'
import { moment, speakInert, speakRehearsal, speakRule } from './speech.ts'

/** A part of `alerts`. */
export function implementAlertRules({ alerts }: Pick<Procedures, 'alerts'>, engine: Engine, clock: Clock) {
  return {
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
      async ({ input: { rule, definition, deployment, draw }, context: { language }, signal }) => {
        deploymentsMeant(engine, deployment)
        const now = clock.now()
        const rehearsed = await engine.alerts.rehearse(rule, definition, deployment, { draw, signal })
        const within = { from: moment(now - REHEARSED_MS), to: moment(now) }
        const say = (code: string) => speakRehearsal(language, code)
        if (!rehearsed.known) {
          const why = { code: rehearsed.why, text: say(rehearsed.why) }
          const nothing = { fired: null, seconds: null, looks: null, unobservedSeconds: null }
          return { ...within, ...nothing, why, doubts: [], stretches: [], drawing: null }
        }
        const { stretches, doubts, drawing, ...counts } = rehearsed.rehearsal
        return {
          drawing: drawing && { ...drawing, lines: [...drawing.lines] },
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
  }
}

/** A flag that something else is concluded from has no line. */
function drawnOf({ condition, unit }: AlertRule): string[] {
  if (condition.kind === 'metrics') return [...condition.metrics]
  if (condition.kind !== 'special' || unit === 'flag') return []
  return metricsRead(condition).filter((name) => metricNamed(name)?.unit === unit)
}

/** Why a rule does nothing at all; `null`: there is something that it looks at. */
function inertOf(rule: AlertRule, engine: Engine, language: Language) {
  const blindness = engine.alerts.blindness(rule)
  if (blindness !== null) {
    const { why: code, ...params } = blindness
    const names = 'deployments' in params ? namesIn(params.deployments) : ''
    return { code, text: speakInert(language, code, { ...params, deployments: names }) } as const
  }
  const { condition } = rule
  const reading = condition.kind === 'special' ? condition.reading : null
  if (reading !== 'backup-age' && reading !== 'drill-failed') return null
  if (engine.deployments.list().some(({ profile }) => profile.backups !== undefined)) return null
  const code = reading === 'backup-age' ? 'no-backups' : 'no-drills'
  return { code, text: speakInert(language, code) } as const
}

function found(id: string, rule: AlertRule | null): AlertRule {
  if (rule === null) throw noRule(id)
  return rule
}

function noRule(id: string): Refusal {
  return new Refusal('NOT_FOUND', 'no-rule', { name: id }, { what: 'rule', name: id })
}
