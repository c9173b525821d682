/** Opens the choice of what of a backup is restored and where to; the plan is shown before anything runs. */
import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useAskChosen } from '../../operations/use-ask-chosen.ts'
import type { BackupView } from '../backup-view.ts'
import { RestoreWizard } from './RestoreWizard.tsx'

export function RestoreButton({ backup }: { backup: BackupView }) {
  const { t } = useTranslation()
  const { isOpen, open, close, ask } = useAskChosen()
  return (
    <>
      <Button variant="default" size="compact-sm" onClick={open}>
        {t('backups.ask-restore')}
      </Button>
      <RestoreWizard
        backup={backup}
        opened={isOpen}
        onClose={close}
        onAsked={(asked) => ask({ kind: 'restore', ...asked })}
      />
    </>
  )
}
