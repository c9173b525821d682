/** Removes a backup after asking; the only good one, and where else the console asks for it, by the deployment's name. */
import { Button, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { refusalOf } from '../../client/client.ts'
import { useClient } from '../../client/console.tsx'
import { useErrorText } from '../../client/error-text.ts'
import { Dialog } from '../../components/dialog/Dialog.tsx'
import { DialogForm } from '../../components/dialog/DialogForm.tsx'
import { absolute } from '../../components/moment.ts'
import { useQuantity } from '../../components/useQuantity.ts'
import type { BackupView } from './backup-view.ts'
import classes from './backups.module.css'
import { useReadBackupsAgain } from './use-backups.ts'

export function RemoveBackup({ backup, isLastGood }: { backup: BackupView; isLastGood: boolean }) {
  const { t, i18n } = useTranslation()
  const { text } = useQuantity()
  const client = useClient()
  const errorText = useErrorText()
  const readAgain = useReadBackupsAgain()
  const [asking, setAsking] = useState(false)
  const [typed, setTyped] = useState('')
  /** The console asked for the name: that stands, whatever it says next. */
  const [isNameAsked, setNameAsked] = useState(false)
  const { id, deployment, startedAt, bytes, place } = backup
  const removal = useMutation({
    mutationFn: (confirm: string | null) =>
      client.backups.remove({ id, ...(confirm !== null && { confirm }) }),
    onSuccess: readAgain,
    onError: (error) => {
      if (refusalOf(error)?.code === 'CONFIRMATION_REQUIRED') setNameAsked(true)
    },
  })
  const wantsName = isLastGood || isNameAsked
  const close = () => {
    setAsking(false)
    setTyped('')
    setNameAsked(false)
    removal.reset()
  }
  return (
    <>
      <Button variant="default" size="compact-sm" onClick={() => setAsking(true)}>
        {t('backups.remove')}
      </Button>
      <Dialog
        opened={asking}
        // What is sent is not taken back by leaving it, and a refusal has to be seen.
        isHeld={removal.isPending}
        onClose={close}
        title={t('backups.remove-title', { at: absolute(i18n.language, Date.parse(startedAt), 0) })}
      >
        <DialogForm
          submit={t('backups.remove-do')}
          isReady={!wantsName || typed === deployment}
          isBusy={removal.isPending}
          isHeld={removal.isPending}
          error={removal.error === null ? null : errorText(removal.error)}
          isCautious
          onSubmit={() => removal.mutate(wantsName ? typed : null)}
          onClose={close}
        >
          <p>{t('backups.remove-means', { size: text(bytes, 'bytes'), place })}</p>
          {isLastGood && <p className={classes.failed}>{t('backups.remove-last-good', { deployment })}</p>}
          {wantsName && (
            <TextInput
              label={t('backups.remove-confirm', { name: deployment })}
              value={typed}
              autoComplete="off"
              onChange={(event) => setTyped(event.currentTarget.value)}
            />
          )}
        </DialogForm>
      </Dialog>
    </>
  )
}
