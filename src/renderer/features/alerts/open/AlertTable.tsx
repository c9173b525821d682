/** The open alerts that are in view, out of thousands; arrows move between them and `Enter` opens one. */
import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, type RefObject, useCallback, useEffect, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { chainOf } from '#shared/locales/alert-words.ts'
import type { Alert } from '#shared/model/alert.ts'
import { usePainted } from '../../../components/painted.ts'
import { rowAfterKey, useActiveRow } from '../../../components/table/useActiveRow.ts'
import classes from '../alerts.module.css'
import { AlertRowView } from './AlertRowView.tsx'
import { GroupHead } from './GroupHead.tsx'
import type { Item } from './items.ts'
import { lazily } from './lazily.ts'
import type { Selection } from './use-selection.ts'

const ROW_HEIGHT = 52
/** What stands above the list in a window, about: until the list is measured. */
const ABOVE = 160
/** With what it comes from. */
const TALL_ROW_HEIGHT = 70
const GROUP_HEIGHT = 34
const OVERSCAN = 6
/** Of the row of headings, with its line. */
export const HEAD_HEIGHT = 29
export { ROW_HEIGHT }

interface Props {
  readonly items: readonly Item[]
  /** Of the alerts among them, in their order. */
  readonly ids: readonly string[]
  /** All that are open, by their ids: made when it is asked for. */
  readonly known: () => ReadonlyMap<string, Alert>
  /** Given to what the table scrolls in: mounted with it, or rows that are there from the start would not be drawn. */
  readonly scroller: RefObject<HTMLDivElement | null>
  readonly placeOf: (id: string) => string
  readonly selection: Selection
  /** The one that is open beside the list. */
  readonly opened: string | null
  /** One got the focus. */
  readonly onActive: (id: string) => void
}

export function AlertTable({ items, ids, known, scroller, placeOf, selection, opened, onActive }: Props) {
  const { t } = useTranslation()
  const isPainted = usePainted()
  const lines = useMemo(
    () => lazily(() => new Map(items.map((item, index) => [keyOf(item), index] as const))),
    [items],
  )
  const lineOf = (id: string | undefined) => lines().get(id ?? '') ?? -1
  const { active, activeIndex, activate, onKeyDown } = useActiveRow(ids, scroller, (index) =>
    virtualizer.scrollToIndex(lineOf(ids[index])),
  )
  const activeLine = activeIndex === -1 ? -1 : lineOf(ids[activeIndex])
  const virtualizer = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: useCallback(
      (index: number) => {
        const item = items[index]
        if (item?.kind !== 'alert') return GROUP_HEIGHT
        const saysCause = !item.isCauseAbove && chainOf(item.placed.alert.cause).length > 0
        return saysCause ? TALL_ROW_HEIGHT : ROW_HEIGHT
      },
      [items],
    ),
    getItemKey: useCallback(
      (index: number) => {
        const item = items[index]
        return item === undefined ? index : keyOf(item)
      },
      [items],
    ),
    // Rows out of view are drawn once those in view have been painted.
    overscan: isPainted ? OVERSCAN : 0,
    // Rows come with the table that way, not once it is measured.
    initialRect: { width: window.innerWidth, height: window.innerHeight - ABOVE },
    // The row that has the focus stays, wherever it is scrolled or sorted to.
    rangeExtractor: useCallback(
      (range: Range) => {
        const indexes = defaultRangeExtractor(range)
        return activeLine === -1 || indexes.includes(activeLine)
          ? indexes
          : [...indexes, activeLine].sort((a, b) => a - b)
      },
      [activeLine],
    ),
  })

  const toggle = useRef(selection.toggle)
  useEffect(() => {
    toggle.current = selection.toggle
  })
  const onToggle = useCallback((id: string, range: boolean) => toggle.current(id, range), [])
  const onFocused = useCallback(
    (id: string) => {
      activate(id)
      onActive(id)
    },
    [activate, onActive],
  )

  function pressed(event: KeyboardEvent) {
    if (event.key === ' ' && active !== null && isRow(event.target)) {
      event.preventDefault()
      selection.toggle(active, event.shiftKey)
      return
    }
    const before = activeIndex === -1 ? 0 : activeIndex
    const to = event.shiftKey ? rowAfterKey(event.key, before, ids.length) : null
    if (to !== null) selection.add(ids.slice(Math.min(before, to), Math.max(before, to) + 1))
    onKeyDown(event)
  }

  return (
    <div className={classes.scroller} ref={scroller}>
      <table aria-label={t('alerts.title')} aria-rowcount={items.length + 1} className={classes.table}>
        <thead className={classes.tableHead}>
          <tr aria-rowindex={1} className={classes.row}>
            <th scope="col" className={classes.check}>
              <input
                type="checkbox"
                checked={ids.length > 0 && selection.ids.size === ids.length}
                aria-label={t('alerts.select-all')}
                onChange={selection.all}
              />
            </th>
            <th scope="col">{t('alerts.column-severity')}</th>
            <th scope="col">{t('alerts.column-alert')}</th>
            <th scope="col">{t('alerts.column-state')}</th>
            <th scope="col" className={classes.since}>
              {t('alerts.column-since')}
            </th>
          </tr>
        </thead>
        <tbody className={classes.rows} style={{ height: virtualizer.getTotalSize() }} onKeyDown={pressed}>
          {virtualizer.getVirtualItems().map(({ index, start, size }) => {
            const item = items[index]
            if (item === undefined) return null
            if (item.kind === 'head') {
              return <GroupHead key={keyOf(item)} item={item} index={index} top={start} />
            }
            const { id, inhibitedBy } = item.placed.alert
            return (
              <AlertRowView
                key={id}
                placed={item.placed}
                isCauseAbove={item.isCauseAbove}
                index={index}
                top={start}
                height={size}
                place={placeOf(id)}
                tabbable={id === active}
                isSelected={selection.ids.has(id)}
                isOpen={id === opened}
                behind={(inhibitedBy === null ? undefined : known().get(inhibitedBy)) ?? null}
                onActive={onFocused}
                onToggle={onToggle}
              />
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

function isRow(target: EventTarget): boolean {
  return target instanceof HTMLElement && target.dataset.row !== undefined
}

function keyOf(item: Item): string {
  return item.kind === 'alert' ? item.placed.alert.id : item.key
}
