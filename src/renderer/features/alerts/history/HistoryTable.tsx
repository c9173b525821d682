/** The alerts of before that are in view, out of thousands; arrows move between them, and `Enter` opens one beside the list. */
import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useCallback, useEffect, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useActiveRow } from '../../../components/table/useActiveRow.ts'
import classes from '../alerts.module.css'
import { HistoryRow } from './HistoryRow.tsx'
import own from './history.module.css'
import type { PastAlert } from './lengths.ts'

export const ROW_HEIGHT = 48
/** Of the row of headings, with its line. */
export const HEAD_HEIGHT = 29
const OVERSCAN = 6
/** So many rows before the last one, what comes after it is asked for. */
const AHEAD = 40

interface Props {
  readonly alerts: readonly PastAlert[]
  /** The one that is open beside the list. */
  readonly opened: string | null
  readonly placeOf: (id: string) => string
  /** The last ones are about to be in view. */
  readonly onEnd: () => void
  /** What stands below the last one. */
  readonly children: ReactNode
}

export function HistoryTable({ alerts, opened, placeOf, onEnd, children }: Props) {
  const { t } = useTranslation()
  const scroller = useRef<HTMLDivElement>(null)
  const ids = useMemo(() => alerts.map(({ id }) => id), [alerts])
  const { active, activeIndex, activate, onKeyDown } = useActiveRow(ids, scroller, (index) =>
    virtualizer.scrollToIndex(index),
  )
  const virtualizer = useVirtualizer({
    count: alerts.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: useCallback((index: number) => ids[index] ?? index, [ids]),
    overscan: OVERSCAN,
    // The rows begin below the headings.
    scrollPaddingEnd: HEAD_HEIGHT,
    // The row that has the focus stays, wherever it is scrolled to.
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
  const rows = virtualizer.getVirtualItems()
  const isAtEnd = (virtualizer.range?.endIndex ?? 0) >= alerts.length - AHEAD
  useEffect(() => {
    if (isAtEnd) onEnd()
  })

  return (
    <div className={classes.scroller} ref={scroller}>
      <table
        aria-label={t('alerts.section-history')}
        aria-rowcount={alerts.length + 1}
        className={`${classes.table} ${own.table}`}
      >
        <thead className={classes.tableHead}>
          <tr aria-rowindex={1} className={classes.row}>
            <th scope="col">{t('alerts.column-severity')}</th>
            <th scope="col">{t('alerts.column-alert')}</th>
            <th scope="col">{t('alerts.filter-deployment')}</th>
            <th scope="col">{t('alerts.column-began')}</th>
            <th scope="col">{t('alerts.column-lasted')}</th>
            <th scope="col">{t('alerts.acknowledged')}</th>
          </tr>
        </thead>
        <tbody className={classes.rows} style={{ height: virtualizer.getTotalSize() }} onKeyDown={onKeyDown}>
          {rows.map(({ index, start }) => {
            const alert = alerts[index]
            if (alert === undefined) return null
            return (
              <HistoryRow
                key={alert.id}
                alert={alert}
                index={index}
                top={start}
                height={ROW_HEIGHT}
                place={placeOf(alert.id)}
                tabbable={alert.id === active}
                isOpen={alert.id === opened}
                onActive={activate}
              />
            )
          })}
        </tbody>
      </table>
      {children}
    </div>
  )
}
