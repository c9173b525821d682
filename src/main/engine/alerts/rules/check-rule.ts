/** What is wrong with a rule that somebody wrote: every fault with its path and why. Pure. */
import { isDeepStrictEqual } from 'node:util'
import { isLabelled } from '#shared/catalogue/labelled.ts'
import { METRICS, type MetricUnit } from '#shared/catalogue/metrics.ts'
import { urgency } from '#shared/catalogue/severities.ts'
import type { AlertCondition, AlertRule } from '#shared/model/alert-rule.ts'
import type { Reason } from '#shared/model/reason.ts'
import { NEVER_SECONDS } from '../readings/over-time.ts'
import { metricNamed, metricsIn, metricsRead } from '../readings/readers.ts'
import { inScope, type Sighted, unseenBy } from './sight.ts'

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

/** What there is for a rule to be about. */
export interface Surroundings {
  /** A rule that is for none of them, or reads nothing that any of its own can have, does nothing. */
  readonly deployments: readonly Sighted[]
  /** Names; `null`: any may be named. */
  readonly channels: readonly string[] | null
  /** All that there are, also the one that it takes the place of. */
  readonly rules: readonly AlertRule[]
}

export function checkRule(rule: AlertRule, around: Surroundings): RuleFault[] {
  const scope = scopeFaults(rule, around)
  return [
    ...conditionFaults(rule),
    ...levelFaults(rule),
    ...scope,
    ...(scope.length > 0 ? [] : unseenFaults(rule, around)),
    ...channelFaults(rule, around),
    ...twinFaults(rule, around),
  ]
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
  const unknown = metrics.flatMap((metric) =>
    metricNamed(metric) === null ? [fault(keysOf(condition, metric), 'rule-unknown-metric', { metric })] : [],
  )
  const units = new Set(metrics.flatMap((metric) => metricNamed(metric)?.unit ?? []))
  const differ = units.size > 1 ? [fault(['condition', 'metrics'], 'rule-units-differ')] : []
  const mixed = isMixed(metrics) ? [fault(['condition', 'metrics'], 'rule-labels-mixed')] : []
  return [...unknown, ...differ, ...mixed, ...limitFaults(condition)]
}

/** Where a condition names a metric. */
function keysOf(condition: AlertCondition, metric: string): RuleFault['keys'] {
  return condition.kind === 'metrics'
    ? ['condition', 'metrics', condition.metrics.indexOf(metric)]
    : ['condition', 'metric']
}

/** A line may lead beyond what the metric can be, and then there is nothing to foretell. */
function limitFaults(condition: AlertCondition): RuleFault[] {
  if (condition.kind !== 'forecast') return []
  const { metric, limit } = condition
  const [low, high] = valuesOf([metric], metricNamed(metric)?.unit)
  if (limit >= low && limit <= high) return []
  return [fault(['condition', 'limit'], 'rule-limit-beyond', { metric, limit })]
}

/** Whether some of what one look tells is told of each thing by itself, and some once: of these no worst can be had. */
function isMixed(metrics: readonly string[]): boolean {
  const byProbe = Map.groupBy(metrics, (metric) => metricNamed(metric)?.probe)
  return [...byProbe].some(([probe, names]) => probe !== undefined && new Set(names.map(isLabelled)).size > 1)
}

type Bounds = readonly [number, number]
const UNBOUNDED: Bounds = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
const NOT_NEGATIVE: Bounds = [0, Number.POSITIVE_INFINITY]
/** Values that a unit cannot go beyond. */
const BY_UNIT: Partial<Record<MetricUnit, Bounds>> = {
  percent: [0, 100],
  flag: [0, 1],
  days: UNBOUNDED,
  load: UNBOUNDED,
}
/** Shares of what is declared, set or reserved, of which there may be more than that, and what profiles ask for in their own words. */
const BY_METRIC: Partial<Record<string, Bounds>> = {
  db_pool_utilization: NOT_NEGATIVE,
  db_server_connections_percent: NOT_NEGATIVE,
  redis_memory_usage: NOT_NEGATIVE,
  redis_clients_usage: NOT_NEGATIVE,
  redis_cpu_percent: NOT_NEGATIVE,
  db_query_value: UNBOUNDED,
  http_probe_value: UNBOUNDED,
  exposition_value: UNBOUNDED,
}

