/** The deployment that the alerts below it are of, with how many there are. */
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { EnvironmentTag } from '../../../components/EnvironmentTag.tsx'
import { SeverityGlyph } from '../../../components/SeverityMark.tsx'
import { places } from '../../../places.ts'
import classes from '../alerts.module.css'
import type { Item } from './items.ts'

interface Props {
  readonly item: Extract<Item, { kind: 'deployment' }>
  readonly index: number
  /** Pixels from the top of the list. */
  readonly top: number
}

export function GroupHead({ item: { deployment, environment, counts, isFresh }, index, top }: Props) {
  const { t } = useTranslation()
  return (
    <tr aria-rowindex={index + 2} className={classes.group} style={{ transform: `translateY(${top}px)` }}>
      <th scope="rowgroup">
        {/* The panel of each alert leads there by keys. */}
        <Link href={places.deployment(deployment)} className={classes.deployment} tabIndex={-1}>
          {deployment}
        </Link>
        <EnvironmentTag environment={environment} />
        <span className={classes.counts}>
          {counts.map(([severity, count]) => (
            <span key={severity} className={classes.count} title={t(`severity.${severity}`)}>
              <SeverityGlyph severity={severity} size={12} />
              {count} <span className={classes.quiet}>{t(`severity.${severity}`)}</span>
            </span>
          ))}
        </span>
        {isFresh && <span className={classes.quiet}>{t('alerts.fresh')}</span>}
      </th>
    </tr>
  )
}
