/** After a restore that may be taken back: keep it for good, with what was there before goes the way back. */
import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { isOver } from '#shared/model/operation.ts'
import { RestoreSwapped } from '#shared/model/restore.ts'
import type { Outputs } from '../../client/client.ts'
import { useAskOperation } from './OperationAsking.tsx'

export function KeepRestored({ operation }: { operation: Outputs['operations']['get'] }) {
  const { t } = useTranslation()
  const askOperation = useAskOperation()
  const { id, kind, deployment, state, undo, result, error } = operation
  // Whatever became of it, it is in the way of others as long as going back may be tried.
  if (kind !== 'restore' || !isOver(state) || (undo !== 'available' && undo !== 'failed')) return null
  const told = RestoreSwapped.safeParse(result).data
  // What there is to drop the plan says; nobody promises it of what is not there.
  const before = error?.code === 'restore-before-gone' ? null : (told?.before ?? null)
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
