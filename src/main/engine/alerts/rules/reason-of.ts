/** What an alert says of itself, as a code of `locales/<language>/alerts.ts` with what was measured. */
import { isRuleId } from '#shared/catalogue/rules.ts'
import type { AlertSubject } from '#shared/model/alert.ts'
import type { AlertRule } from '#shared/model/alert-rule.ts'
import type { Reason } from '#shared/model/reason.ts'

export function alertReason(
  rule: Pick<AlertRule, 'id' | 'title' | 'direction'>,
  { target, labels }: AlertSubject,
  measured: { readonly value: number | null; readonly threshold: number; readonly unit: string },
  because: Reason | null = null,
): Reason {
  const { value, threshold, unit } = measured
  const params = { ...labels, target, value: value ?? threshold, limit: threshold }
  if (!isRuleId(rule.id)) {
    const code = rule.direction === 'above' ? 'alert-own-above' : 'alert-own-below'
    const label = Object.values(labels)[0] ?? ''
    return { code, params: { ...params, title: rule.title ?? rule.id, label, unit } }
  }
  // Where keys are evicted, that is what it is about.
  const code = rule.id === 'redis-memory-high' && unit !== 'percent' ? 'redis-evicting' : rule.id
  if (because === null) return { code: `alert-${code}`, params }
  return { code: `alert-${code}-because`, params: { ...params, ...because.params, because: because.code } }
}
