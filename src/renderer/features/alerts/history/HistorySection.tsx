/** What fired, the newest first, a page at a time: how long, who took it and when, how it ended. */
import { Button } from '@mantine/core'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { useApi } from '../../../client/console.tsx'
import { useListFace } from '../../../client/list-face.ts'
import { useAlerts } from '../../../client/live.ts'
import { useKept } from '../../../components/KeptChoices.tsx'
import { ListFaces } from '../../../components/ListFaces.tsx'
import { CsvButton } from '../../../components/table/CsvButton.tsx'
import { places } from '../../../places.ts'
import { useAlertActions } from '../actions/use-alert-actions.tsx'
import classes from '../alerts.module.css'
import { AlertPanel } from '../detail/AlertPanel.tsx'
import { useAlertKeys } from '../open/use-alert-keys.ts'
import type { SectionProps } from '../sections.ts'
import { HistoryFilters, type HistoryView, NO_HISTORY_FILTER } from './HistoryFilters.tsx'
import { HistoryTable } from './HistoryTable.tsx'
import { useHistoryCsv } from './use-history-csv.ts'
import { useTurns } from './use-turns.ts'

const PAGE = 100
const placeOf = (id: string) => places.alerts('history', id)

export function HistorySection({ item }: SectionProps) {
  const { t } = useTranslation()
  const [, go] = useLocation()
  const api = useApi()
  const [view, setView] = useKept<HistoryView>('alert-history', (kept) => kept ?? NO_HISTORY_FILTER)
  const { deployment, rule, severity } = view
  const query = useInfiniteQuery({
    ...api.alerts.history.infiniteOptions({
      input: (cursor: string | undefined) => ({
        limit: PAGE,
        ...(cursor !== undefined && { cursor }),
        ...(deployment !== null && { deployment }),
        ...(rule !== null && { rule }),
        ...(severity !== null && { severity }),
      }),
      initialPageParam: undefined,
      getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    }),
    placeholderData: keepPreviousData,
    staleTime: 0,
  })
  const alerts = useMemo(() => query.data?.pages.flatMap(({ items }) => items) ?? [], [query.data])
  const face = useListFace(query, () => alerts.length === 0)
  const csv = useHistoryCsv()
  const actions = useAlertActions(() => void query.refetch())
  // What still fires can be taken here, too.
  const firing = useAlerts().data?.alerts
  useTurns(firing, () => void query.refetch())
  const live = firing?.find(({ id }) => id === item) ?? null
  const meant = live === null ? [] : [live]
  const close = () => go(places.alerts('history'), { replace: true })
  useAlertKeys({
    acknowledge: () => actions.acknowledge(meant),
    silence: () => actions.silence(meant),
    resolve: () => actions.resolve(meant),
    selectAll: null,
    leave: () => item !== null && close(),
  })
  const isNarrowed = deployment !== null || rule !== null || severity !== null

  return (
    <div className={classes.beside} data-open={item !== null || undefined}>
      <div className={classes.open}>
        <div className={classes.bar}>
          <p className={classes.summary}>
            {alerts.length > 0 &&
              t(query.hasNextPage ? 'alerts.history-so-far' : 'alerts.history-all', { count: alerts.length })}
            {alerts.length > 0 && <CsvButton label={t('alerts.section-history')} table={() => csv(alerts)} />}
          </p>
          <HistoryFilters view={view} onView={(change) => setView({ ...view, ...change })} />
        </div>
        <div className={classes.scroller}>
          <ListFaces
            face={face}
            rowHeight={48}
            headHeight={29}
            skeletonRows={8}
            errorTitle={t('alerts.history-error')}
            empty={
              isNarrowed
                ? {
                    title: t('alerts.no-match-title'),
                    text: t('alerts.history-no-match'),
                    action: (
                      <Button variant="default" onClick={() => setView(NO_HISTORY_FILTER)}>
                        {t('alerts.clear-filters')}
                      </Button>
                    ),
                  }
                : { title: t('alerts.history-none'), text: t('alerts.history-none-text') }
            }
          >
            <HistoryTable alerts={alerts} opened={item} placeOf={placeOf} />
            {query.hasNextPage && (
              <p className={classes.more}>
                <Button
                  variant="default"
                  loading={query.isFetchingNextPage}
                  onClick={() => void query.fetchNextPage()}
                >
                  {t('alerts.history-more')}
                </Button>
              </p>
            )}
          </ListFaces>
        </div>
      </div>
      {item !== null && (
        <AlertPanel key={item} id={item} live={live} actions={actions} placeOf={placeOf} onClose={close} />
      )}
      {actions.dialog}
    </div>
  )
}
