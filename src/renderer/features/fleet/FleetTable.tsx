/** The rows that are in view, out of hundreds, under the headings of their groups; arrows move between them and `Enter` opens one. */
import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual'
import { useCallback, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { FleetRow } from '#shared/model/fleet.ts'
import { useAhead } from '../../client/ahead.ts'
import { EnvironmentTag } from '../../components/EnvironmentTag.tsx'
import { useActiveRow } from '../../components/table/useActiveRow.ts'
import { FleetRowView } from './FleetRowView.tsx'
import classes from './fleet.module.css'
import { FLEET_METRICS } from './fleet-metrics.ts'
import { type FleetGroup, keyOf, needsAttention } from './fleet-rows.ts'

export const ROW_HEIGHT = 62
/** Of the row of headings, with its line. */
export const HEAD_HEIGHT = 29
const GROUP_HEIGHT = 34
const OVERSCAN = 6

type Item =
  | { readonly kind: 'group'; readonly group: FleetGroup }
  | { readonly kind: 'row'; readonly row: FleetRow }

export function FleetTable({ groups }: { groups: readonly FleetGroup[] }) {
  const { t } = useTranslation()
  const scroller = useRef<HTMLDivElement>(null)
  const ahead = useAhead()
  const items = useMemo<readonly Item[]>(
    () =>
      groups.flatMap((group) => [
        ...(group.of === null ? [] : [{ kind: 'group', group } as const]),
        ...group.rows.map((row) => ({ kind: 'row', row }) as const),
      ]),
    [groups],
  )
  const names = useMemo(() => groups.flatMap((group) => group.rows.map(({ name }) => name)), [groups])
  const itemOf = (name: string | undefined) =>
    items.findIndex((item) => item.kind === 'row' && item.row.name === name)
  const {
    active,
    activeIndex: activeRow,
    activate,
    onKeyDown,
  } = useActiveRow(names, scroller, (index) => virtualizer.scrollToIndex(itemOf(names[index])))
  const activeIndex = activeRow === -1 ? -1 : itemOf(names[activeRow])
  const virtualizer = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: useCallback(
      (index: number) => (items[index]?.kind === 'group' ? GROUP_HEIGHT : ROW_HEIGHT),
      [items],
    ),
    getItemKey: useCallback(
      (index: number) => {
        const item = items[index]
        if (item === undefined) return index
        return item.kind === 'row' ? item.row.name : `group ${keyOf(item.group)}`
      },
      [items],
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

  return (
    <div className={classes.scroller} ref={scroller}>
      <table aria-label={t('fleet.title')} aria-rowcount={items.length + 1} className={classes.table}>
        <thead className={classes.head}>
          <tr aria-rowindex={1} className={classes.row}>
            <th scope="col">{t('fleet.column-status')}</th>
            <th scope="col">{t('fleet.column-deployment')}</th>
            <th scope="col">{t('fleet.column-heartbeat')}</th>
            <th scope="col">{t('fleet.column-alerts')}</th>
            {FLEET_METRICS.map((metric) => (
              <th key={metric} scope="col" className={classes.metricHead} data-metric={metric}>
                {t(`fleet.column-${metric}`)}
              </th>
            ))}
            <th scope="col" className={classes.seenHead}>
              {t('fleet.column-backup')}
            </th>
            <th scope="col" className={classes.seenHead}>
              {t('fleet.column-freshness')}
            </th>
          </tr>
        </thead>
        <tbody className={classes.rows} style={{ height: virtualizer.getTotalSize() }} onKeyDown={onKeyDown}>
          {virtualizer.getVirtualItems().map(({ index, start }) => {
            const item = items[index]
            if (item === undefined) return null
            if (item.kind === 'group') {
              return <GroupHead key={keyOf(item.group)} group={item.group} index={index} top={start} />
            }
            const { row } = item
            return (
              <FleetRowView
                key={row.name}
                row={row}
                index={index}
                top={start}
                tabbable={row.name === active}
                onActive={activate}
                onMeant={ahead.means}
              />
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

interface GroupHeadProps {
  readonly group: FleetGroup
  readonly index: number
  /** Pixels from the top of the list. */
  readonly top: number
}

function GroupHead({ group: { of, rows }, index, top }: GroupHeadProps) {
  const { t } = useTranslation()
  if (of === null) return null
  const attention = rows.filter(needsAttention).length
  return (
    <tr aria-rowindex={index + 2} className={classes.group} style={{ transform: `translateY(${top}px)` }}>
      <th scope="rowgroup">
        {of.by === 'environment' ? (
          <EnvironmentTag environment={of.environment} />
        ) : (
          <span className={classes.groupName}>{of.tag ?? t('fleet.untagged')}</span>
        )}
        <span className={classes.groupCount}>
          {t('fleet.count', { count: rows.length })}
          {attention > 0 && ` · ${t('fleet.group-attention', { count: attention })}`}
        </span>
      </th>
    </tr>
  )
}
