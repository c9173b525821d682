/** A row per deployment: what would be lost, what is proven, what comes next. Only the rows in view are drawn. */
import { useVirtualizer } from '@tanstack/react-virtual'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { Moment } from '../../components/Moment.tsx'
import { StatusGlyph } from '../../components/StatusGlyph.tsx'
import { useActiveRow } from '../../components/table/useActiveRow.ts'
import { useQuantity } from '../../components/useQuantity.ts'
import { places } from '../../places.ts'
import type { StandingView } from './backup-view.ts'
import { type Need, needOf } from './by-need.ts'
import classes from './standing.module.css'

const ROW_HEIGHT = 34
const OVERSCAN = 8

const GLYPH: Record<Need, 'CRITICAL' | 'WARNING' | 'HEALTHY' | 'UNOBSERVED'> = {
  stale: 'CRITICAL',
  'none-yet': 'WARNING',
  'drill-failed': 'CRITICAL',
  missed: 'WARNING',
  faulty: 'WARNING',
  'not-proven': 'WARNING',
  'proven-long-ago': 'WARNING',
  well: 'HEALTHY',
  'not-configured': 'UNOBSERVED',
}

/** @param now milliseconds since the epoch, by which `rows` are sorted */
export function StandingTable({ rows, now }: { rows: readonly StandingView[]; now: number }) {
  const { t } = useTranslation()
  const { duration, took, text } = useQuantity()
  const scroller = useRef<HTMLDivElement>(null)
  const names = rows.map(({ deployment }) => deployment)
  const { active, activate, onKeyDown } = useActiveRow(names, scroller, (index) =>
    virtualizer.scrollToIndex(index),
  )
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => rows[index]?.deployment ?? index,
    overscan: OVERSCAN,
  })
  return (
    <div ref={scroller} className={classes.scroller}>
      <table className={classes.table} aria-label={t('backups.title')} aria-rowcount={rows.length + 1}>
        <thead>
          <tr className={classes.row}>
            <th scope="col">{t('backups.column-deployment')}</th>
            <th scope="col">{t('backups.column-state')}</th>
            <th scope="col">{t('backups.recovery-point')}</th>
            <th scope="col">{t('backups.recovery-time')}</th>
            <th scope="col">{t('backups.next')}</th>
            <th scope="col" data-number>
              {t('backups.kept')}
            </th>
          </tr>
        </thead>
        <tbody onKeyDown={onKeyDown} style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map(({ index, start, key }) => {
            const row = rows[index]
            if (row === undefined) return null
            const { deployment, recoveryPoint, recoveryMs, next, bytes, count } = row
            const { ageSeconds, limitSeconds } = recoveryPoint
            const need = needOf(row, now)
            const provenAt = row.lastProven?.provenAt ?? null
            return (
              <tr
                key={key}
                className={classes.row}
                aria-rowindex={index + 2}
                style={{ transform: `translateY(${start}px)` }}
              >
                <th scope="row">
                  <Link
                    href={places.backups(deployment)}
                    data-row={deployment}
                    tabIndex={deployment === active ? 0 : -1}
                    onFocus={() => activate(deployment)}
                  >
                    {deployment}
                  </Link>
                </th>
                <td>
                  <StatusGlyph status={GLYPH[need]} size={12} /> {t(`backups.need-${need}`)}
                  {provenAt !== null && (need === 'well' || need === 'proven-long-ago') && (
                    <span className={classes.quiet}>
                      {' '}
                      <Moment at={Date.parse(provenAt)} show="relative" />
                    </span>
                  )}
                </td>
                <td>
                  {ageSeconds === null ? '–' : duration(ageSeconds * 1_000, true)}
                  {limitSeconds !== null && (
                    <span className={classes.quiet}> / {duration(limitSeconds * 1_000, true)}</span>
                  )}
                </td>
                <td>{recoveryMs === null ? '–' : took(recoveryMs)}</td>
                <td>
                  {next.backup === null ? '–' : <Moment at={Date.parse(next.backup)} show="absolute" />}
                </td>
                <td data-number>{count === 0 ? '–' : text(bytes, 'bytes')}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}
