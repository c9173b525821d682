/** What rings most, and what would have made it ring less: tried on the looks of the last days, and one step from the editor. */
import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { MetricUnit } from '#shared/catalogue/metrics.ts'
import type { Outputs } from '../../../client/client.ts'
import { useApi } from '../../../client/console.tsx'
import { useErrorText } from '../../../client/error-text.ts'
import { useQuantity } from '../../../components/useQuantity.ts'
import { places } from '../../../places.ts'
import type { Rule } from '../rules/draft.ts'
import { ruleItem } from '../rules/rule-place.ts'
import classes from './statistics.module.css'

type Noise = Outputs['alerts']['statistics']['noisiest'][number]

interface Props {
  readonly noisiest: readonly Noise[]
  readonly rules: ReadonlyMap<string, Rule>
}

export function Noisiest({ noisiest, rules }: Props) {
  const { t } = useTranslation()
  const id = useId()
  return (
    <section aria-labelledby={id}>
      <div className={classes.head}>
        <h2 id={id}>{t('statistics.noisiest')}</h2>
      </div>
      {noisiest.length === 0 && <p className={classes.quiet}>{t('statistics.noisiest-none')}</p>}
      <ul className={classes.noisiest}>
        {noisiest.map(({ rule, deployment, fired }) => (
          <li key={`${rule} ${deployment}`}>
            <p>{t('statistics.noise', { rule: rules.get(rule)?.name ?? rule, deployment, count: fired })}</p>
            <Proposal rule={rules.get(rule) ?? null} deployment={deployment} />
          </li>
        ))}
      </ul>
    </section>
  )
}

/** @param rule `null`: it is gone */
function Proposal({ rule, deployment }: { rule: Rule | null; deployment: string }) {
  const { t } = useTranslation()
  const errorText = useErrorText()
  const { text } = useQuantity()
  const query = useQuery({
    ...useApi().alerts.propose.queryOptions({ input: { rule: rule?.id ?? '', deployment } }),
    enabled: rule !== null,
    // A week of looks is gone through for it.
    staleTime: 10 * 60_000,
    retry: false,
  })
  if (rule === null) return null
  if (query.isError) return <p className={classes.quiet}>{errorText(query.error)}</p>
  if (query.data === undefined) return <p className={classes.quiet}>{t('statistics.seeking')}</p>
  const { fired, proposal } = query.data
  if (fired === null) return <p className={classes.quiet}>{t('statistics.not-known')}</p>
  if (fired === 0) return <p className={classes.quiet}>{t('statistics.not-lately')}</p>
  if (proposal === null) return <p className={classes.quiet}>{t('statistics.look-into-it')}</p>
  const clearOf = ({ levels, unit }: Pick<Rule, 'levels' | 'unit'>) =>
    text(levels[0]?.clear ?? null, unit as MetricUnit)
  const [after, before] =
    proposal.kind === 'wider-clear-line'
      ? [clearOf(proposal.rule), clearOf(rule)]
      : [proposal.rule.fireAfter, rule.fireAfter]
  return (
    <p className={classes.proposal}>
      <span>
        {t(`statistics.${proposal.kind}`, { after, before })}{' '}
        {t('statistics.would-have', { count: proposal.fired, was: fired })}
      </span>
      <Button
        component={Link}
        href={places.alerts('rules', ruleItem(rule.id, deployment))}
        variant="default"
        size="compact-xs"
      >
        {t('statistics.open-editor')}
      </Button>
    </p>
  )
}
