/** The frame of what people do about alerts: which ones, what is to be said, and what could not be done. */
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Alert } from '#shared/model/alert.ts'
import { useErrorText } from '../../../client/error-text.ts'
import { Dialog } from '../../../components/dialog/Dialog.tsx'
import { DialogForm } from '../../../components/dialog/DialogForm.tsx'
import { SeverityGlyph } from '../../../components/SeverityMark.tsx'
import { useAlertWords } from '../alert-words.ts'
import classes from './actions.module.css'
import type { Outcome } from './at-once.ts'
import { type Deed, useSayOutcome } from './use-say-outcome.ts'

/** More are a number. */
const NAMED = 5

interface Props {
  readonly title: string
  readonly submit: string
  readonly size?: 'md' | 'lg' | 'xl'
  /** What it is about; none: of no alert in particular. */
  readonly alerts: readonly Alert[]
  readonly deed: Deed
  /** `null`: nothing was tried, and a field says why. */
  readonly act: () => Promise<Outcome | null>
  readonly onClose: (isDone: boolean) => void
  readonly children: ReactNode
}

export function ActionDialog({ title, submit, size = 'md', alerts, deed, act, onClose, children }: Props) {
  const errorText = useErrorText()
  const [isBusy, setBusy] = useState(false)
  const sayOutcome = useSayOutcome()
  const [failed, setFailed] = useState<string | null>(null)

  async function run() {
    setBusy(true)
    setFailed(null)
    try {
      const outcome = await act()
      if (outcome === null) return
      // Of one alert the list says it.
      if (alerts.length > 1 || outcome.over > 0) sayOutcome(deed, outcome)
      onClose(true)
    } catch (error) {
      setFailed(errorText(error))
    } finally {
      setBusy(false)
    }
  }

  return (
    <Dialog size={size} onClose={() => onClose(false)} title={title}>
      <DialogForm
        submit={submit}
        isBusy={isBusy}
        error={failed}
        onSubmit={() => void run()}
        onClose={() => onClose(false)}
      >
        {alerts.length > 0 && <AlertNames alerts={alerts} />}
        {children}
      </DialogForm>
    </Dialog>
  )
}

function AlertNames({ alerts }: { alerts: readonly Alert[] }) {
  const { t } = useTranslation()
  const wordsOf = useAlertWords()
  return (
    <ul className={classes.names}>
      {alerts.slice(0, NAMED).map((alert) => {
        const { rule, subject } = wordsOf(alert)
        return (
          <li key={alert.id}>
            <SeverityGlyph severity={alert.severity} size={12} />
            <strong>{rule}</strong>
            <span className={classes.quiet}>{[alert.deployment, subject].filter(Boolean).join(' · ')}</span>
          </li>
        )
      })}
      {alerts.length > NAMED && (
        <li className={classes.quiet}>{t('alerts.and-more', { count: alerts.length - NAMED })}</li>
      )}
    </ul>
  )
}
