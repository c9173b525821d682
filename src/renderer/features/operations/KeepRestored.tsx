/** After a restore that swapped: keep it for good, with what was there before goes the way back. */
import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { RestoreSwapped } from '#shared/model/restore.ts'
import type { Outputs } from '../../client/client.ts'
import { useAskOperation } from './OperationAsking.tsx'

export function KeepRestored({ operation }: { operation: Outputs['operations']['get'] }) {
  const { t } = useTranslation()
  const askOperation = useAskOperation()
  const { id, kind, deployment, state, undo, result, error } = operation
  const {
    before = null,
    safety = null,
    swappedAt = null,
  } = (kind === 'restore' && RestoreSwapped.safeParse(result).data) || {}
  const isBackFrom = state === 'succeeded' && undo === 'available'
  const isLeft = state === 'cancelled' && (undo === 'available' || undo === 'failed') && swappedAt !== null
  // A backup is held as long as going back may be tried again; and of what was begun to be dropped the rest is still there.
  const isStuck =
    state === 'failed' && undo === 'failed' && (safety !== null || error?.code === 'restore-before-broken')
  if (!(isBackFrom || isLeft || isStuck) || (before ?? safety) === null) return null
  return (
    <Button
      variant="default"
      size="compact-sm"
      onClick={() =>
        askOperation({
          ...{ kind: 'restore', deployment, options: { mode: 'keep', operation: id } },
          called: {
            title: t('operations.keep-title'),
            submit: before === null ? t('operations.keep-do-in-place') : t('operations.keep-do', { before }),
          },
        })
      }
    >
      {before === null ? t('operations.keep-in-place') : t('operations.keep-restored', { before })}
    </Button>
  )
}
