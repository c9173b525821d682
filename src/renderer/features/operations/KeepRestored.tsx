/** After a restore that swapped: keep it for good, which drops the database from before and with it the way back. */
import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { RestoreResult } from '#shared/model/restore.ts'
import type { Outputs } from '../../client/client.ts'
import { useAskOperation } from './OperationAsking.tsx'

export function KeepRestored({ operation }: { operation: Outputs['operations']['get'] }) {
  const { t } = useTranslation()
  const askOperation = useAskOperation()
  const { id, kind, deployment, state, undo, result } = operation
  const before = kind === 'restore' ? RestoreResult.safeParse(result).data?.before : null
  if (state !== 'succeeded' || undo !== 'available' || before == null) return null
  return (
    <Button
      variant="default"
      size="compact-sm"
      onClick={() => askOperation({ kind: 'restore', deployment, options: { mode: 'keep', operation: id } })}
    >
      {t('operations.keep-restored', { before })}
    </Button>
  )
}
