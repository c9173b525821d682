/** The steps of an operation as phases in time, with how far the one that runs is. */
import { useTranslation } from 'react-i18next'
import { progressText } from '#shared/locales/operation-words.ts'
import { isOver } from '#shared/model/operation.ts'
import type { Outputs } from '../../client/client.ts'
import { useNow } from '../../components/now.ts'
import { useQuantity } from '../../components/useQuantity.ts'
import classes from './operations.module.css'
import { phasesOf } from './phases.ts'

type Told = Outputs['operations']['list']['items'][number]

export function Steps({ operation: { steps, progress, state, error: whole } }: { operation: Told }) {
  const { t, i18n } = useTranslation()
  const { duration, took } = useQuantity()
  const isStill = isOver(state)
  const now = useNow((at) => (isStill ? 0 : at))
  const phases = phasesOf(steps, now)
  const { bytes, totalBytes, heldSince, phase: current } = progress
  const shareDone = bytes === null || totalBytes === null || totalBytes === 0 ? null : bytes / totalBytes
  const far = progressText(i18n, progress)
  return (
    <ol className={classes.steps}>
      {steps.map((step, index) => {
        const { id, title, undoable, pointOfNoReturn, error } = step
        const { tookMs = null, offset = 0, width = 0 } = phases[index] ?? {}
        const isUndone = step.state === 'undone'
        const marks = [
          pointOfNoReturn && t('operations.no-return'),
          undoable && !isUndone && t('operations.undoable'),
        ].filter((one) => one !== false)
        return (
          <li key={id} data-state={step.state}>
            <div className={classes.stepHead}>
              <strong>{title}</strong>{' '}
              <span className={classes.stepState}>{t(`operations.step-${step.state}`)}</span>{' '}
              <span className={classes.took} data-figures>
                {/* Beside one that was taken back it would read as the time of that. */}
                {tookMs !== null && !isUndone && took(tookMs)}
              </span>
            </div>
            {/* One bar: where it lies in the whole, or, while that is known, how far it is. */}
            {current === id && shareDone !== null ? (
              <progress value={shareDone} max={1} aria-label={t('operations.progress')} />
            ) : (
              <div className={classes.track} aria-hidden="true">
                {tookMs !== null && <i style={{ left: `${offset}%`, width: `${width}%` }} />}
              </div>
            )}
            {marks.length > 0 && <p className={classes.quiet}>{marks.join(' · ')}</p>}
            {current === id && far !== null && (
              <p className={classes.quiet} data-figures>
                {far}
              </p>
            )}
            {current === id && heldSince !== null && (
              <p className={classes.quiet} data-figures>
                {t('operations.held', { duration: duration(Math.max(0, now - Date.parse(heldSince)), true) })}
              </p>
            )}
            {/* Why the operation failed stands above it already. */}
            {error !== null && error.text !== whole?.text && <p className={classes.failed}>{error.text}</p>}
          </li>
        )
      })}
    </ol>
  )
}
