/** The steps of an operation as phases in time, with how far the one that runs is. */
import { useTranslation } from 'react-i18next'
import type { Outputs } from '../../client/client.ts'
import { useQuantity } from '../../components/useQuantity.ts'
import classes from './operations.module.css'

type Told = Outputs['operations']['get']

export function Steps({ operation: { steps, progress } }: { operation: Told }) {
  const { t } = useTranslation()
  const { duration } = useQuantity()
  const { bytes, totalBytes, rate, secondsLeft, phase } = progress
  const shareDone = bytes === null || totalBytes === null || totalBytes === 0 ? null : bytes / totalBytes
  return (
    <ol className={classes.steps}>
      {steps.map((step) => {
        const { id, title, state, startedAt, endedAt, error, undoable, pointOfNoReturn } = step
        const took =
          startedAt === null || endedAt === null
            ? null
            : (Date.parse(endedAt) - Date.parse(startedAt)) / 1_000
        const marks = [
          pointOfNoReturn && t('operations.no-return'),
          undoable && t('operations.undoable'),
          took !== null && duration(took, true),
        ].filter((one) => one !== false)
        return (
          <li key={id} data-state={state}>
            <span>{title}</span> <strong>{t(`operations.step-${state}`)}</strong>
            {marks.length > 0 && <span className={classes.quiet}> · {marks.join(' · ')}</span>}
            {phase === id && shareDone !== null && (
              <progress value={shareDone} max={1} aria-label={t('operations.progress')} />
            )}
            {phase === id && bytes !== null && (
              <p className={classes.quiet} data-figures>
                {t('operations.bytes', {
                  bytes: bytes / 1_048_576,
                  total: (totalBytes ?? bytes) / 1_048_576,
                })}
                {rate !== null && ` · ${t('operations.rate', { rate: rate / 1_048_576 })}`}
                {secondsLeft !== null &&
                  ` · ${t('operations.left', { duration: duration(secondsLeft, true) })}`}
              </p>
            )}
            {error !== null && <p className={classes.failed}>{error.text}</p>}
          </li>
        )
      })}
    </ol>
  )
}
