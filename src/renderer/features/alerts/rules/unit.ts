/** What the lines of a rule are measured in. Pure. */
import { LABELLED } from '#shared/catalogue/labelled.ts'
import { METRICS, type MetricDefinition, type MetricUnit } from '#shared/catalogue/metrics.ts'
import type { Rule, RuleDraft } from './draft.ts'

export const KNOWN_METRICS: Readonly<Record<string, MetricDefinition>> = { ...LABELLED, ...METRICS }

/** @param rule the one of the catalogue that is set; `null`: one of somebody's own. `null`: no metric is chosen yet */
export function unitOfDraft(draft: RuleDraft, rule: Pick<Rule, 'unit'> | null): MetricUnit | null {
  if (rule !== null) return rule.unit as MetricUnit
  if (draft.kind === 'absence' || draft.kind === 'forecast') return 'seconds'
  const definition = KNOWN_METRICS[draft.kind === 'metrics' ? (draft.metrics[0] ?? '') : draft.metric]
  if (definition === undefined) return null
  return draft.kind === 'rate' ? 'per-second' : definition.unit
}
