/** "Test connection": what was found at each hop and target as it is walked, and what to do about what failed. */
import { Button, CopyButton } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useErrorText } from '../../client/error-text.ts'
import { StatusGlyph } from '../../components/StatusGlyph.tsx'
import { LegSteps } from './LegSteps.tsx'
import { legsOf } from './legs.ts'
import classes from './reach.module.css'
import { testReport } from './test-report.ts'
import type { ReachTest } from './use-reach-test.ts'

/** So few are shown with all that was found at them; of more, what is well is folded to a line. */
const UNFOLDED_AT_MOST = 6

interface Props {
  readonly test: ReachTest
  /** The deployment's name, for the copied text. */
  readonly name: string
  readonly onRepeat: () => void
}

export function ReachTestPanel({ test: { state, cancel, close }, name, onRepeat }: Props) {
  const { t, i18n } = useTranslation()
  const errorText = useErrorText()
  const panel = useRef<HTMLFieldSetElement>(null)
  const [unfolded, setUnfolded] = useState<boolean | null>(null)
  const { status } = state
  // It is started from the foot of a long form, wherever that is scrolled to; what it found is read from its top.
  useEffect(() => {
    if (status !== 'idle') panel.current?.scrollIntoView({ block: 'start' })
  }, [status])
  if (state.status === 'idle') return null
  const { steps, at, expected } = state
  const outcome = t(`reach.${state.status}`)
  const showsAll = unfolded ?? expected <= UNFOLDED_AT_MOST
  const running = state.status === 'running'
  return (
    <fieldset ref={panel} className={classes.panel}>
      <legend>{t('reach.title')}</legend>
      <div className={classes.head}>
        <p className={classes.outcome} role="status">
          <StatusGlyph status={OUTCOME[state.status]} />
          {outcome}
        </p>
        <div className={classes.actions}>
          {running ? (
            <Button variant="default" size="compact-xs" onClick={cancel}>
              {t('form.test-cancel')}
            </Button>
          ) : (
            <>
              <Button variant="default" size="compact-xs" onClick={onRepeat}>
                {t('reach.again')}
              </Button>
              <CopyButton value={testReport(i18n, { name, outcome, at, steps })}>
                {({ copied, copy }) => (
                  <Button variant="default" size="compact-xs" onClick={copy}>
                    {t(copied ? 'reach.copied' : 'reach.copy')}
                  </Button>
                )}
              </CopyButton>
            </>
          )}
          <Button
            variant="default"
            size="compact-xs"
            aria-pressed={showsAll}
            onClick={() => setUnfolded(!showsAll)}
          >
            {t(showsAll ? 'reach.fold' : 'reach.unfold')}
          </Button>
          <Button variant="subtle" size="compact-xs" onClick={close}>
            {t('settings.close')}
          </Button>
        </div>
      </div>
      {state.status === 'error' && (
        <p role="alert" className={classes.failed}>
          {errorText(state.error)}
        </p>
      )}
      <ol className={classes.legs}>
        {legsOf(steps).map((leg, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a leg is its place on the way; names may repeat.
          <LegSteps key={index} leg={leg} unfolded={showsAll} onRepeat={onRepeat} />
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
