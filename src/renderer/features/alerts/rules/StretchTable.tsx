/** When a rule would have fired, as a table: what the chart shows, for those who do not see it. */
import { useTranslation } from 'react-i18next'
import type { Outputs } from '../../../client/client.ts'
import { Moment } from '../../../components/Moment.tsx'
import { SeverityMark } from '../../../components/SeverityMark.tsx'
import { useQuantity } from '../../../components/useQuantity.ts'
import classes from './rules.module.css'

/** The newest: the rest is on the chart. */
const MOST = 20

export function StretchTable({ stretches }: { stretches: Outputs['alerts']['rehearse']['stretches'] }) {
  const { t } = useTranslation()
  const { duration } = useQuantity()
  return (
    <details className={classes.stretches}>
      <summary>{t('rules.stretches')}</summary>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{t('rules.stretch-from')}</th>
            <th scope="col">{t('rules.stretch-length')}</th>
            <th scope="col">{t('rules.severity')}</th>
            <th scope="col">{t('rules.stretch-of')}</th>
          </tr>
        </thead>
        <tbody>
          {stretches
            .slice(-MOST)
            .toReversed()
            .map(({ from, to, target, labels, severity }) => (
              <tr key={`${from} ${target} ${Object.values(labels).join(' ')}`}>
                <td>
                  <Moment at={Date.parse(from)} show="dated" />
                </td>
                <td>{duration(Date.parse(to) - Date.parse(from))}</td>
                <td>
                  <SeverityMark severity={severity} />
                </td>
                <td>{[target, ...Object.values(labels)].join(' · ')}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </details>
  )
}
