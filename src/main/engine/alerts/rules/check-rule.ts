/** What is wrong with a rule that somebody wrote: every fault with its path and why. Pure. */
import { isLabelled } from '#shared/catalogue/labelled.ts'
import { METRICS, type MetricUnit } from '#shared/catalogue/metrics.ts'
import { urgency } from '#shared/catalogue/severities.ts'
import type { AlertRule } from '#shared/model/alert-rule.ts'
import type { Reason } from '#shared/model/reason.ts'
import { metricNamed, metricsIn } from '../readings/readers.ts'
import { isInScope } from './compile.ts'

export interface RuleFault {
  readonly keys: readonly (string | number)[]
  readonly reason: Reason
}

/** A rule that is refused, with every fault. */
export class RuleRefused extends Error {
  readonly faults: readonly RuleFault[]
  constructor(faults: readonly RuleFault[]) {
    super(faults.map(({ keys, reason }) => `${keys.join('.')}: ${reason.code}`).join('\n'))
    this.name = 'RuleRefused'
    this.faults = faults
  }
}

type Scoped = Parameters<typeof isInScope>[1]

/** @param deployments those that there are: a rule that is for none of them does nothing */
export function checkRule(rule: AlertRule, deployments: readonly Scoped[]): RuleFault[] {
  return [...conditionFaults(rule), ...levelFaults(rule), ...scopeFaults(rule, deployments)]
}

function fault(keys: RuleFault['keys'], code: string, params: Reason['params'] = {}): RuleFault {
  return { keys, reason: { code, params } }
}

function conditionFaults({ condition, isBuiltIn }: AlertRule): RuleFault[] {
  if (isBuiltIn) return []
  if (condition.kind === 'special') {
    return [fault(['condition', 'kind'], 'rule-condition-not-own')]
  }
  const metrics = metricsIn(condition)
  const unknown = metrics.flatMap((metric, index) => {
    if (metricNamed(metric) !== null) return []
    const keys = condition.kind === 'metrics' ? ['condition', 'metrics', index] : ['condition', 'metric']
    return [fault(keys, 'rule-unknown-metric', { metric })]
  })
  const units = new Set(metrics.flatMap((metric) => metricNamed(metric)?.unit ?? []))
  const differ = units.size > 1 ? [fault(['condition', 'metrics'], 'rule-units-differ')] : []
  const mixed = isMixed(metrics) ? [fault(['condition', 'metrics'], 'rule-labels-mixed')] : []
  return [...unknown, ...differ, ...mixed]
}

/** Whether some of what one look tells is told of each thing by itself, and some once: of these no worst can be had. */
function isMixed(metrics: readonly string[]): boolean {
  const byProbe = Map.groupBy(metrics, (metric) => metricNamed(metric)?.probe)
  return [...byProbe].some(([probe, names]) => probe !== undefined && new Set(names.map(isLabelled)).size > 1)
}

/** Values that a unit cannot go beyond. */
const BOUNDS: Partial<Record<MetricUnit, readonly [number, number]>> = {
  percent: [0, 100],
  flag: [0, 1],
}
/** These may be below zero, or a change of them. */
const SIGNED: ReadonlySet<string> = new Set(['days', 'load'])

function levelFaults(rule: AlertRule): RuleFault[] {
  const { levels, direction } = rule
  return levels.flatMap(({ threshold, clear, severity }, index): RuleFault[] => {
    const faults: RuleFault[] = []
    const isWrongSide = direction === 'above' ? clear > threshold : clear < threshold
    const code = direction === 'above' ? 'rule-clear-above' : 'rule-clear-below'
    if (isWrongSide) faults.push(fault(['levels', index, 'clear'], code, { clear, threshold }))
    const [low, high] = boundsOf(rule)
    const isNeverTrue = direction === 'above' ? threshold >= high : threshold <= low
    const isAlwaysTrue = direction === 'above' ? threshold < low : threshold > high
    if (isNeverTrue) faults.push(fault(['levels', index, 'threshold'], 'rule-never-true', { threshold }))
    if (isAlwaysTrue) faults.push(fault(['levels', index, 'threshold'], 'rule-always-true', { threshold }))
    const before = levels[index - 1]
    if (before === undefined) return faults
    if (urgency(severity) <= urgency(before.severity)) {
      faults.push(fault(['levels', index, 'severity'], 'rule-severities-ascend'))
    }
    const isHidden = direction === 'above' ? threshold <= before.threshold : threshold >= before.threshold
    if (isHidden) faults.push(fault(['levels', index, 'threshold'], 'rule-level-hides', { threshold }))
    return faults
  })
}

function boundsOf({ condition, unit }: AlertRule): readonly [number, number] {
  const none = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const
  switch (condition.kind) {
    case 'metrics':
    case 'special':
      return BOUNDS[unit as MetricUnit] ?? (SIGNED.has(unit) ? none : [0, none[1]])
    case 'absence':
    case 'forecast':
      return [0, none[1]]
    default:
      return none
  }
}

function scopeFaults({ scope, enabled }: AlertRule, deployments: readonly Scoped[]): RuleFault[] {
  const names = new Set(deployments.map(({ name }) => name))
  const unknown = (scope.deployments ?? []).flatMap((name, index) =>
    names.has(name) ? [] : [fault(['scope', 'deployments', index], 'rule-unknown-deployment', { name })],
  )
  if (unknown.length > 0 || !enabled || deployments.length === 0) return unknown
  const isForSome = deployments.some((one) => isInScope({ scope }, one))
  return isForSome ? [] : [fault(['scope'], 'rule-for-nothing')]
}

/** What a condition is measured in. */
export function unitOf(condition: AlertRule['condition']): string {
  if (condition.kind === 'absence' || condition.kind === 'forecast') return 'seconds'
  const [metric = ''] = metricsIn(condition)
  const unit = metricNamed(metric)?.unit ?? METRICS.db_pool_size.unit
  return condition.kind === 'rate' ? 'per-second' : unit
}
