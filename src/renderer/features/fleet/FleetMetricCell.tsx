/** One of a row's four numbers, with its last hour and its limit. */
import { useTranslation } from 'react-i18next'
import type { FleetRow } from '#shared/model/fleet.ts'
import { Sparkline } from '../../components/Sparkline.tsx'
import { useQuantity } from '../../components/useQuantity.ts'
import { Value } from '../../components/Value.tsx'
import classes from './fleet.module.css'
import { extent, toneOfValue, unitOf } from './fleet-metrics.ts'

export function FleetMetricCell({ spark }: { spark: FleetRow['sparklines'][number] }) {
  const { t } = useTranslation()
  const { text } = useQuantity()
  const unit = unitOf(spark.metric)
  const metric = t(`fleet.column-${spark.metric}`)
  const range = extent(spark.points)
  const tone = toneOfValue(spark)
  return (
    <td className={classes.metric} data-metric={spark.metric}>
      {range === null && spark.value === null ? (
        <span className={classes.nothing} title={t('fleet.sparkline-unknown', { metric })}>
          –
        </span>
      ) : (
        <>
          <Sparkline
            points={spark.points}
            limit={spark.limit}
            tone={tone}
            width={48}
            label={
              range === null
                ? t('fleet.sparkline-unknown', { metric })
                : t('fleet.sparkline', { metric, min: text(range.min, unit), max: text(range.max, unit) })
            }
          />
          <Value value={spark.value} unit={unit} limit={spark.limit} stacked {...(tone && { tone })} />
        </>
      )}
    </td>
  )
}
