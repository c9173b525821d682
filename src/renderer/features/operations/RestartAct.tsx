/** Restarts a service, behind its preview. */
import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../client/session.ts'
import { useAskOperation } from './OperationAsking.tsx'

export function RestartAct({ deployment, service }: { deployment: string; service: string }) {
  const { t } = useTranslation()
  const may = useMay('OPERATOR')
  const askOperation = useAskOperation()
  if (!may) return null
  return (
    <Button
      variant="default"
      size="compact-xs"
      aria-label={t('operations.ask-restart-of', { service })}
      onClick={() => askOperation({ kind: 'restart-service', deployment, options: { service } })}
    >
      {t('operations.ask-restart')}
    </Button>
  )
}
