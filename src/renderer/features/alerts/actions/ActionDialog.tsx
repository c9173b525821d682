/** The frame of what people do about alerts: which ones, what is to be said, and what could not be done. */
import { Button, Modal } from '@mantine/core'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Alert } from '#shared/model/alert.ts'
import { useErrorText } from '../../../client/error-text.ts'
import { SeverityGlyph } from '../../../components/SeverityMark.tsx'
import { useAlertWords } from '../alert-words.ts'
import classes from './actions.module.css'
import type { Outcome } from './for-all.ts'

/** More are a number. */
const NAMED = 5

interface Props {
  readonly title: string
  readonly submit: string
  readonly size?: string
  /** What it is about; none: of no alert in particular. */
  readonly alerts: readonly Alert[]
  readonly act: () => Promise<Outcome>
  readonly onClose: (isDone: boolean) => void
  readonly children: ReactNode
}

export function ActionDialog({ title, submit, size = 'md', alerts, act, onClose, children }: Props) {
  const { t } = useTranslation()
  const errorText = useErrorText()
  const [isBusy, setBusy] = useState(false)
  const [failed, setFailed] = useState<Outcome['failed']>([])

  async function run(event: FormEvent) {
    event.preventDefault()
    setBusy(true)
    const outcome = await act()
    setBusy(false)
    setFailed(outcome.failed)
    if (outcome.failed.length === 0) onClose(true)
  }

  const reasons = [...new Set(failed.map(({ error }) => errorText(error)))]
  return (
    <Modal
      opened
      size={size}
      onClose={() => onClose(false)}
      title={title}
      closeButtonProps={{ 'aria-label': t('settings.close') }}
    >
      <form className={classes.form} onSubmit={(event) => void run(event)}>
        {alerts.length > 0 && <AlertNames alerts={alerts} />}
        {children}
        {failed.length > 0 && (
          <p role="alert" className={classes.failed}>
            {alerts.length > 1 ? `${t('alerts.not-done', { count: failed.length })} ` : ''}
            {reasons.join('\n')}
          </p>
        )}
        <div className={classes.buttons}>
          <Button type="submit" loading={isBusy}>
            {submit}
          </Button>
          <Button variant="default" onClick={() => onClose(false)}>
            {t('settings.cancel')}
          </Button>
        </div>
      </form>
    </Modal>
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
