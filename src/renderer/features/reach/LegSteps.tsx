/** One hop or target of a test: a line that says how it is, and each of its steps with its time or its failure. */
import { useTranslation } from 'react-i18next'
import { failureText, stepDetailText } from '#shared/locales/translate.ts'
import type { ReachStepResult } from '#shared/model/failure.ts'
import { StatusGlyph } from '../../components/StatusGlyph.tsx'
import { useQuantity } from '../../components/useQuantity.ts'
import { AcceptHostKey } from '../hosts/AcceptHostKey.tsx'
import { offeredKey } from '../hosts/offered-key.ts'
import type { WalkedLeg } from './legs.ts'
import classes from './reach.module.css'

interface Props {
  readonly leg: WalkedLeg
  /** Whether all that was found is shown; what failed always is. */
  readonly unfolded: boolean
  readonly onRepeat: () => void
}

const GLYPH = { ok: 'CONNECTED', failed: 'DISCONNECTED', skipped: 'UNOBSERVED' } as const

export function LegSteps({ leg: { hop, steps, status, ms }, unfolded, onRepeat }: Props) {
  const { t, i18n } = useTranslation()
  const { text } = useQuantity()
  const found = steps.flatMap(({ detail }) => (detail === null ? [] : [stepDetailText(i18n, detail)]))
  const skipped = steps.filter((step) => step.status === 'skipped')
  const folded = status === 'skipped' || (status === 'ok' && !unfolded)
  const refused = steps.some(({ failure }) => failure?.recovery === 'person')
  return (
    <li className={classes.leg} data-status={status}>
      <div className={classes.legHead}>
        <StatusGlyph status={status === 'failed' && refused ? 'REFUSED' : GLYPH[status]} />
        <strong>{hop}</strong>
        {folded && (
          <span className={classes.found} title={found.join(' · ')}>
            {status === 'skipped' ? t('reach.not-reached') : found.join(' · ')}
          </span>
        )}
        <span className={classes.ms} data-figures>
          {ms !== null && text(ms, 'milliseconds')}
        </span>
      </div>
      {!folded && (
        <ol>
          {steps
            .filter((step) => (unfolded ? step.status !== 'skipped' : step.status === 'failed'))
            .map((step) => (
              <Step key={step.step} step={step} onRepeat={onRepeat} />
            ))}
          {unfolded && skipped.length > 0 && (
            <li className={classes.skipped}>
              {t('reach.skipped', { steps: skipped.map(({ step }) => t(`reach.step-${step}`)).join(', ') })}
            </li>
          )}
        </ol>
      )}
    </li>
  )
}

function Step({ step, onRepeat }: { step: ReachStepResult; onRepeat: () => void }) {
  const { t, i18n } = useTranslation()
  const { text } = useQuantity()
  const { failure, status, ms, detail } = step
  const key = failure === null ? null : offeredKey(failure)
  return (
    <li className={classes.step} data-status={status}>
      <span>{t(`reach.step-${step.step}`)}</span>
      <span className={classes.ms} data-figures>
        {status === 'ok' && ms !== null ? text(ms, 'milliseconds') : t(`reach.word-${status}`)}
      </span>
      <span className={classes.mono}>{detail === null ? null : stepDetailText(i18n, detail)}</span>
      {failure !== null && (
        <div className={classes.stepFailure}>
          {/* The key itself stands below, better to compare than within a sentence. */}
          <p>
            {key === null
              ? failureText(i18n, failure)
              : t(key.changed === null ? 'hosts.offered-text' : 'hosts.changed-text')}
          </p>
          {key !== null && <AcceptHostKey offered={key} onAccepted={onRepeat} />}
        </div>
      )}
    </li>
  )
}