/** What the worst of some metrics can be. */
function valuesOf(metrics: readonly string[], unit: string | undefined): Bounds {
  const all = metrics.map((metric) => BY_METRIC[metric] ?? BY_UNIT[unit as MetricUnit] ?? NOT_NEGATIVE)
  const [first = BY_UNIT[unit as MetricUnit] ?? NOT_NEGATIVE, ...others] = all
  return others.reduce(([low, high], one) => [Math.min(low, one[0]), Math.max(high, one[1])], first)
}

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
    if (!isAlwaysTrue && (direction === 'above' ? clear < low : clear > high))
      faults.push(fault(['levels', index, 'clear'], 'rule-never-clears', { clear }))
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

function boundsOf({ condition, unit }: AlertRule): Bounds {
  switch (condition.kind) {
    case 'metrics':
    case 'special':
      return valuesOf(metricsRead(condition), unit)
    case 'absence':
      return NOT_NEGATIVE
    case 'forecast':
      return [0, NEVER_SECONDS]
    case 'rate': {
      const { metric, windowSeconds } = condition
      const definition = metricNamed(metric)
      if (definition?.kind === 'counter') return NOT_NEGATIVE
      const [low, high] = valuesOf([metric], definition?.unit)
      // From one end to the other within the shortest time that a rate is told of.
      const fastest = (high - low) / (windowSeconds / 2)
      return [-fastest, fastest]
    }
  }
}

/** A rule that is switched off may name what is gone: a noisy one goes off with one tick. It is looked at when it is to go on. */
function scopeFaults({ scope, enabled }: AlertRule, { deployments }: Surroundings): RuleFault[] {
  if (!enabled) return []
  const names = new Set(deployments.map(({ profile }) => profile.name))
  const unknown = (scope.deployments ?? []).flatMap((name, index) =>
    names.has(name) ? [] : [fault(['scope', 'deployments', index], 'rule-unknown-deployment', { name })],
  )
  if (unknown.length > 0 || deployments.length === 0) return unknown
  return inScope({ scope }, deployments).length > 0 ? [] : [fault(['scope'], 'rule-for-nothing')]
}

/** What the catalogue looks at is there for whoever gets it later; what people write is meant for what they have. */
function unseenFaults(rule: AlertRule, { deployments }: Surroundings): RuleFault[] {
  if (rule.isBuiltIn || !rule.enabled || deployments.length === 0) return []
  const own = inScope(rule, deployments)
  const names = namesIn(own.map(({ profile }) => profile.name))
  return unseenBy(rule, own).map(({ metric, lacks }) =>
    fault(keysOf(rule.condition, metric), 'rule-sees-nothing', { metric, lacks, deployments: names }),
  )
}

/** So many are read; the rest are only too many. */
const MOST_NAMES = 5

export function namesIn(names: readonly string[]): string {
  return names.length > MOST_NAMES ? `${names.slice(0, MOST_NAMES).join(', ')}, …` : names.join(', ')
}

function channelFaults({ channels, enabled }: AlertRule, { channels: known }: Surroundings): RuleFault[] {
  if (known === null || !enabled) return []
  return channels.flatMap((name, index) => {
    if (known.includes(name)) return []
    const keys = ['channels', index]
    return known.length === 0
      ? [fault(keys, 'rule-no-channels', { name })]
      : [fault(keys, 'rule-unknown-channel', { name, known: known.join(', ') })]
  })
}

/** One that another of somebody's own says already: everything would ring twice. */
function twinFaults(rule: AlertRule, { rules }: Surroundings): RuleFault[] {
  if (rule.isBuiltIn || !rule.enabled) return []
  const said = sayingOf(rule)
  const twin = rules.find(
    (one) => one.id !== rule.id && !one.isBuiltIn && one.enabled && isDeepStrictEqual(sayingOf(one), said),
  )
  return twin === undefined ? [] : [fault([], 'rule-said-already', { name: twin.title ?? twin.id })]
}

/** When a rule fires, and for which deployments: whom it tells, and when it is over, makes no other rule of it. */
function sayingOf({ condition, direction, levels, fireAfter, scope: { deployments, tags } }: AlertRule) {
  return {
    condition:
      condition.kind === 'metrics' ? { ...condition, metrics: condition.metrics.toSorted() } : condition,
    ...{ direction, fireAfter, deployments: deployments?.toSorted(), tags: tags?.toSorted() },
    levels: levels.map(({ severity, threshold }) => ({ severity, threshold })),
  }
}

/** What a condition is measured in. */
export function unitOf(condition: AlertRule['condition']): string {
  if (condition.kind === 'absence' || condition.kind === 'forecast') return 'seconds'
  const [metric = ''] = metricsIn(condition)
  const unit = metricNamed(metric)?.unit ?? METRICS.db_pool_size.unit
  return condition.kind === 'rate' ? 'per-second' : unit
}
