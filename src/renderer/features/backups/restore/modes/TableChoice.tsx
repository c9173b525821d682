/** Tables to tick, with their rows: only those in view are drawn; arrows go from one to the next, and Space ticks. */
import { Checkbox } from '@mantine/core'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { ListedTable } from '#shared/contract/backups.ts'
import { useActiveRow } from '../../../../components/table/useActiveRow.ts'
import type { ChosenTable } from './mode.ts'
import { TableSize } from './TableSize.tsx'
import classes from './tables.module.css'
import { afterTick, chosenWith, keyOf } from './ticking.ts'

export const TABLE_ROW_HEIGHT = 28
const OVERSCAN = 8
const ROW_EDGE = 10
const INDENT = 18
/** So many rows before the last one, what comes after it is asked for. */
const AHEAD = 40

interface Props {
  readonly tables: readonly ListedTable[]
  /** With those that are still to be asked for. */
  readonly total: number
  readonly chosen: readonly ChosenTable[]
  /** No further one can be chosen. */
  readonly isFull: boolean
  readonly onChoose: (tables: readonly ChosenTable[]) => void
  /** The last ones are about to be in view. */
  readonly onEnd: () => void
}

export function TableChoice({ tables, total, chosen, isFull, onChoose, onEnd }: Props) {
  const { t } = useTranslation()
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
          const { schema, name } = table
          const id = keyOf(table)
          const whole = chosenWith(table, ticked)
          const isChosen = whole !== null || ticked.has(id)
          return (
            <li
              key={key}
              className={classes.row}
              aria-setsize={total}
              aria-posinset={index + 1}
              style={{
                transform: `translateY(${start}px)`,
                paddingInlineStart: ROW_EDGE + INDENT * table.partOf.length,
              }}
            >
              <Checkbox
                size="xs"
                classNames={{ root: classes.tick, body: classes.tickBody, labelWrapper: classes.tickLabel }}
                label={
                  <span className={classes.name} title={`${schema}.${name}`}>
                    <span className={classes.schema}>{schema}.</span>
                    {name}
                  </span>
                }
                checked={isChosen}
                disabled={isFull && !isChosen}
                // Whoever goes through them with arrows is to hear of it, too.
                aria-disabled={whole !== null || undefined}
                data-row={id}
                tabIndex={id === active ? 0 : -1}
                onFocus={() => activate(id)}
                onChange={(event) => {
                  if (whole === null) onChoose(afterTick(chosen, table, event.currentTarget.checked))
                }}
              />
              <TableSize table={table} whole={whole} />
            </li>
          )
        })}
      </ul>
    </div>
  )
}
