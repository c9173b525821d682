/** Which metrics a rule can watch, and what its lines are measured in. Pure. */
import { isLabelled, LABELLED } from '#shared/catalogue/labelled.ts'
import { METRICS, type MetricDefinition, type MetricUnit } from '#shared/catalogue/metrics.ts'
import type { Rule, RuleDraft } from './draft.ts'

export const KNOWN_METRICS: Readonly<Record<string, MetricDefinition>> = { ...LABELLED, ...METRICS }

const METRIC_NAMES = Object.keys(KNOWN_METRICS).toSorted()

/** Those to choose from: beside a metric with labels none without them of the same probe. */
export function metricsFor({ kind, metrics }: Pick<RuleDraft, 'kind' | 'metrics'>): string[] {
  if (kind !== 'metrics') return METRIC_NAMES
  const isBeside = (name: string) =>
    metrics.every(
      (one) =>
        KNOWN_METRICS[one]?.probe !== KNOWN_METRICS[name]?.probe || isLabelled(one) === isLabelled(name),
    )
  return METRIC_NAMES.filter((name) => metrics.includes(name) || isBeside(name))
}

/** @param rule the one of the catalogue that is set; `null`: one of somebody's own. `null`: no metric is chosen yet */
export function unitOfDraft(draft: RuleDraft, rule: Pick<Rule, 'unit'> | null): MetricUnit | null {
  if (rule !== null) return rule.unit as MetricUnit
  if (draft.kind === 'absence' || draft.kind === 'forecast') return 'seconds'
  const definition = KNOWN_METRICS[draft.kind === 'metrics' ? (draft.metrics[0] ?? '') : draft.metric]
  if (definition === undefined) return null
  return draft.kind === 'rate' ? 'per-second' : definition.unit
}
