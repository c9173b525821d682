/** A rule in words: what it reads, where its lines are, and for whom it is. */
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import type { MetricUnit } from '#shared/catalogue/metrics.ts'
import { useQuantity } from '../../../components/useQuantity.ts'
import type { Rule } from './draft.ts'

type Said = Pick<Rule, 'condition' | 'direction' | 'unit' | 'levels' | 'scope'>

export interface RuleWords {
  reads(rule: Said): string
  /** One for each level. */
  fires(rule: Said): string[]
  scope(rule: Said): string
}

export function useRuleWords(): RuleWords {
  const { t } = useTranslation()
  const { text, duration } = useQuantity()
  return {
    reads: useCallback(
      ({ condition }) => {
        switch (condition.kind) {
          case 'metrics': {
            const [only = '', ...others] = condition.metrics
            return others.length === 0
              ? only
              : t('rules.reads-any', { metrics: condition.metrics.join(', ') })
          }
          case 'rate':
            return t('rules.reads-rate', {
              metric: condition.metric,
              window: duration(condition.windowSeconds * 1_000),
            })
          case 'absence':
            return t('rules.reads-absence', { metric: condition.metric })
          case 'forecast':
            return t('rules.reads-forecast', {
              ...{ metric: condition.metric, limit: condition.limit },
              window: duration(condition.windowSeconds * 1_000),
            })
          case 'special':
            return t(`rules.reads-${condition.reading}`)
        }
      },
      [t, duration],
    ),
    fires: useCallback(
      ({ levels, direction, unit }) =>
        levels.map(({ severity, threshold, clear }) =>
          t(`rules.level-${direction}`, {
            severity: t(`severity.${severity}`),
            threshold: text(threshold, unit as MetricUnit),
            clear: text(clear, unit as MetricUnit),
          }),
        ),
      [t, text],
    ),
    scope: useCallback(
      ({ scope: { deployments, tags } }) => {
        const parts = [
          ...(deployments === null ? [] : [deployments.join(', ')]),
          ...(tags === null ? [] : [t('rules.tagged', { tags: tags.join(', ') })]),
        ]
        return parts.length === 0 ? t('rules.everywhere') : parts.join(', ')
      },
      [t],
    ),
  }
}
