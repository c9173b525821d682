/** Tables to tick, with their rows: only those in view are drawn; arrows go from one to the next, and Space ticks. */
import { Checkbox } from '@mantine/core'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useActiveRow } from '../../../../components/table/useActiveRow.ts'
import type { TableName } from './mode.ts'
import classes from './tables.module.css'

export const TABLE_ROW_HEIGHT = 28
const OVERSCAN = 8
/** So many rows before the last one, what comes after it is asked for. */
const AHEAD = 40

interface Props {
  readonly tables: readonly (TableName & { readonly rows: number })[]
  /** With those that are still to be asked for. */
  readonly total: number
  readonly chosen: readonly TableName[]
  /** No further one can be chosen. */
  readonly isFull: boolean
  readonly onChoose: (tables: readonly TableName[]) => void
  /** The last ones are about to be in view. */
  readonly onEnd: () => void
}

function keyOf({ schema, name }: TableName): string {
  return JSON.stringify([schema, name])
}

export function TableChoice({ tables, total, chosen, isFull, onChoose, onEnd }: Props) {
  const { t, i18n } = useTranslation()
  const number = new Intl.NumberFormat(i18n.language)
  const scroller = useRef<HTMLDivElement>(null)
  const keys = useMemo(() => tables.map(keyOf), [tables])
  const ticked = useMemo(() => new Set(chosen.map(keyOf)), [chosen])
  const { active, activate, onKeyDown } = useActiveRow(keys, scroller, (index) =>
    virtualizer.scrollToIndex(index),
  )
  const virtualizer = useVirtualizer({
    count: tables.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => TABLE_ROW_HEIGHT,
    getItemKey: (index) => keys[index] ?? index,
    overscan: OVERSCAN,
  })
  const isAtEnd = (virtualizer.range?.endIndex ?? 0) >= tables.length - AHEAD
  useEffect(() => {
    if (isAtEnd) onEnd()
  })
  function tick(table: TableName, isChosen: boolean) {
    const key = keyOf(table)
    const { schema, name } = table
    onChoose(isChosen ? [...chosen, { schema, name }] : chosen.filter((one) => keyOf(one) !== key))
  }
  return (
    <div ref={scroller} className={classes.scroller}>
      <ul
        className={classes.list}
        aria-label={t('backups.tables-of')}
        style={{ height: virtualizer.getTotalSize() }}
        onKeyDown={onKeyDown}
      >
        {virtualizer.getVirtualItems().map(({ index, start, key }) => {
          const table = tables[index]
          if (table === undefined) return null
          const { schema, name, rows } = table
          const id = keyOf(table)
          const isChosen = ticked.has(id)
          return (
            <li
              key={key}
              className={classes.row}
              aria-setsize={total}
              aria-posinset={index + 1}
              style={{ transform: `translateY(${start}px)` }}
            >
              <Checkbox
                size="xs"
                label={
                  <>
                    <span className={classes.schema}>{schema}.</span>
                    {name}
                  </>
                }
                checked={isChosen}
                disabled={isFull && !isChosen}
                data-row={id}
                tabIndex={id === active ? 0 : -1}
                onFocus={() => activate(id)}
                onChange={(event) => tick(table, event.currentTarget.checked)}
              />
              <span className={classes.rows}>
                {t('backups.tables-rows', { count: rows, rows: number.format(rows) })}
              </span>
            </li>
          )
        })}
      </ul>
    </div>
  )
}
