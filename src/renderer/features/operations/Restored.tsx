/** What came of a restore or a drill: how much was restored and counted, and how long until it could be used. */
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import type { Outputs } from '../../client/client.ts'
import { useQuantity } from '../../components/useQuantity.ts'
import classes from './operations.module.css'

/** A drill has measured how long it takes. */
const Counted = z.object({ tables: z.number(), rows: z.number(), recoveryMs: z.number().optional() })

export function Restored({
  operation: { kind, state, result },
}: {
  operation: Outputs['operations']['get']
}) {
  const { t } = useTranslation()
  const { took } = useQuantity()
  const counted = Counted.safeParse(result)
  // A backup counts, too, and restores nothing; what failed, or was taken back, left nothing to tell of.
  if ((kind !== 'restore' && kind !== 'drill') || state !== 'succeeded' || !counted.success) return null
  const { tables, rows, recoveryMs } = counted.data
  return (
    <p className={classes.quiet} data-figures>
      {t('operations.restored-counted', { tables, rows })}
      {recoveryMs !== undefined && ` · ${t('backups.recovered-in', { duration: took(recoveryMs) })}`}
    </p>
  )
}
