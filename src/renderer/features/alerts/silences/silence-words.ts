/** What a silence is for, in words. */
import type { i18n } from 'i18next'
import { matcherText } from '#shared/model/label-matcher.ts'
import type { SilenceMatchers } from '#shared/model/silence.ts'

/** Parts that all have to fit. @param ruleName what a rule is called */
export function matcherWords(
  { t }: i18n,
  { alert, deployments, rules, severities, labels }: SilenceMatchers,
  ruleName: (id: string) => string,
): string[] {
  const list = (values: readonly string[]) => values.join(', ')
  const parts = [
    ...(alert === null ? [] : [t('silence.one-alert')]),
    ...(deployments === null ? [] : [list(deployments)]),
    ...(rules === null ? [] : [list(rules.map(ruleName))]),
    // Those of one alert only say that what gets worse is beyond it.
    ...(severities === null || alert !== null ? [] : [list(severities.map((one) => t(`severity.${one}`)))]),
    ...(labels ?? []).map(matcherText),
  ]
  return parts.length === 0 ? [t('silence.everything')] : parts
}
