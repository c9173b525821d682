/** The backends in view, out of thousands; arrows move between them, `Enter` opens the statement of one. */
import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Backend } from '#shared/model/database/activity.ts'
import classes from '../database.module.css'
import { BackendDetail } from './BackendDetail.tsx'
import { BackendRow } from './BackendRow.tsx'
import own from './backends.module.css'
import { ORDERS, type Sorting } from './backends.ts'
import { useActiveBackend } from './use-active-backend.ts'

const ROW_HEIGHT = 30
/** Of what is known of one; what is longer is scrolled within. */
const DETAIL_HEIGHT = 236
const OVERSCAN = 8
/** Rows that are shown at most before the list scrolls. */
const TALLEST = 640

interface Props {
  readonly name: string
  /** By the server's clock. */
  readonly at: number
  readonly backends: readonly Backend[]
  readonly sorting: Sorting
  readonly onSorting: (sorting: Sorting) => void
  readonly sought: number | null
}

export function BackendRows({ name, at, backends, sorting, onSorting, sought }: Props) {
  const { t } = useTranslation()
  const scroller = useRef<HTMLDivElement>(null)
  const [opened, setOpened] = useState<number | null>(sought)
  const lines = useMemo(
    () =>
      backends.flatMap((backend) =>
        backend.pid === opened
          ? [
              { backend, detail: false },
              { backend, detail: true },
            ]
          : [{ backend, detail: false }],
      ),
    [backends, opened],
  )
  const indexOf = (pid: number) => lines.findIndex(({ backend }) => backend.pid === pid)
  const { active, activate, onKeyDown } = useActiveBackend(backends, scroller, (pid) =>
    virtualizer.scrollToIndex(indexOf(pid)),
  )
  const activeIndex = active === null ? -1 : indexOf(active)
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: useCallback(
      (index: number) => (lines[index]?.detail === true ? DETAIL_HEIGHT : ROW_HEIGHT),
      [lines],
    ),
    getItemKey: useCallback(
      (index: number) => {
        const line = lines[index]
        return line === undefined ? index : `${line.backend.pid}${line.detail ? ' detail' : ''}`
      },
      [lines],
    ),
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

  const show = useRef(() => {})
  useEffect(() => {
    show.current = () => {
      if (sought === null || indexOf(sought) === -1) return
      activate(sought)
      virtualizer.scrollToIndex(indexOf(sought), { align: 'center' })
      scroller.current?.scrollIntoView({ block: 'center' })
    }
  })
  useEffect(() => show.current(), [])

  const toggle = useCallback((pid: number) => setOpened((before) => (before === pid ? null : pid)), [])
  return (
    <div
      className={own.scroller}
      ref={scroller}
      style={{ height: Math.min(TALLEST, virtualizer.getTotalSize() + ROW_HEIGHT + 2) }}
    >
      <table className={own.backends} aria-labelledby="database-running" aria-rowcount={backends.length + 1}>
        <thead className={own.backendsHead}>
          <tr className={own.backend}>
            {ORDERS.map((order) => (
              <th
                key={order}
                scope="col"
                className={order === 'state' ? undefined : own.number}
                aria-sort={sorting.by === order ? (sorting.reversed ? 'descending' : 'ascending') : undefined}
              >
                <button
                  type="button"
                  className={classes.order}
                  onClick={() =>
                    onSorting({ by: order, reversed: sorting.by === order && !sorting.reversed })
                  }
                >
                  {t(`database.order-${order}`)}
                  {sorting.by === order && <span aria-hidden="true"> {sorting.reversed ? '↑' : '↓'}</span>}
                </button>
              </th>
            ))}
            <th scope="col">{t('database.who')}</th>
            <th scope="col">{t('database.waits')}</th>
            <th scope="col">{t('database.statement')}</th>
          </tr>
        </thead>
        <tbody
          className={own.backendsBody}
          style={{ height: virtualizer.getTotalSize() }}
          onKeyDown={onKeyDown}
        >
          {virtualizer.getVirtualItems().map(({ index, start, key }) => {
            const line = lines[index]
            if (line === undefined) return null
            return line.detail ? (
              <tr key={key} className={own.detailRow} style={{ transform: `translateY(${start}px)` }}>
                <td colSpan={7}>
                  <BackendDetail name={name} backend={line.backend} at={at} />
                </td>
              </tr>
            ) : (
              <BackendRow
                key={key}
                backend={line.backend}
                at={at}
                top={start}
                tabbable={line.backend.pid === active}
                opened={line.backend.pid === opened}
                onToggle={toggle}
                onActive={activate}
              />
            )
          })}
        </tbody>
      </table>
    </div>
  )
}
