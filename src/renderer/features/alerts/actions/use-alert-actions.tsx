/** What can be done about alerts, and the dialog that is open for it. */
import { notifications } from '@mantine/notifications'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Alert } from '#shared/model/alert.ts'
import { useClient } from '../../../client/console.tsx'
import { useErrorText } from '../../../client/error-text.ts'
import { useMay } from '../../../client/session.ts'
import { AcknowledgeDialog } from './AcknowledgeDialog.tsx'
import { forAll } from './for-all.ts'
import { SilenceDialog } from './SilenceDialog.tsx'

export interface AlertActions {
  /** Whether who is asking may do any of it. */
  readonly may: boolean
  readonly isOpen: boolean
  readonly acknowledge: (alerts: readonly Alert[]) => void
  readonly silence: (alerts: readonly Alert[]) => void
  /** Closes what is over and was not seen to be; refused with the reason for what is still true. */
  readonly resolve: (alerts: readonly Alert[]) => void
  readonly dialog: ReactNode
}

/** @param onDone called once something was done, not where it was thought better of */
export function useAlertActions(onDone: () => void): AlertActions {
  const { t } = useTranslation()
  const client = useClient()
  const errorText = useErrorText()
  const may = useMay('OPERATOR')
  const [asked, setAsked] = useState<{ what: 'acknowledge' | 'silence'; alerts: readonly Alert[] } | null>(
    null,
  )

  const ask = (what: 'acknowledge' | 'silence') => (alerts: readonly Alert[]) => {
    const open = alerts.filter(({ state }) => state !== 'resolved')
    if (may && open.length > 0) setAsked({ what, alerts: open })
  }

  async function resolve(alerts: readonly Alert[]) {
    const open = alerts.filter(({ state }) => state !== 'resolved')
    if (!may || open.length === 0) return
    const { done, failed } = await forAll(
      open.map(({ id }) => id),
      (alert) => client.alerts.resolve({ alert_id: alert }),
    )
    const refused = [...new Set(failed.map(({ error }) => errorText(error)))]
    notifications.show({
      title:
        failed.length === 0
          ? t('alerts.resolved', { count: done.length })
          : t('alerts.not-resolved', { count: failed.length }),
      message: refused.join('\n'),
      color: failed.length === 0 ? 'gray' : 'red',
      closeButtonProps: { 'aria-label': t('settings.close') },
      autoClose: failed.length === 0 ? 4_000 : 12_000,
    })
    if (failed.length === 0) onDone()
  }

  function close(isDone: boolean) {
    setAsked(null)
    if (isDone) onDone()
  }
  const Dialog = asked?.what === 'acknowledge' ? AcknowledgeDialog : SilenceDialog
  return {
    may,
    isOpen: asked !== null,
    acknowledge: ask('acknowledge'),
    silence: ask('silence'),
    resolve: (alerts) => void resolve(alerts),
    dialog: asked === null ? null : <Dialog alerts={asked.alerts} onClose={close} />,
  }
}
