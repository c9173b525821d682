/** The timeline: what changed and what came of it, over HTTP, PostgreSQL, Redis and hosts; lanes above, words below. */
import { Button, SegmentedControl } from '@mantine/core'
import { useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { eventText } from '#shared/locales/translate.ts'
import { EVENT_KINDS, type EventKind } from '#shared/model/timeline.ts'
import { useListFace } from '../../../client/list-face.ts'
import { MarkGlyph } from '../../../components/charts/MarkGlyph.tsx'
import { ListFaces } from '../../../components/ListFaces.tsx'
import { CsvButton } from '../../../components/table/CsvButton.tsx'
import { EventLanes } from './EventLanes.tsx'
import { EventList, type EventListHandle } from './EventList.tsx'
import { placeOf } from './events.ts'
import classes from './timeline.module.css'
import { useEvents } from './use-events.ts'

const DAY_MS = 86_400_000
const SPANS = [
  { key: '1d', spanMs: DAY_MS },
  { key: '7d', spanMs: 7 * DAY_MS },
  { key: '30d', spanMs: 30 * DAY_MS },
  { key: '90d', spanMs: 90 * DAY_MS },
] as const

export function TimelineTab({ name }: { name: string }) {
  const { t, i18n } = useTranslation()
  const [span, setSpan] = useState<(typeof SPANS)[number]>(SPANS[0])
  const [kinds, setKinds] = useState<readonly EventKind[]>([])
  const [shown, setShown] = useState<number | null>(null)
  const list = useRef<EventListHandle>(null)
  const query = useEvents(name, span.spanMs, kinds)
  const events = useMemo(() => query.data?.pages.flatMap(({ items }) => items) ?? [], [query.data])
  const face = useListFace(query, () => events.length === 0)
  const newest = query.data?.pages[0]
  const window = { from: Date.parse(newest?.from ?? '') || 0, to: Date.parse(newest?.to ?? '') || 1 }

  return (
    <section className={classes.timeline} aria-label={t('timeline.title', { name })}>
      <div className={classes.bar}>
        <SegmentedControl
          aria-label={t('timeline.span')}
          value={span.key}
          data={SPANS.map(({ key }) => ({ value: key, label: t(`timeline.span-${key}`) }))}
          onChange={(key) => setSpan(SPANS.find((one) => one.key === key) ?? SPANS[0])}
        />
        {events.length > 0 && (
          <CsvButton
            label={t('timeline.title', { name })}
            table={() => ({
              headings: [
                t('timeline.when'),
                t('timeline.kind'),
                t('timeline.where'),
                t('fleet.column-status'),
                t('timeline.what'),
              ],
              rows: events.map((event) => [
                new Date(event.at),
                t(`timeline.kind-${event.kind}`),
                placeOf(event),
                event.status === null ? null : t(`status.${event.status}`),
                eventText(i18n, event.reason),
              ]),
            })}
          />
        )}
        <Kinds chosen={kinds} onChoose={setKinds} />
      </div>
      <ListFaces
        face={face}
        rowHeight={34}
        errorTitle={t('timeline.failed')}
        empty={{
          title: t(kinds.length === 0 ? 'timeline.nothing-title' : 'timeline.nothing-of-kind-title'),
          text: t('timeline.nothing-text'),
          ...(kinds.length > 0 && {
            action: (
              <Button variant="default" onClick={() => setKinds([])}>
                {t('timeline.show-all')}
              </Button>
            ),
          }),
        }}
      >
        <EventLanes
          events={events}
          window={window}
          onShow={(id) => {
            setShown(id)
            list.current?.show(id)
          }}
        />
        <EventList
          ref={list}
          name={name}
          events={events}
          shown={shown}
          isLoadingOlder={query.isFetchingNextPage}
          olderFailed={query.isFetchNextPageError}
          onOlder={query.hasNextPage ? () => void query.fetchNextPage({ cancelRefetch: false }) : null}
        />
      </ListFaces>
    </section>
  )
}

/** None chosen: all are shown. */
function Kinds({
  chosen,
  onChoose,
}: {
  chosen: readonly EventKind[]
  onChoose: (kinds: readonly EventKind[]) => void
}) {
  const { t } = useTranslation()
  const toggle = (kind: EventKind) =>
    onChoose(chosen.includes(kind) ? chosen.filter((one) => one !== kind) : [...chosen, kind])
  return (
    <fieldset className={classes.kinds} aria-label={t('timeline.kinds')}>
      <button type="button" aria-pressed={chosen.length === 0} onClick={() => onChoose([])}>
        {t('timeline.all-kinds')}
      </button>
      {EVENT_KINDS.map((kind) => (
        <button key={kind} type="button" aria-pressed={chosen.includes(kind)} onClick={() => toggle(kind)}>
          <MarkGlyph shape={kind} />
          {t(`timeline.kind-${kind}`)}
        </button>
      ))}
    </fieldset>
  )
}
