/** How old the last good backup of a row is, in its largest unit, and how long one took to come back; it leads to the backups. */
import { VisuallyHidden } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { FleetRow } from '#shared/model/fleet.ts'
import { absolute } from '../../components/moment.ts'
import { useNow } from '../../components/now.ts'
import { StatusGlyph } from '../../components/StatusGlyph.tsx'
import { useQuantity } from '../../components/useQuantity.ts'
import { places } from '../../places.ts'
import classes from './fleet.module.css'

const UNITS_MS = [86_400_000, 3_600_000, 60_000, 1_000]

export function FleetBackupCell({ row: { name, backups } }: { row: FleetRow }) {
  const { t, i18n } = useTranslation()
  const { duration, took } = useQuantity()
  const { isConfigured, lastGoodAt, isStale, recoveryMs } = backups
  const age = useNow((now) => {
    if (lastGoodAt === null) return null
    return inLargest(Math.max(0, now - lastGoodAt))
  })
  function inLargest(ms: number): string {
    const unit = UNITS_MS.find((one) => ms >= one) ?? 1
    return duration(ms - (ms % unit), true)
  }
  if (!isConfigured) {
    return (
      <td className={classes.backup}>
        <span className={classes.nothing} title={t('fleet.no-backups')}>
          –
        </span>
      </td>
    )
  }
  const words =
    lastGoodAt === null
      ? t('fleet.backup-none')
      : t(isStale ? 'fleet.backup-stale' : 'fleet.backup-good', {
          at: absolute(i18n.language, lastGoodAt, Date.now()),
        })
  return (
    <td className={classes.backup}>
      <Link href={places.backups(name)} tabIndex={-1} title={words}>
        <VisuallyHidden>{t('fleet.column-backup')} </VisuallyHidden>
        <StatusGlyph status={isStale ? 'CRITICAL' : lastGoodAt === null ? 'UNKNOWN' : 'HEALTHY'} size={12} />{' '}
        {age ?? '–'}
        {isStale && <VisuallyHidden> {words}</VisuallyHidden>}
        {recoveryMs !== null && (
          <span
            className={classes.recovery}
            title={t('fleet.recovery-words', { duration: took(recoveryMs) })}
          >
            <span aria-hidden>{t('fleet.recovery', { duration: inLargest(recoveryMs) })}</span>
            <VisuallyHidden> {t('fleet.recovery-words', { duration: took(recoveryMs) })}</VisuallyHidden>
          </span>
        )}
      </Link>
    </td>
  )
}
