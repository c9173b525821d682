/** What Vakhta itself asks of a deployment: a line of totals, and by probe and target below it. */
import { useTranslation } from 'react-i18next'
import type { Connection } from '#shared/model/connection.ts'
import type { Observation } from '#shared/model/observation.ts'
import { CsvButton } from '../../../components/table/CsvButton.tsx'
import { useQuantity } from '../../../components/useQuantity.ts'
import classes from '../deployment.module.css'
import { costsOf } from './costs-of.ts'

interface Props {
  readonly observations: readonly Observation[]
  readonly connection: Connection
}

export function Costs({ observations, connection }: Props) {
  const { t } = useTranslation()
  const { text } = useQuantity()
  const costs = costsOf(observations, connection)
  if (costs.targets.length === 0) return null
  const bytes = (value: number) => text(value, 'bytes')
  const totals = t('costs.totals', {
    looks: costs.looksPerMinute,
    bytes: bytes(costs.bytesPerMinute),
    connections: costs.connections,
  })
  return (
    <details className={classes.fold}>
      <summary>
        <span>{t('costs.title')}</span> <span className={classes.quiet}>{totals}</span>
      </summary>
      <div className={classes.tableBox}>
        <table className={classes.table} aria-label={t('costs.title')}>
          <thead>
            <tr>
              <th scope="col">{t('costs.probe')}</th>
              <th scope="col">{t('costs.target')}</th>
              {(['every', 'time', 'rows', 'bytes', 'per-minute'] as const).map((column) => (
                <th key={column} scope="col" className={classes.number}>
                  {t(`costs.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {costs.targets.map((cost) => (
              <tr key={`${cost.probe} ${cost.target}`}>
                <th scope="row">{t(`probe.${cost.probe}`)}</th>
                <td>{cost.target}</td>
                <td className={classes.number}>{text(cost.intervalMs / 1_000, 'seconds')}</td>
                <td className={classes.number}>{text(cost.ms, 'milliseconds')}</td>
                <td className={classes.number}>{text(cost.rows, 'count')}</td>
                <td className={classes.number}>{bytes(cost.bytes)}</td>
                <td className={classes.number}>{bytes((cost.bytes * 60_000) / cost.intervalMs)}</td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row" colSpan={4}>
                {t('costs.together')}
              </th>
              <td className={classes.number}>{t('costs.rows-per-minute', { rows: costs.rowsPerMinute })}</td>
              <td />
              <td className={classes.number}>{bytes(costs.bytesPerMinute)}</td>
            </tr>
          </tfoot>
        </table>
      </div>
      <p className={classes.quiet}>
        {t('costs.explains')}
        <CsvButton
          label={t('costs.title')}
          table={() => ({
            headings: [
              t('costs.probe'),
              t('costs.target'),
              `${t('costs.every')} (${t('unit.seconds')})`,
              `${t('costs.time')} (${t('unit.milliseconds')})`,
              t('costs.rows'),
              `${t('costs.bytes')} (${t('unit.bytes')})`,
            ],
            rows: costs.targets.map((cost) => [
              t(`probe.${cost.probe}`),
              cost.target,
              cost.intervalMs / 1_000,
              cost.ms,
              cost.rows,
              cost.bytes,
            ]),
          })}
        />
      </p>
    </details>
  )
}
