/** Opens the choice of what of a backup is restored and where to; the plan is shown before anything runs. */
import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useAskOperation } from '../../operations/OperationAsking.tsx'
import type { BackupView } from '../backup-view.ts'
import { RestoreWizard } from './RestoreWizard.tsx'

export function RestoreButton({ backup }: { backup: BackupView }) {
  const { t } = useTranslation()
  const askOperation = useAskOperation()
  const [isChoosing, setChoosing] = useState(false)
  return (
    <>
      <Button variant="default" size="compact-sm" onClick={() => setChoosing(true)}>
        {t('backups.ask-restore')}
      </Button>
      <RestoreWizard
        backup={backup}
        opened={isChoosing}
        onClose={() => setChoosing(false)}
        onAsked={(asked) => {
          setChoosing(false)
          askOperation({ kind: 'restore', ...asked, onBack: () => setChoosing(true) })
        }}
      />
    </>
  )
}
