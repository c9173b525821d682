/** The live view: evidence first, then the charts over one stretch of time. */
import { useCallback, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DeploymentView } from '../../../client/client.ts'
import { useErrorText } from '../../../client/error-text.ts'
import { createChartCursor } from '../../../components/charts/cursor.ts'
import type { Stretch } from '../../../components/charts/series.ts'
import { ListFaces } from '../../../components/ListFaces.tsx'
import { Costs } from '../costs/Costs.tsx'
import classes from '../deployment.module.css'
import { Evidence } from '../evidence/Evidence.tsx'
import { Found } from '../evidence/Found.tsx'
import { SlowLog } from '../evidence/SlowLog.tsx'
import { Forecasts } from '../forecasts/Forecasts.tsx'
import { withOutlooks } from '../forecasts/outlooks.ts'
import { useForecasts } from '../forecasts/use-forecasts.ts'
import { useLogsAt } from '../logs/logs-at.ts'
import { useLogsKey } from '../logs/use-logs-key.ts'
import { useMarks } from '../timeline/use-events.ts'
import { ChartGroup } from './ChartGroup.tsx'
import { chartsOf } from './charts-of.ts'
import own from './live.module.css'
import { RangeBar } from './RangeBar.tsx'
import { useHistory } from './use-history.ts'
import { useViewKeys } from './use-view-keys.ts'
import { select, type View, viewAt, windowOf } from './view.ts'

interface Props {
  readonly name: string
  readonly view: DeploymentView
  /** The moment that is to be shown at first; `null`: the present. */
  readonly at: number | null
}

export function LiveTab({ name, at, view: { profile, observations, connection } }: Props) {
  const { t } = useTranslation()
  const errorText = useErrorText()
  const [view, setView] = useState<View>(() => viewAt(at, Date.now()))
  const cursor = useMemo(createChartCursor, [])
  const newestAt = observations.reduce<number | null>((newest, { at }) => Math.max(newest ?? 0, at), null)
  const history = useHistory(name, view, newestAt)
  const marks = useMarks(name, view)
  const forecasts = useForecasts(name)
  const now = Math.max(newestAt ?? 0, history.data?.to ?? 0) || Date.now()
  const window = windowOf(view, now)
  const { from, to } = window

  const groups = useMemo(
    () =>
      chartsOf(
        {
          profile,
          observations,
          history: history.data,
          window: { from, to },
          following: view.kind === 'following',
        },
        (metric) => t(`metric.${metric}`),
      ),
    [profile, observations, history.data, from, to, view.kind, t],
  )
  const onSelect = useCallback((stretch: Stretch) => setView(select(stretch, Date.now())), [])
  useViewKeys(setView)
  const logsAt = useLogsAt()
  useLogsKey(() => {
    const pointedAt = cursor.get()
    if (pointedAt !== null) return logsAt(pointedAt)
    return view.kind === 'fixed' ? logsAt((from + to) / 2) : null
  }, true)

  return (
    <div className={classes.live}>
      <Evidence observations={observations} />
      <div>
        <Found observations={observations} />
        <Forecasts name={name} forecasts={forecasts.data?.items} error={forecasts.error} />
        <Costs observations={observations} connection={connection} />
      </div>
      <ListFaces
        face={
          history.data === null && history.error !== null
            ? { kind: 'error', message: errorText(history.error), retry: history.retry }
            : { kind: groups.length === 0 ? 'empty' : 'full' }
        }
        rowHeight={160}
        errorTitle={t('live.history-failed')}
        empty={{ title: t('live.nothing-watched-title'), text: t('live.nothing-watched-text') }}
      >
        <section aria-label={t('live.charts')}>
          <RangeBar
            view={view}
            window={window}
            stepMs={history.data?.stepMs ?? null}
            cursor={cursor}
            onView={setView}
          />
          {history.error !== null && (
            <p role="alert" className={classes.notice}>
              {t('live.history-failed')}: {errorText(history.error)}
            </p>
          )}
          <div className={own.charts} data-stale={history.isStale || undefined}>
            {withOutlooks(groups, forecasts.data?.items ?? [], view.kind === 'following').map((group) => (
              <ChartGroup
                key={`${group.definition.id} ${group.target}`}
                name={name}
                group={group}
                marks={marks}
                stepMs={history.data?.stepMs ?? 1_000}
                cursor={cursor}
                onSelect={onSelect}
                below={group.definition.id === 'redis' && slowLogOf(observations, group.target)}
              />
            ))}
          </div>
        </section>
      </ListFaces>
    </div>
  )
}

/** The slow log of a Redis that is well: worth a look, and not what anybody opened the screen for. */
function slowLogOf(observations: DeploymentView['observations'], target: string) {
  const redis = observations.find((one) => one.probe === 'redis' && one.target === target)
  const entries = redis?.evidence?.slowLog ?? []
  return redis?.status === 'HEALTHY' && entries.length > 0 && <SlowLog target={target} entries={entries} />
}
