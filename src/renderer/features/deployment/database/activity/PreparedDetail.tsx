/** What holds a lock and has no backend to show: a prepared transaction, or one that is not listed. */
import { useTranslation } from 'react-i18next'
import type { PreparedTransaction } from '#shared/model/database/activity.ts'
import { useAges } from '../use-ages.ts'
import classes from './detail.module.css'

interface Props {
  readonly prepared: PreparedTransaction | null
  readonly pid: number | null
  readonly at: number
}

export function PreparedDetail({ prepared, pid, at }: Props) {
  const { t } = useTranslation()
  const age = useAges(at)
  return (
    <div className={classes.detail}>
      <p>
        {pid === null
          ? t('database.prepared-means', {
              name: prepared?.name ?? '?',
              duration: age(prepared?.preparedAt ?? null),
              who: [prepared?.user, prepared?.database].filter((one) => one != null).join(' · '),
            })
          : t('database.not-listed-means', { pid })}
      </p>
    </div>
  )
}
