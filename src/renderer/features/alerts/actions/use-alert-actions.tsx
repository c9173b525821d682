/** What can be done about alerts, and the dialog that is open for it. */
import { notifications } from '@mantine/notifications'
import { type ReactNode, useState } from 'react'
import type { Alert } from '#shared/model/alert.ts'
import { useClient } from '../../../client/console.tsx'
import { useErrorText } from '../../../client/error-text.ts'
import { useMay } from '../../../client/session.ts'
import { AcknowledgeDialog } from './AcknowledgeDialog.tsx'
import { atOnce } from './at-once.ts'
import { SilenceDialog } from './SilenceDialog.tsx'
import { useSayOutcome } from './use-say-outcome.ts'

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
  const client = useClient()
  const errorText = useErrorText()
  const sayOutcome = useSayOutcome()
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
    try {
      const outcome = await atOnce(
        open.map(({ id }) => id),
        (ids) => client.alerts.resolveAll({ alerts: ids }),
      )
      sayOutcome('resolved', outcome)
      if (outcome.stillTrue === 0) onDone()
    } catch (error) {
      notifications.show({ message: errorText(error), color: 'red', autoClose: 12_000 })
    }
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
