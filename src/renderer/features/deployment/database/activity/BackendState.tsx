/** What a backend is at, and for how long; one that idles in a transaction stands out, for it holds what it took. */
import { useTranslation } from 'react-i18next'
import type { Backend } from '#shared/model/database/activity.ts'
import { useAges } from '../use-ages.ts'
import classes from './backends.module.css'
import { isIdleInTransaction } from './backends.ts'

export function BackendState({ backend, at }: { backend: Backend; at: number }) {
  const { t } = useTranslation()
  const age = useAges(at)
  const { state, kind, stateChangedAt } = backend
  const words = state ?? (kind === 'client backend' ? t('database.state-unknown') : kind)
  return (
    <span
      className={classes.state}
      data-state={isIdleInTransaction(backend) ? 'forgotten' : (state ?? undefined)}
    >
      {words}
      {isIdleInTransaction(backend) && ` · ${age(stateChangedAt)}`}
    </span>
  )
}
