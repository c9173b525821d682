/** The alerts that fire, by deployment and incident, the most pressing first. */
import { Button } from '@mantine/core'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import type { AlertView } from '#shared/contract/console.ts'
import type { Alert } from '#shared/model/alert.ts'
import { useKeptView } from '../../../client/kept-view.ts'
import { useListFace } from '../../../client/list-face.ts'
import { useAlerts, useRestFault } from '../../../client/live-alerts.ts'
import { ListFaces } from '../../../components/ListFaces.tsx'
import { places } from '../../../places.ts'
import { useAlertActions } from '../actions/use-alert-actions.tsx'
import { useAlertWords } from '../alert-words.ts'
import classes from '../alerts.module.css'
import { AlertPanel } from '../detail/AlertPanel.tsx'
import type { SectionProps } from '../sections.ts'
import { AlertFilters } from './AlertFilters.tsx'
import { AlertTable, HEAD_HEIGHT, ROW_HEIGHT } from './AlertTable.tsx'
import { arrange, holdStill, needsAttention, type Placed } from './arrange.ts'
import { BulkBar } from './BulkBar.tsx'
import { alertFilter, NO_FILTER } from './filter-alerts.ts'
import { itemsOf } from './items.ts'
import { lazily } from './lazily.ts'
import { itemOf, placeOf } from './open-place.ts'
import { useAlertKeys } from './use-alert-keys.ts'
import { useReading } from './use-reading.ts'
import { useSelection } from './use-selection.ts'

const NONE: readonly Alert[] = []

