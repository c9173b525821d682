/** Rules in force for one deployment: those whose scope it is in, with the limits of its own profile, by whose looks they read. */
import { isLimited, type LimitOverrides } from '#shared/catalogue/limits.ts'
import type { MetricName } from '#shared/catalogue/metrics.ts'
import { PROBE_IDS, type ProbeId } from '#shared/catalogue/probes.ts'
import type { SpecialReading } from '#shared/catalogue/rules.ts'
import { urgency } from '#shared/catalogue/severities.ts'
import type { AlertRule, AlertRuleLevel } from '#shared/model/alert-rule.ts'
import type { DeploymentProfile } from '#shared/model/profile/deployment.ts'
import { probesOf, wholeReader } from '../readings/readers.ts'
import type { WholeReader } from '../readings/special.ts'

export interface CompiledRules {
  readonly byProbe: Readonly<Record<ProbeId, readonly AlertRule[]>>
  /** Those of the deployment as a whole. */
  readonly whole: readonly { readonly rule: AlertRule; readonly read: WholeReader }[]
  readonly byId: ReadonlyMap<string, AlertRule>
}

type Scoped = Pick<DeploymentProfile, 'name' | 'tags' | 'limits'>

export function compileRules(rules: readonly AlertRule[], profile: Scoped): CompiledRules {
  const applied = rules
    .filter((rule) => rule.enabled && isInScope(rule, profile))
    .map((rule) => ({ ...rule, levels: levelsFor(rule, profile.limits) }))
  const of = (probe: ProbeId) => applied.filter(({ condition }) => probesOf(condition).has(probe))
  return {
    byProbe: Object.fromEntries(PROBE_IDS.map((probe) => [probe, of(probe)])) as Record<ProbeId, AlertRule[]>,
    whole: applied.flatMap((rule) => {
      const read = wholeReader(rule)
      return read === null ? [] : [{ rule, read }]
    }),
    byId: new Map(applied.map((rule) => [rule.id, rule])),
  }
}

export function isInScope(
  { scope }: Pick<AlertRule, 'scope'>,
  { name, tags }: Omit<Scoped, 'limits'>,
): boolean {
  return (
    (scope.deployments === null || scope.deployments.includes(name)) &&
    (scope.tags === null || scope.tags.some((tag) => tags.includes(tag)))
  )
}

/** The metrics whose limits in a profile mean a rule that reads more than them. */
const LIMITED_BY: Partial<Record<SpecialReading, MetricName>> = {
  'redis-memory': 'redis_memory_usage',
  'redis-hit-rate': 'redis_hit_rate',
  'slow-paths': 'http_request_duration_ms',
}

/** A limit in the profile of a deployment says more of it than a rule for all: it takes the place of the threshold. */
function levelsFor({ condition, levels }: AlertRule, overrides: LimitOverrides): AlertRuleLevel[] {
  const metric =
    condition.kind === 'metrics'
      ? condition.metrics[0]
      : condition.kind === 'special'
        ? LIMITED_BY[condition.reading]
        : undefined
  const override =
    metric !== undefined && isLimited(metric as MetricName) ? overrides[metric as never] : undefined
  if (override === undefined) return levels
  const { warning, critical }: { warning?: number; critical?: number } = override
  return levels.map((level) => {
    const limit = urgency(level.severity) >= urgency('CRITICAL') ? critical : warning
    if (limit === undefined) return level
    return { ...level, threshold: limit, clear: limit + (level.clear - level.threshold) }
  })
}
