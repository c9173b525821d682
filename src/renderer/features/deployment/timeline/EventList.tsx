/** Events in words, newest first: those in view out of thousands, older ones fetched on the way down. */
import { useVirtualizer } from '@tanstack/react-virtual'
import { type Ref, useCallback, useEffect, useImperativeHandle, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { eventText } from '#shared/locales/translate.ts'
import { MarkGlyph } from '../../../components/charts/MarkGlyph.tsx'
import { clock, universal } from '../../../components/moment.ts'
import { StatusMark } from '../../../components/StatusMark.tsx'
import { places } from '../../../places.ts'
import { useLogsAt } from '../logs/logs-at.ts'
import { placeOf, type ToldEvent } from './events.ts'
import classes from './timeline.module.css'

const ROW_HEIGHT = 34
const OVERSCAN = 8
/** So many rows before the end older events are asked for. */
const AHEAD = 50

export interface EventListHandle {
  /** Brings an event into view, where it is listed. */
  show(id: number): void
}

interface Props {
  readonly ref: Ref<EventListHandle>
  readonly name: string
  readonly events: readonly ToldEvent[]
  /** The one that was asked for. */
  readonly shown: number | null
  readonly isLoadingOlder: boolean
  readonly olderFailed: boolean
  /** `null` where there are none. */
  readonly onOlder: (() => void) | null
}

export function EventList({ ref, name, events, shown, isLoadingOlder, olderFailed, onOlder }: Props) {
  const { t } = useTranslation()
  const scroller = useRef<HTMLDivElement>(null)
  const virtualizer = useVirtualizer({
    count: events.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: useCallback((index: number) => events[index]?.id ?? index, [events]),
    overscan: OVERSCAN,
  })
  const items = virtualizer.getVirtualItems()
  const isNearEnd = (items.at(-1)?.index ?? 0) >= events.length - AHEAD

  useEffect(() => {
    if (isNearEnd && !isLoadingOlder && !olderFailed) onOlder?.()
  }, [isNearEnd, isLoadingOlder, olderFailed, onOlder])

  useImperativeHandle(ref, () => ({
    show(id) {
      const index = events.findIndex((event) => event.id === id)
      if (index !== -1) virtualizer.scrollToIndex(index, { align: 'center' })
    },
  }))

  return (
    <div className={classes.scroller} ref={scroller}>
      <table
        aria-label={t('timeline.title', { name })}
        className={classes.table}
        aria-rowcount={onOlder === null ? events.length + 1 : -1}
      >
        <thead>
          <tr>
            <th scope="col">{t('timeline.when')}</th>
            <th scope="col">{t('timeline.kind')}</th>
            <th scope="col">{t('timeline.where')}</th>
            <th scope="col">{t('timeline.what')}</th>
            <th scope="col">{t('timeline.look-at')}</th>
          </tr>
        </thead>
        <tbody style={{ height: virtualizer.getTotalSize() }}>
          {items.map(({ index, start }) => {
            const event = events[index]
            return event === undefined ? null : (
              <EventRow
                key={event.id}
                name={name}
                event={event}
                index={index}
                top={start}
                isShown={event.id === shown}
                measure={virtualizer.measureElement}
              />
            )
          })}
        </tbody>
      </table>
      {isLoadingOlder && <p className={classes.older}>{t('timeline.older')}</p>}
      {olderFailed && (
        <p className={classes.older} role="alert">
          {t('timeline.older-failed')}{' '}
          <button type="button" onClick={() => onOlder?.()}>
            {t('list.retry')}
          </button>
        </p>
      )}
    </div>
  )
}

interface RowProps {
  readonly name: string
  readonly event: ToldEvent
  readonly index: number
  readonly top: number
  readonly isShown: boolean
  readonly measure: (element: Element | null) => void
}

function EventRow({ name, event, index, top, isShown, measure }: RowProps) {
  const { t, i18n } = useTranslation()
  const at = Date.parse(event.at)
  const time = clock(i18n.language, 'recent').format(at)
  const logs = useLogsAt()(at, event)
  return (
    <tr
      ref={measure}
      data-index={index}
      data-kind={event.kind}
      data-shown={isShown || undefined}
      aria-rowindex={index + 2}
      className={classes.row}
      style={{ transform: `translateY(${top}px)` }}
    >
      <td className={classes.when}>
        <time dateTime={event.at} title={universal(at)}>
          {time}
        </time>
      </td>
      <td className={classes.kind}>
        <MarkGlyph shape={event.kind} />
        {t(`timeline.kind-${event.kind}`)}
      </td>
      <td className={classes.where}>{placeOf(event)}</td>
      <td className={classes.what}>
        {event.status !== null && <StatusMark status={event.status} size="sm" />}
        <span>{eventText(i18n, event.reason)}</span>
      </td>
      <td className={classes.jump}>
        <Link href={places.deploymentAt(name, at)} aria-label={t('timeline.to-charts', { time })}>
          {t('timeline.charts')}
        </Link>
        {logs !== null && (
          <Link href={logs} aria-label={t('logs.to-logs', { time })}>
            {t('logs.at-moment')}
          </Link>
        )}
      </td>
    </tr>
  )
}
