/** Keeps alerts quiet: these alone, or whatever fits, with what that would have hidden. */
import { SegmentedControl, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Alert } from '#shared/model/alert.ts'
import type { SilenceMatchers } from '#shared/model/silence.ts'
import { useConsole } from '../../../client/console.tsx'
import { momentToType } from '../../../components/typed-moment.ts'
import { ActionDialog } from './ActionDialog.tsx'
import classes from './actions.module.css'
import { atOnce, type Outcome } from './at-once.ts'
import { LengthField } from './LengthField.tsx'
import { MatchersField } from './MatchersField.tsx'
import { SilencePreview } from './SilencePreview.tsx'
import { durationOf, type SilenceFor } from './silence-for.ts'

const DAY_MS = 86_400_000

interface Props {
  /** None: of no alert in particular. */
  readonly alerts: readonly Alert[]
  readonly onClose: (isDone: boolean) => void
}

export function SilenceDialog({ alerts, onClose }: Props) {
  const { t } = useTranslation()
  const { client, keys } = useConsole()
  const cache = useQueryClient()
  const [isWide, setWide] = useState(alerts.length === 0)
  const [matchers, setMatchers] = useState<SilenceMatchers>(() => matchersOf(alerts))
  const [lasts, setLasts] = useState<SilenceFor>({
    length: '60',
    until: momentToType(Date.now() + DAY_MS / 2),
  })
  const [note, setNote] = useState('')
  const [refusals, setRefusals] = useState(0)

  async function act(): Promise<Outcome | null> {
    const duration = durationOf(lasts, Date.now())
    // The field says what is wrong; nothing was tried.
    if (duration === null) {
      setRefusals(refusals + 1)
      return null
    }
    const words = note.trim() === '' ? null : note.trim()
    let outcome: Outcome = { done: 0, over: 0, stillTrue: 0 }
    if (isWide) await client.silences.create({ matchers, ...duration, note: words })
    else {
      outcome = await atOnce(
        alerts.map(({ id }) => id),
        (ids) => client.alerts.silenceAll({ alerts: ids, ...duration, note: words }),
      )
    }
    await cache.invalidateQueries({ queryKey: keys.silences })
    return outcome
  }

  return (
    <ActionDialog
      title={isWide ? t('silence.title') : t('silence.title-of', { count: alerts.length })}
      submit={t('silence.submit')}
      size="lg"
      alerts={isWide ? [] : alerts}
      deed="silenced"
      act={act}
      onClose={onClose}
    >
      <LengthField
        value={lasts}
        refusals={refusals}
        onChange={(value) => {
          setRefusals(0)
          setLasts(value)
        }}
      />
      {alerts.length > 0 && (
        <div>
          <p className={classes.label} id="silence-what">
            {t('silence.what')}
          </p>
          <SegmentedControl
            aria-labelledby="silence-what"
            value={isWide ? 'wide' : 'these'}
            onChange={(value) => setWide(value === 'wide')}
            data={[
              { value: 'these', label: t('silence.these', { count: alerts.length }) },
              { value: 'wide', label: t('silence.whatever-fits') },
            ]}
          />
          {!isWide && <p className={classes.quiet}>{t('silence.these-means')}</p>}
        </div>
      )}
      {isWide && <MatchersField value={matchers} onChange={setMatchers} />}
      <TextInput
        label={t('alerts.note')}
        placeholder={t('silence.note-hint')}
        value={note}
        maxLength={2_000}
        data-autofocus
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      {isWide && <SilencePreview matchers={matchers} />}
    </ActionDialog>
  )
}

/** The deployments and rules of some alerts. */
function matchersOf(alerts: readonly Alert[]): SilenceMatchers {
  const each = <T,>(of: readonly T[]): T[] | null => (of.length === 0 ? null : [...new Set(of)])
  return {
    alert: null,
    deployments: each(alerts.map(({ deployment }) => deployment)),
    rules: each(alerts.map(({ rule }) => rule)),
    severities: null,
    labels: null,
  }
}
