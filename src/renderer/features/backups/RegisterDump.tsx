/** Takes a dump that others made among the backups: which file of the console's machine, and of which database. */
import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { PostgresName } from '#shared/model/backup-selection.ts'
import { Dialog } from '../../components/dialog/Dialog.tsx'
import { DialogForm } from '../../components/dialog/DialogForm.tsx'
import { useAskOperation } from '../operations/OperationAsking.tsx'
import classes from './backups.module.css'

interface Props {
  readonly deployment: string
  /** What it is probably called. */
  readonly database: string
}

export function RegisterDump({ deployment, database: likely }: Props) {
  const { t } = useTranslation()
  const askOperation = useAskOperation()
  const [isOpen, setOpen] = useState(false)
  const [file, setFile] = useState('')
  const [database, setDatabase] = useState(likely)
  const isReady = file.trim() !== '' && PostgresName.safeParse(database).success

  function showPlan() {
    setOpen(false)
    const register = { file: file.trim(), database }
    askOperation({
      ...{ kind: 'backup', deployment, options: { register }, onBack: () => setOpen(true) },
      called: { title: t('backups.register-title'), submit: t('backups.register-do') },
    })
  }

  return (
    <>
      <Button variant="default" title={t('backups.register-means')} onClick={() => setOpen(true)}>
        {t('backups.register')}
      </Button>
      <Dialog opened={isOpen} onClose={() => setOpen(false)} title={t('backups.register-title')}>
        <DialogForm
          submit={t('backups.restore-plan')}
          isReady={isReady}
          onSubmit={showPlan}
          onClose={() => setOpen(false)}
        >
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
