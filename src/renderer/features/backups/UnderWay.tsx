/** What is being done to make, try or restore a backup right now, with how far it is. */
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Outputs } from '../../client/client.ts'
import { useQuantity } from '../../components/useQuantity.ts'
import { places } from '../../places.ts'
import classes from './backups.module.css'

type Told = Outputs['operations']['list']['items'][number]

export function UnderWay({ operations }: { operations: readonly Told[] }) {
  const { t } = useTranslation()
  const { duration, text } = useQuantity()
  if (operations.length === 0) return null
  return (
    <ul className={classes.underWay} aria-label={t('backups.under-way')}>
      {operations.map(({ id, title, state, steps, progress }) => {
        const { phase, bytes, totalBytes, rate, secondsLeft } = progress
        const step = steps.find((one) => one.id === phase)
        const parts = [
          step?.title,
          bytes === null
            ? undefined
            : totalBytes === null
              ? text(bytes, 'bytes')
              : t('operations.of-bytes', {
                  bytes: text(bytes, 'bytes'),
                  total: text(totalBytes, 'bytes'),
                }),
          rate === null ? undefined : text(rate, 'bytes-per-second'),
          secondsLeft === null
            ? undefined
            : t('operations.left', { duration: duration(secondsLeft * 1_000, true) }),
        ].filter((part) => part !== undefined)
        return (
          <li key={id}>
            <Link href={places.operations(id)}>{title}</Link>{' '}
            <strong>{t(`operations.state-${state}`)}</strong>
            <span className={classes.quiet} data-figures>
              {parts.map((part) => ` · ${part}`)}
            </span>
            {bytes !== null && totalBytes !== null && totalBytes > 0 && (
              <progress
                value={Math.min(1, bytes / totalBytes)}
                max={1}
                aria-label={t('operations.progress')}
              />
            )}
          </li>
        )
      })}
    </ul>
  )
}
