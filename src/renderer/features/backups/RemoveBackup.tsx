/** Removes a backup after asking; the last good one, and one of production, only by the deployment's name. */
import { Button, Modal, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { refusalOf } from '../../client/client.ts'
import { useClient } from '../../client/console.tsx'
import { useErrorText } from '../../client/error-text.ts'
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
  const { id, deployment, startedAt, bytes, place } = backup
  const removal = useMutation({
    mutationFn: () => client.backups.remove({ id, ...(typed !== '' && { confirm: typed }) }),
    onSuccess: readAgain,
  })
  const wantsName = isLastGood || refusalOf(removal.error)?.code === 'CONFIRMATION_REQUIRED'
  const close = () => {
    setAsking(false)
    setTyped('')
    removal.reset()
  }
  function remove(event: FormEvent) {
    event.preventDefault()
    if (!wantsName || typed === deployment) removal.mutate()
  }
  return (
    <>
      <Button variant="default" size="compact-sm" onClick={() => setAsking(true)}>
        {t('backups.remove')}
      </Button>
      <Modal
        opened={asking}
        onClose={close}
        title={t('backups.remove-title', { at: absolute(i18n.language, Date.parse(startedAt), 0) })}
        closeButtonProps={{ 'aria-label': t('settings.close') }}
      >
        <form className={classes.form} onSubmit={remove}>
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
          {removal.error !== null && (
            <p role="alert" className={classes.failed}>
              {errorText(removal.error)}
            </p>
          )}
          <div className={classes.buttons}>
            <Button type="submit" loading={removal.isPending} disabled={wantsName && typed !== deployment}>
              {t('backups.remove-do')}
            </Button>
            <Button variant="default" onClick={close} data-autofocus>
              {t('settings.cancel')}
            </Button>
          </div>
        </form>
      </Modal>
    </>
  )
}
