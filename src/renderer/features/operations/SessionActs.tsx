/** The two things that can be done to a session of PostgreSQL, each behind its preview. */
import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Backend } from '#shared/model/database/activity.ts'
import { useMay } from '../../client/session.ts'
import { useAskOperation } from './OperationAsking.tsx'
import classes from './operations.module.css'

export function SessionActs({ name, backend }: { name: string; backend: Backend }) {
  const { t } = useTranslation()
  const may = useMay('OPERATOR')
  const askOperation = useAskOperation()
  const { pid, startedAt, transactionStartedAt, state } = backend
  if (!may || startedAt === null) return null
  const ask = (kind: 'cancel-query' | 'terminate-backend') =>
    askOperation({ kind, deployment: name, options: { pid, startedAt, transactionStartedAt } })
  return (
    <p className={classes.buttons}>
      {state === 'active' && (
        <Button variant="default" size="compact-xs" onClick={() => ask('cancel-query')}>
          {t('operations.ask-cancel')}
        </Button>
      )}
      <Button variant="default" size="compact-xs" onClick={() => ask('terminate-backend')}>
        {t('operations.ask-terminate')}
      </Button>
    </p>
  )
}
