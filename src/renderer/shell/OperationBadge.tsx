/** How many operations run or wait for somebody; nothing where none does. */
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useApi } from '../client/console.tsx'
import classes from './Navigation.module.css'

const MOST_TOLD = 99

export function OperationBadge() {
  const { t } = useTranslation()
  const { data } = useQuery(
    useApi().operations.list.queryOptions({
      input: {
        state: ['queued', 'running', 'paused', 'cancelling', 'undoing', 'interrupted'],
        limit: MOST_TOLD,
      },
    }),
  )
  const open = data?.items ?? []
  if (open.length === 0) return null
  const waiting = open.filter(({ state }) => state === 'paused' || state === 'interrupted').length
  return (
    <span
      className={classes.badge}
      role="img"
      aria-label={t('shell.operations-open', { running: open.length - waiting, waiting })}
    >
      {open.length}
    </span>
  )
}
