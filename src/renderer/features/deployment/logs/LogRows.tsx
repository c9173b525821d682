/** The lines in view, out of a hundred thousand; arrows move between them, `Enter` opens what one carries. */
import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LogLine } from '#shared/model/logs.ts'
import { rowAfterKey } from '../../../components/table/useActiveRow.ts'
import { indexAt } from './book.ts'
import { LogDetail, LogRow } from './LogRow.tsx'
import classes from './logs.module.css'

const ROW_HEIGHT = 24
/** Of what a line carries; what is longer is scrolled within. */
const TALLEST_DETAIL = 320
const DETAIL_LINE = 18
const DETAIL_FRAME = 64
/** Characters of a message that fit into a line of a narrow window. */
const DETAIL_WIDTH = 110
const OVERSCAN = 12
/** So close to its end the list stays at it when lines come. */
const AT_END_PX = 60

interface Props {
  readonly source: string
  readonly lines: readonly LogLine[]
  readonly gaps: ReadonlySet<string>
  /** The moment that was asked for. */
  readonly at: number | null
}

export function LogRows({ source, lines, gaps, at }: Props) {
  const { t } = useTranslation()
  const scroller = useRef<HTMLDivElement>(null)
  const [opened, setOpened] = useState<string | null>(null)
  const [chosen, setChosen] = useState<string | null>(null)
  const wantsFocus = useRef(false)
  const wantsView = useRef(false)
  const indexes = useMemo(() => new Map(lines.map(({ id }, index) => [id, index])), [lines])
  const openedIndex = opened === null ? -1 : (indexes.get(opened) ?? -1)
  const momentIndex = useMemo(() => (at === null ? -1 : indexAt(lines, at)), [lines, at])
  const activeIndex =
    (chosen === null ? undefined : indexes.get(chosen)) ?? (at === null ? lines.length - 1 : momentIndex)
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: useCallback(
      (index: number) => {
        const line = index === openedIndex ? lines[index] : undefined
        return ROW_HEIGHT + (line === undefined ? 0 : detailHeight(line))
      },
      [openedIndex, lines],
    ),
    // Another key is another size: what opens and closes is measured anew.
    getItemKey: useCallback(
      (index: number) => `${lines[index]?.id ?? index}${index === openedIndex ? ' opened' : ''}`,
      [lines, openedIndex],
    ),
    overscan: OVERSCAN,
    // The row that has the focus stays, wherever it is scrolled to.
    rangeExtractor: useCallback(
      (range: Range) => {
        const visible = defaultRangeExtractor(range)
        return activeIndex === -1 || visible.includes(activeIndex)
          ? visible
          : [...visible, activeIndex].sort((a, b) => a - b)
      },
      [activeIndex],
    ),
  })
  useSteadyPlace(scroller, lines, indexes, at)

  // What a line carries is below it, and may be out of view.
  useEffect(() => {
    if (!wantsView.current || openedIndex === -1) return
    wantsView.current = false
    virtualizer.scrollToIndex(openedIndex, { align: 'auto' })
  })

  useEffect(() => {
    if (!wantsFocus.current || chosen === null) return
    wantsFocus.current = false
    scroller.current
      ?.querySelector<HTMLElement>(`[data-id="${CSS.escape(chosen)}"]`)
      ?.focus({ preventScroll: true })
  })

  function onKeyDown(event: KeyboardEvent) {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    // What is opened scrolls by the same keys.
    if (!(event.target instanceof Element) || event.target.closest('[data-id]') === null) return
    const to = rowAfterKey(event.key, activeIndex, lines.length)
    const next = to === null ? undefined : lines[to]
    if (next === undefined || to === null) return
    event.preventDefault()
    wantsFocus.current = true
    setChosen(next.id)
    virtualizer.scrollToIndex(to)
  }

  const toggle = useCallback((id: string) => {
    wantsView.current = true
    setOpened((before) => (before === id ? null : id))
  }, [])
  return (
    <div className={classes.scroller} ref={scroller}>
      <table
        className={classes.lines}
        aria-label={t('logs.lines', { source })}
        aria-rowcount={lines.length + 1}
      >
        <thead className={classes.head}>
          <tr className={classes.row} aria-rowindex={1}>
            <th scope="col">{t('logs.when')}</th>
            <th scope="col">{t('logs.level')}</th>
            <th scope="col">{t('logs.who')}</th>
            <th scope="col">{t('logs.message')}</th>
          </tr>
        </thead>
        <tbody className={classes.body} style={{ height: virtualizer.getTotalSize() }} onKeyDown={onKeyDown}>
          {virtualizer.getVirtualItems().flatMap(({ index, start }) => {
            const line = lines[index]
            if (line === undefined) return []
            const isOpened = index === openedIndex
            const row = (
              <LogRow
                key={line.id}
                line={line}
                top={start}
                rowIndex={index + 2}
                tabbable={index === activeIndex}
                opened={isOpened}
                isMoment={index === momentIndex}
                afterGap={gaps.has(line.id)}
                onToggle={toggle}
                onActive={setChosen}
              />
            )
            return isOpened
              ? [
                  row,
                  <LogDetail
                    key={`${line.id} detail`}
                    line={line}
                    top={start + ROW_HEIGHT}
                    height={detailHeight(line)}
                  />,
                ]
              : [row]
          })}
        </tbody>
      </table>
    </div>
  )
}

function detailHeight({ message, detail, fields }: LogLine): number {
  const texts = [...message.split('\n'), ...(detail ?? '').split('\n'), ...fields.map(({ value }) => value)]
  const rows = texts.reduce((sum, text) => sum + Math.max(1, Math.ceil(text.length / DETAIL_WIDTH)), 0)
  return Math.min(TALLEST_DETAIL, DETAIL_FRAME + rows * DETAIL_LINE)
}

/** At first the end or the moment is in view; then what is looked at stays where it is, whatever comes before or after it. */
function useSteadyPlace(
  scroller: React.RefObject<HTMLDivElement | null>,
  lines: readonly LogLine[],
  indexes: ReadonlyMap<string, number>,
  at: number | null,
) {
  const before = useRef<{ firstId: string | undefined; atEnd: boolean } | null>(null)
  useLayoutEffect(() => {
    const element = scroller.current
    if (element === null) return
    const last = before.current
    if (last === null) {
      if (lines.length === 0) return
      const middle = indexAt(lines, at ?? Number.POSITIVE_INFINITY) * ROW_HEIGHT - element.clientHeight / 2
      element.scrollTop = at === null ? element.scrollHeight : Math.max(0, middle)
      // A link led here: what stands above is known.
      if (at !== null) element.scrollIntoView({ block: 'nearest' })
    } else {
      const added = last.firstId === undefined ? 0 : (indexes.get(last.firstId) ?? 0)
      if (added > 0) element.scrollTop += added * ROW_HEIGHT
      else if (last.atEnd) element.scrollTop = element.scrollHeight
    }
    before.current = { firstId: lines[0]?.id, atEnd: isAtEnd(element) }
    const note = () => {
      if (before.current !== null) before.current.atEnd = isAtEnd(element)
    }
    element.addEventListener('scroll', note, { passive: true })
    return () => element.removeEventListener('scroll', note)
  }, [lines, indexes, at, scroller])
}

function isAtEnd({ scrollTop, scrollHeight, clientHeight }: HTMLElement): boolean {
  return scrollHeight - scrollTop - clientHeight < AT_END_PX
}
