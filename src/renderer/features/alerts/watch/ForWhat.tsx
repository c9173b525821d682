/** In a line what alerts something is for. */
import { useTranslation } from 'react-i18next'
import type { WindowMatchers } from '#shared/model/window.ts'
import classes from './watch.module.css'

export function ForWhat({ deployments, rules, severities }: WindowMatchers) {
  const { t } = useTranslation()
  const parts = [
    deployments === null ? t('watch.all-deployments') : deployments.join(', '),
    ...(rules === null ? [] : [rules.join(', ')]),
    ...(severities === null ? [] : [severities.map((one) => t(`severity.${one}`)).join(', ')]),
  ]
  return <span className={deployments === null ? classes.quiet : undefined}>{parts.join(' · ')}</span>
}
