/** The rows that are in view, out of hundreds; arrows move between them and `Enter` opens one. */
import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual'
import { useCallback, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { FleetRow } from '#shared/model/fleet.ts'
import { FleetRowView } from './FleetRowView.tsx'
import classes from './fleet.module.css'
import { FLEET_METRICS } from './fleet-metrics.ts'
import { useActiveRow } from './useActiveRow.ts'

export const ROW_HEIGHT = 62
/** Of the row of headings, with its line. */
export const HEAD_HEIGHT = 29
const OVERSCAN = 6

export function FleetTable({ rows }: { rows: readonly FleetRow[] }) {
  const { t } = useTranslation()
  const scroller = useRef<HTMLDivElement>(null)
  const { active, activeIndex, activate, onKeyDown } = useActiveRow(rows, scroller, (index) =>
    virtualizer.scrollToIndex(index),
  )
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: useCallback((index: number) => rows[index]?.name ?? index, [rows]),
    overscan: OVERSCAN,
    // The row that has the focus stays, wherever it is scrolled or sorted to.
    rangeExtractor: useCallback(
      (range: Range) => {
        const indexes = defaultRangeExtractor(range)
        return activeIndex === -1 || indexes.includes(activeIndex)
          ? indexes
          : [...indexes, activeIndex].sort((a, b) => a - b)
      },
      [activeIndex],
    ),
  })

  return (
    <div className={classes.scroller} ref={scroller}>
      <table aria-label={t('fleet.title')} aria-rowcount={rows.length + 1} className={classes.table}>
        <thead className={classes.head}>
          <tr aria-rowindex={1} className={classes.row}>
            <th scope="col">{t('fleet.column-status')}</th>
            <th scope="col">{t('fleet.column-deployment')}</th>
            <th scope="col">{t('fleet.column-heartbeat')}</th>
            {FLEET_METRICS.map((metric) => (
              <th key={metric} scope="col" className={classes.metricHead} data-metric={metric}>
                {t(`fleet.column-${metric}`)}
              </th>
            ))}
            <th scope="col" className={classes.seenHead}>
              {t('fleet.column-freshness')}
            </th>
          </tr>
        </thead>
        <tbody className={classes.rows} style={{ height: virtualizer.getTotalSize() }} onKeyDown={onKeyDown}>
          {virtualizer.getVirtualItems().map(({ index, start }) => {
            const row = rows[index]
            return row === undefined ? null : (
              <FleetRowView
                key={row.name}
                row={row}
                index={index}
                top={start}
                tabbable={row.name === active}
                onActive={activate}
              />
            )
          })}
        </tbody>
      </table>
    </div>
  )
}
