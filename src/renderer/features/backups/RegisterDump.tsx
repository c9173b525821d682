/** Takes a dump that others made among the backups: which file of the console's machine, and of which database. */
import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { PostgresName } from '#shared/model/backup-selection.ts'
import { Dialog } from '../../components/dialog/Dialog.tsx'
import { DialogForm } from '../../components/dialog/DialogForm.tsx'
import { useAskChosen } from '../operations/use-ask-chosen.ts'
import classes from './backups.module.css'

interface Props {
  readonly deployment: string
  /** What it is probably called. */
  readonly database: string
}

export function RegisterDump({ deployment, database: likely }: Props) {
  const { t } = useTranslation()
  const { isOpen, open, close, ask } = useAskChosen()
  const [file, setFile] = useState('')
  const [database, setDatabase] = useState(likely)
  const isReady = file.trim() !== '' && PostgresName.safeParse(database).success

  function showPlan() {
    const register = { file: file.trim(), database }
    ask({
      ...{ kind: 'backup', deployment, options: { register } },
      called: { title: t('backups.register-title'), submit: t('backups.register-do') },
    })
  }

  return (
    <>
      <Button variant="default" title={t('backups.register-means')} onClick={open}>
        {t('backups.register')}
      </Button>
      <Dialog opened={isOpen} onClose={close} title={t('backups.register-title')}>
        <DialogForm submit={t('backups.restore-plan')} isReady={isReady} onSubmit={showPlan} onClose={close}>
          <TextInput
            label={t('backups.register-file')}
            description={t('backups.register-file-hint')}
            placeholder="/var/tmp/shop.sql.gz"
            value={file}
            autoComplete="off"
            spellCheck={false}
            data-autofocus
            onChange={(event) => setFile(event.currentTarget.value)}
          />
          <TextInput
            label={t('backups.register-database')}
            value={database}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => setDatabase(event.currentTarget.value)}
          />
          <p className={classes.quiet}>{t('backups.register-means')}</p>
        </DialogForm>
      </Dialog>
    </>
  )
}
