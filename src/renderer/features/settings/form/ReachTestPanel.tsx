/** "Test connection": each step of the way as it is walked, by hop, with its time or what to do about its failure. */
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { failureText, stepDetailText } from '#shared/locales/translate.ts'
import type { ReachStepResult } from '#shared/model/failure.ts'
import { useErrorText } from '../../../client/error-text.ts'
import { StatusGlyph } from '../../../components/StatusGlyph.tsx'
import { useQuantity } from '../../../components/useQuantity.ts'
import { AcceptHostKey } from '../../hosts/AcceptHostKey.tsx'
import { offeredKey } from '../../hosts/offered-key.ts'
import classes from '../settings.module.css'
import type { ReachTest } from './use-reach-test.ts'

interface Props {
  readonly test: ReachTest
  readonly onRepeat: () => void
}

export function ReachTestPanel({ test: { state }, onRepeat }: Props) {
  const { t } = useTranslation()
  const errorText = useErrorText()
  const panel = useRef<HTMLFieldSetElement>(null)
  const { status } = state
  // It is started from the foot of a long form, wherever that is scrolled to; what it found is read from its top.
  useEffect(() => {
    if (status !== 'idle') panel.current?.scrollIntoView({ block: 'start' })
  }, [status])
  if (state.status === 'idle') return null
  const hops = [...Map.groupBy(state.steps, ({ hop }) => hop)]
  return (
    <fieldset ref={panel}>
      <legend>{t('reach.title')}</legend>
      <p className={classes.outcome} role="status">
        <StatusGlyph status={OUTCOME[state.status]} />
        {t(`reach.${state.status}`)}
      </p>
      {state.status === 'error' && (
        <p role="alert" className={classes.failed}>
          {errorText(state.error)}
        </p>
      )}
      <ol className={classes.steps}>
        {hops.map(([hop, steps]) => (
          <li key={hop}>
            <strong>{hop}</strong>
            <ol>
              {steps.map((step) => (
                <Step key={step.step} step={step} onRepeat={onRepeat} />
              ))}
            </ol>
          </li>
        ))}
      </ol>
    </fieldset>
  )
}

const OUTCOME = {
  running: 'CONNECTING',
  passed: 'CONNECTED',
  failed: 'DISCONNECTED',
  cancelled: 'UNOBSERVED',
  error: 'DISCONNECTED',
} as const
const GLYPH = { ok: 'CONNECTED', failed: 'DISCONNECTED', skipped: 'UNOBSERVED' } as const

function Step({ step, onRepeat }: { step: ReachStepResult; onRepeat: () => void }) {
  const { t, i18n } = useTranslation()
  const { text } = useQuantity()
  const key = step.failure === null ? null : offeredKey(step.failure)
  const refused = step.failure?.recovery === 'person'
  return (
    <li className={classes.step} data-status={step.status}>
      <StatusGlyph status={step.status === 'failed' && refused ? 'REFUSED' : GLYPH[step.status]} />
      <span>{t(`reach.step-${step.step}`)}</span>
      <span className={classes.stepMs}>
        {step.status === 'ok' && step.ms !== null
          ? text(step.ms, 'milliseconds')
          : t(`reach.word-${step.status}`)}
      </span>
      <span className={classes.mono}>{step.detail === null ? null : stepDetailText(i18n, step.detail)}</span>
      {step.failure !== null && (
        <div className={classes.stepFailure}>
          {failureText(i18n, step.failure)}
          {key !== null && <AcceptHostKey offered={key} onAccepted={onRepeat} />}
        </div>
      )}
    </li>
  )
}
