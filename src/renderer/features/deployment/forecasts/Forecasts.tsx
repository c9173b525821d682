/** What runs out first in one line, and all that could below it, with why nothing is foretold of the others. */
import { useTranslation } from 'react-i18next'
import { METRICS } from '#shared/catalogue/metrics.ts'
import { useErrorText } from '../../../client/error-text.ts'
import { CsvButton } from '../../../components/table/CsvButton.tsx'
import { useQuantity } from '../../../components/useQuantity.ts'
import classes from '../deployment.module.css'
import { soonestOf } from './soonest.ts'
import type { ForecastOut } from './use-forecasts.ts'

interface Props {
  /** The deployment that they are of. */
  readonly name: string
  /** `undefined` until they are known. */
  readonly forecasts: readonly ForecastOut[] | undefined
  readonly error: Error | null
}

export function Forecasts({ name, forecasts, error }: Props) {
  const { t } = useTranslation()
  const errorText = useErrorText()
  if (forecasts === undefined) {
    if (error === null) return null
    return (
      <p role="alert" className={classes.notice}>
        {t('forecasts.failed')}: {errorText(error)}
      </p>
    )
  }
  if (forecasts.length === 0) return null
  const soonest = soonestOf(forecasts)
  const table = () => ({
    headings: [
      t('forecasts.what'),
      t('forecasts.target'),
      t('forecasts.now'),
      t('forecasts.rate'),
      t('forecasts.outlook'),
    ],
    rows: forecasts.map(({ metric, target, now, ratePerHour, text }) => [
      t(`forecasts.${metric}`),
      target,
      now,
      ratePerHour?.likely,
      text,
    ]),
  })
  const what = ({ metric, target }: ForecastOut) => `${t(`forecasts.${metric}`)} (${target})`
  return (
    <details className={classes.fold}>
      <summary>
        <span>{t('forecasts.title')}</span>{' '}
        <span className={classes.quiet}>
          {soonest === undefined
            ? t('forecasts.none')
            : t('forecasts.soonest', { what: what(soonest), text: soonest.text })}
        </span>
      </summary>
      <div className={classes.tableBox}>
        <table className={classes.table} aria-label={t('forecasts.title')}>
          <thead>
            <tr>
              <th scope="col">{t('forecasts.what')}</th>
              <th scope="col">{t('forecasts.target')}</th>
              <th scope="col" className={classes.number}>
                {t('forecasts.now')}
              </th>
              <th scope="col" className={classes.number}>
                {t('forecasts.rate')}
              </th>
              <th scope="col">{t('forecasts.outlook')}</th>
            </tr>
          </thead>
          <tbody>
            {forecasts.map((forecast) => (
              <Line key={`${forecast.metric} ${forecast.target}`} forecast={forecast} />
            ))}
          </tbody>
        </table>
      </div>
      <p className={classes.quiet}>
        {t('forecasts.range')} <CsvButton label={`${t('forecasts.title')} ${name}`} table={table} />
      </p>
    </details>
  )
}

function Line({ forecast: { metric, target, now, ratePerHour, text } }: { readonly forecast: ForecastOut }) {
  const { t } = useTranslation()
  const write = useQuantity().text
  const { unit } = METRICS[metric]
  const rate = metric === 'tls_days_left' ? null : (ratePerHour?.likely ?? null)
  return (
    <tr>
      <th scope="row">{t(`forecasts.${metric}`)}</th>
      <td>{target}</td>
      <td className={classes.number}>{write(now, unit)}</td>
      <td className={classes.number}>{rate === null ? '–' : write(rate, unit)}</td>
      <td>{text}</td>
    </tr>
  )
}
