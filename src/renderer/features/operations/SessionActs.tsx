/** The two things that can be done to a session of PostgreSQL, each behind its preview. */
import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Backend } from '#shared/model/database/activity.ts'
import { useMay } from '../../client/session.ts'
import { OperationDialog } from './OperationDialog.tsx'
import classes from './operations.module.css'

type Kind = 'cancel-query' | 'terminate-backend'

export function SessionActs({ name, backend }: { name: string; backend: Backend }) {
  const { t } = useTranslation()
  const may = useMay('OPERATOR')
  // As it was when somebody pressed: what is listed goes on meanwhile.
  const [asked, setAsked] = useState<{ kind: Kind; backend: Backend & { startedAt: number } } | null>(null)
  const { startedAt, state } = backend
  if (!may || startedAt === null) return null
  const ask = (kind: Kind) => setAsked({ kind, backend: { ...backend, startedAt } })
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
      {asked !== null && (
        <OperationDialog
          kind={asked.kind}
          deployment={name}
          options={{
            pid: asked.backend.pid,
            startedAt: asked.backend.startedAt,
            transactionStartedAt: asked.backend.transactionStartedAt,
          }}
          onClose={() => setAsked(null)}
        />
      )}
    </p>
  )
}