export function OpenSection({ item }: SectionProps) {
  const { t } = useTranslation()
  const [, go] = useLocation()
  const query = useAlerts()
  const restFault = useRestFault()
  const wordsOf = useAlertWords()
  const [kept, keep] = useKeptView('alerts', NO_FILTER)
  const place = placeOf(item)
  // A link to the alerts of a deployment means all of them, and is not what the reader chose.
  const { deployment } = place
  const view = useMemo(() => (deployment === null ? kept : { ...NO_FILTER, deployment }), [deployment, kept])
  const alerts = query.data?.alerts ?? NONE
  // More of them are on their way.
  const left = query.data?.left ?? 0
  const fits = useMemo(() => alertFilter(view, wordsOf), [view, wordsOf])
  const arranged = useMemo(() => arrange(alerts.filter(fits)), [alerts, fits])
  const known = useMemo(
    () => lazily(() => new Map(alerts.map((alert) => [alert.id, alert] as const))),
    [alerts],
  )

  const scroller = useRef<HTMLDivElement>(null)
  const busy = useRef(false)
  const [held, setHeld] = useState<readonly Placed[]>([])
  const reading = useReading(scroller, { onBegin: () => setHeld(arranged), goesOn: () => busy.current })
  const { kept: rows, fresh } = useMemo(
    () => (reading.isReading ? holdStill(held, alerts, fits) : { kept: arranged, fresh: [] }),
    [reading.isReading, held, alerts, fits, arranged],
  )
  const items = useMemo(() => itemsOf(rows, fresh), [rows, fresh])
  const ids = useMemo(() => [...rows, ...fresh].map(({ alert }) => alert.id), [rows, fresh])
  const selection = useSelection(ids, left > 0)
  const actions = useAlertActions(selection.clear)
  const active = useRef<string | null>(null)
  const placeOfAlert = (id: string) => places.alerts('open', itemOf({ deployment, alert: id }))
  const close = () => go(places.alerts('open', itemOf({ deployment, alert: null })), { replace: true })
  const selected =
    selection.ids.size === 0
      ? NONE
      : ids.flatMap((id) => (selection.ids.has(id) ? (known().get(id) ?? []) : []))
  const meant = () => {
    if (selection.awaits) return NONE
    if (selected.length > 0) return selected
    const one = known().get(active.current ?? '') ?? known().get(place.alert ?? '')
    return one === undefined ? [] : [one]
  }
  useAlertKeys({
    acknowledge: () => actions.acknowledge(meant()),
    silence: () => actions.silence(meant()),
    resolve: () => actions.resolve(meant()),
    selectAll: selection.all,
    leave: () => (selection.ids.size > 0 ? selection.clear() : place.alert !== null && close()),
  })
  // What is read beside the list is the alert that the focus is on.
  const follow = useRef((_: string) => {})
  useEffect(() => {
    follow.current = (id) => {
      active.current = id
      if (place.alert !== null && place.alert !== id) go(placeOfAlert(id), { replace: true })
    }
    busy.current = selection.ids.size > 0 || actions.isOpen
  })
  const onActive = useCallback((id: string) => follow.current(id), [])
  const count = rows.length + fresh.length
  const whole = useListFace(query, () => count === 0)
  const rest = useListFace({
    data: undefined,
    error: restFault?.error ?? null,
    refetch: restFault?.retry ?? (() => {}),
  })
  // Of what is still to come nobody knows whether the filters let it through.
  const face = whole.kind === 'empty' && left > 0 ? rest : whole

  function change(next: Partial<AlertView>) {
    reading.stop()
    if (deployment === null) keep(next)
    else {
      keep({ ...view, ...next })
      go(places.alerts('open'))
    }
  }

  const waiting = alerts.filter(needsAttention).length
  return (
    <div className={classes.beside} data-open={place.alert !== null || undefined}>
      <div className={classes.open}>
        <div className={classes.bar}>
          <p className={classes.summary}>
            {query.data !== undefined &&
              (count === alerts.length
                ? t('alerts.count', { count: count + left })
                : t('alerts.shown', { shown: count, count: alerts.length + left }))}
            {left === 0 && waiting > 0 && ` · ${t('alerts.waiting', { count: waiting })}`}
          </p>
          <AlertFilters view={view} alerts={alerts} onView={change} />
        </div>
        {face.kind === 'full' && left > 0 && rest.kind === 'error' && (
          <p className={classes.rest} role="alert">
            {t('alerts.rest-failed', { count: left })} {rest.message}{' '}
            <Button variant="default" size="compact-xs" onClick={rest.retry}>
              {t('list.retry')}
            </Button>
          </p>
        )}
        <ListFaces
          face={face}
          rowHeight={ROW_HEIGHT}
          headHeight={HEAD_HEIGHT}
          skeletonRows={8}
          errorTitle={t('alerts.error-title')}
          empty={
            alerts.length === 0
              ? { title: t('alerts.none-title'), text: t('alerts.none-text') }
              : {
                  title: t('alerts.no-match-title'),
                  text: t('alerts.no-match-text'),
                  action: (
                    <Button variant="default" onClick={() => change(NO_FILTER)}>
                      {t('alerts.clear-filters')}
                    </Button>
                  ),
                }
          }
        >
          <AlertTable
            items={items}
            ids={ids}
            known={known}
            scroller={scroller}
            placeOf={placeOfAlert}
            selection={selection}
            opened={place.alert}
            onActive={onActive}
          />
        </ListFaces>
        {fresh.length > 0 && (
          <p className={classes.held} role="status">
            {t('alerts.fresh-below', { count: fresh.length })} · {t('alerts.held')}{' '}
            <Button variant="default" size="compact-xs" onClick={reading.stop}>
              {t('alerts.sort-again')}
            </Button>
          </p>
        )}
        {selected.length > 0 && (
          <BulkBar
            alerts={selected}
            awaited={selection.awaits ? left : 0}
            actions={actions}
            onClear={selection.clear}
          />
        )}
      </div>
      {place.alert !== null && (
        <AlertPanel
          key={place.alert}
          id={place.alert}
          live={known().get(place.alert) ?? null}
          actions={actions}
          placeOf={placeOfAlert}
          onClose={close}
        />
      )}
      {actions.dialog}
    </div>
  )
}
