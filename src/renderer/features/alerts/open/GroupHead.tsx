/** The deployment that the alerts below it are of, or the incident over several of them, with how many there are. */
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { EnvironmentTag } from '../../../components/EnvironmentTag.tsx'
import { SeverityGlyph } from '../../../components/SeverityMark.tsx'
import { places } from '../../../places.ts'
import { useAlertWords } from '../alert-words.ts'
import classes from '../alerts.module.css'
import type { Item } from './items.ts'

interface Props {
  readonly item: Extract<Item, { kind: 'head' }>
  readonly index: number
  /** Pixels from the top of the list. */
  readonly top: number
}

/** Names that a hint tells; the alerts below tell all of them. */
const MOST_NAMED = 20

export function GroupHead({ item, index, top }: Props) {
  const { deployments, environment, counts, ofOneCause, isFresh } = item
  const { t } = useTranslation()
  const wordsOf = useAlertWords()
  const cause = ofOneCause === null ? null : wordsOf(ofOneCause).chain.join(' ← ')
  const [deployment = '', ...others] = deployments
  return (
    <tr aria-rowindex={index + 2} className={classes.group} style={{ transform: `translateY(${top}px)` }}>
      <th scope="rowgroup">
        {/* The panel of each alert leads there by keys. */}
        {others.length === 0 ? (
          <Link href={places.deployment(deployment)} className={classes.deployment} tabIndex={-1}>
            {deployment}
          </Link>
        ) : (
          <span className={classes.several} title={deployments.slice(0, MOST_NAMED).join(', ')}>
            {t('alerts.of-several', { deployment, count: others.length })}
          </span>
        )}
        {environment !== null && <EnvironmentTag environment={environment} />}
        <span className={classes.counts}>
          {counts.map(([severity, count]) => (
            <span key={severity} className={classes.count} title={t(`severity.${severity}`)}>
              <SeverityGlyph severity={severity} size={12} />
              {count} <span className={classes.quiet}>{t(`severity.${severity}`)}</span>
            </span>
          ))}
        </span>
        {cause !== null && (
          <span className={classes.cause} title={cause}>
            <span className={classes.quiet}>← </span>
            {cause}
          </span>
        )}
        {isFresh && <span className={classes.quiet}>{t('alerts.fresh')}</span>}
      </th>
    </tr>
  )
}
