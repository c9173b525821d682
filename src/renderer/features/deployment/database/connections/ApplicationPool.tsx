/** What the application says of its own pool, beside what the server counts of it. */
import { useTranslation } from 'react-i18next'
import type { DatabaseConnections } from '#shared/model/database/connections.ts'
import { useQuantity } from '../../../../components/useQuantity.ts'
import classes from '../database.module.css'
import { Nothing } from '../Nothing.tsx'
import { type Application, comparePools } from './group.ts'

const FIGURES = [
  ['db_pool_size', 'database.pool-size'],
  ['db_pool_checked_out', 'database.pool-out'],
  ['db_pool_checked_in', 'database.pool-in'],
  ['db_pool_overflow', 'database.pool-overflow'],
  ['db_pool_waiting', 'database.pool-waiting'],
] as const

interface Props {
  readonly data: DatabaseConnections
  readonly application: Application
}

export function ApplicationPool({ data, application }: Props) {
  const { t } = useTranslation()
  const { text } = useQuantity()
  const { applicationPool } = data
  const compared = comparePools(data, application)
  return (
    <div className={classes.part}>
      <h3>{t('database.application-pool')}</h3>
      {applicationPool === null ? (
        <Nothing title={t('database.pool-untold')} text={t('database.pool-untold-text')} />
      ) : (
        <dl className={classes.figures}>
          {FIGURES.map(([metric, label]) => (
            <div key={metric}>
              <dt>{t(label)}</dt>
              <dd>{text(applicationPool[metric] ?? null, 'count')}</dd>
            </div>
          ))}
        </dl>
      )}
      {compared !== null && (
        <p className={compared.verdict === 'agrees' ? classes.quiet : classes.notice}>
          {t(`database.pools-${compared.verdict}`, {
            server: compared.server,
            application: compared.application,
          })}
        </p>
      )}
    </div>
  )
}
