/** Takes alerts, with a word about it: one more key, and they ring no more until they get worse. */
import { Textarea } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Alert } from '#shared/model/alert.ts'
import { useClient } from '../../../client/console.tsx'
import { ActionDialog } from './ActionDialog.tsx'
import classes from './actions.module.css'
import { atOnce } from './at-once.ts'

export function AcknowledgeDialog({
  alerts,
  onClose,
}: {
  readonly alerts: readonly Alert[]
  readonly onClose: (isDone: boolean) => void
}) {
  const { t } = useTranslation()
  const client = useClient()
  const [note, setNote] = useState(alerts.length === 1 ? (alerts[0]?.note ?? '') : '')
  const count = alerts.length
  return (
    <ActionDialog
      title={t('alerts.acknowledge-title', { count })}
      submit={t('alerts.acknowledge')}
      alerts={alerts}
      deed="acknowledged"
      onClose={onClose}
      act={() =>
        atOnce(
          alerts.map(({ id }) => id),
          (ids) =>
            client.alerts.acknowledgeAll({ alerts: ids, note: note.trim() === '' ? null : note.trim() }),
        )
      }
    >
      <Textarea
        label={t('alerts.note')}
        placeholder={t('alerts.note-optional')}
        value={note}
        maxLength={2_000}
        minRows={2}
        autosize
        data-autofocus
        onChange={(event) => setNote(event.currentTarget.value)}
        onKeyDown={(event) => {
          // A note is a line: whoever wants two says so.
          if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
            event.preventDefault()
            event.currentTarget.form?.requestSubmit()
          }
        }}
      />
      <p className={classes.quiet}>{t('alerts.acknowledge-means')}</p>
    </ActionDialog>
  )
}
