/** Tries one backup on the console's machine. Where another console signed it, that is trusted first, and the key is named that opens it. */
import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { OperationFacts } from '#shared/model/operation.ts'
import { Dialog } from '../../components/dialog/Dialog.tsx'
import { DialogForm } from '../../components/dialog/DialogForm.tsx'
import { useAskOperation } from '../operations/OperationAsking.tsx'
import type { BackupView } from './backup-view.ts'
import { TrustFields } from './TrustFields.tsx'
import { NOT_TRUSTED, needsTrust, trusted } from './trust.ts'

export function DrillHere({ backup }: { backup: BackupView }) {
  const { t } = useTranslation()
  const askOperation = useAskOperation()
  const [isOpen, setOpen] = useState(false)
  const [trust, setTrust] = useState(NOT_TRUSTED)
  const { id, deployment, console: maker } = backup
  const given = trusted(trust)

  function ask(more: OperationFacts, onBack?: () => void) {
    const options = { backup: id, ...more }
    askOperation({ kind: 'drill', deployment, options, ...(onBack !== undefined && { onBack }) })
  }

  function showPlan() {
    if (given === null) return
    setOpen(false)
    ask(given, () => setOpen(true))
  }

  return (
    <>
      <Button
        variant="default"
        size="compact-sm"
        onClick={() => (needsTrust(backup) ? setOpen(true) : ask({}))}
      >
        {t('backups.ask-drill-this')}
      </Button>
      <Dialog opened={isOpen} onClose={() => setOpen(false)} title={t('backups.drill-here-title')}>
        <DialogForm
          submit={t('backups.restore-plan')}
          isReady={given !== null}
          onSubmit={showPlan}
          onClose={() => setOpen(false)}
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
