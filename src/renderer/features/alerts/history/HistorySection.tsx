/** What fired, the newest first, a page at a time: how long, who took it and when, how it ended. */
import { Button } from '@mantine/core'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { useErrorText } from '../../../client/error-text.ts'
import { useListFace } from '../../../client/list-face.ts'
import { useAlerts } from '../../../client/live-alerts.ts'
import { useKept } from '../../../components/KeptChoices.tsx'
import { ListFaces } from '../../../components/ListFaces.tsx'
import { Moment } from '../../../components/Moment.tsx'
import { CsvButton } from '../../../components/table/CsvButton.tsx'
import { places } from '../../../places.ts'
import { useAlertActions } from '../actions/use-alert-actions.tsx'
import classes from '../alerts.module.css'
import { AlertPanel } from '../detail/AlertPanel.tsx'
import { useAlertKeys } from '../open/use-alert-keys.ts'
import type { SectionProps } from '../sections.ts'
import { HistoryEnd } from './HistoryEnd.tsx'
import { HistoryFilters, type HistoryView, NO_HISTORY_FILTER } from './HistoryFilters.tsx'
import { HEAD_HEIGHT, HistoryTable, ROW_HEIGHT } from './HistoryTable.tsx'
import { useHistory } from './use-history.ts'
import { useHistoryCsv } from './use-history-csv.ts'
import { useTurns } from './use-turns.ts'

const placeOf = (id: string) => places.alerts('history', id)

export function HistorySection({ item }: SectionProps) {
  const { t } = useTranslation()
  const [, go] = useLocation()
  const errorText = useErrorText()
  const [view, setView] = useKept<HistoryView>('alert-history', (kept) => kept ?? NO_HISTORY_FILTER)
  const { query, alerts, pages, lookedTo, isSearch, asked } = useHistory(view)
  const { hasNextPage, isFetchNextPageError } = query
  const whole = useListFace(query, () => alerts.length === 0)
  // A search may have to look further back than one answer does before it finds anything.
  const isLooking = hasNextPage && alerts.length === 0
  const face = !isLooking
    ? whole
    : isFetchNextPageError
      ? {
          ...{ kind: 'error' as const, message: errorText(query.error) },
          retry: () => void query.fetchNextPage(),
        }
      : { kind: 'loading' as const }
  function goOn() {
    if (hasNextPage && !query.isFetching && !isFetchNextPageError) void query.fetchNextPage()
  }
  useEffect(() => {
    if (isLooking) goOn()
  })
  const csv = useHistoryCsv()
  const actions = useAlertActions(() => void query.refetch())
  // What still fires can be taken here, too.
  const firing = useAlerts().data?.alerts
  // The further somebody has read, the more is asked for again.
  useTurns(firing, () => void query.refetch(), Math.max(1, pages))
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
  const { text, deployment, rule, severity } = view
  const isNarrowed = text.trim() !== '' || deployment !== null || rule !== null || severity !== null

  return (
    <div className={classes.beside} data-open={item !== null || undefined}>
      <div className={classes.open}>
        <div className={classes.bar}>
          <p className={classes.summary}>
            {isLooking && lookedTo !== null && (
              <span role="status">
                {t('alerts.history-looked')} <Moment at={lookedTo} show="dated" />
              </span>
            )}
            {alerts.length > 0 &&
              t(
                !hasNextPage
                  ? 'alerts.history-all'
                  : isSearch
                    ? 'alerts.history-found-so-far'
                    : 'alerts.history-so-far',
                { count: alerts.length },
              )}
            {alerts.length > 0 && <CsvButton label={t('alerts.section-history')} table={() => csv(alerts)} />}
          </p>
          <HistoryFilters view={view} onView={(change) => setView({ ...view, ...change })} />
        </div>
        <ListFaces
          face={face}
          rowHeight={ROW_HEIGHT}
          headHeight={HEAD_HEIGHT}
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
          <HistoryTable key={asked} alerts={alerts} opened={item} placeOf={placeOf} onEnd={goOn}>
            {hasNextPage && <HistoryEnd query={query} lookedTo={lookedTo} />}
          </HistoryTable>
        </ListFaces>
      </div>
      {item !== null && (
        <AlertPanel key={item} id={item} live={live} actions={actions} placeOf={placeOf} onClose={close} />
      )}
      {actions.dialog}
    </div>
  )
}
