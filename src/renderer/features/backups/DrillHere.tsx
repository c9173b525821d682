/** Tries one backup on the console's machine. Where another console signed it, that is trusted first, and the key is named that opens it. */
import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../components/dialog/Dialog.tsx'
import { DialogForm } from '../../components/dialog/DialogForm.tsx'
import { useAskOperation } from '../operations/OperationAsking.tsx'
import { useAskChosen } from '../operations/use-ask-chosen.ts'
import type { BackupView } from './backup-view.ts'
import { TrustFields } from './TrustFields.tsx'
import { NOT_TRUSTED, needsTrust, trusted } from './trust.ts'

export function DrillHere({ backup }: { backup: BackupView }) {
  const { t } = useTranslation()
  const askOperation = useAskOperation()
  const { isOpen, open, close, ask } = useAskChosen()
  const [trust, setTrust] = useState(NOT_TRUSTED)
  const { id, deployment, console: maker } = backup
  const given = trusted(trust)
  const drill = { kind: 'drill' as const, deployment }

  function showPlan() {
    if (given !== null) ask({ ...drill, options: { backup: id, ...given } })
  }

  return (
    <>
      <Button
        variant="default"
        size="compact-sm"
        onClick={() => (needsTrust(backup) ? open() : askOperation({ ...drill, options: { backup: id } }))}
      >
        {t('backups.ask-drill-this')}
      </Button>
      <Dialog opened={isOpen} onClose={close} title={t('backups.drill-here-title')}>
        <DialogForm
          submit={t('backups.restore-plan')}
          isReady={given !== null}
          onSubmit={showPlan}
          onClose={close}
        >
          <TrustFields
            trust={trust}
            label={t('backups.drill-another', { console: maker })}
            onChange={setTrust}
          />
        </DialogForm>
      </Dialog>
    </>
  )
}
