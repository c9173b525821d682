/** One alert beside the list that it stands in: what it is and comes from, what can be done, and why somebody was told or not. */
import { CloseButton } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Alert } from '#shared/model/alert.ts'
import { useApi } from '../../../client/console.tsx'
import { useErrorText } from '../../../client/error-text.ts'
import { EnvironmentTag } from '../../../components/EnvironmentTag.tsx'
import { SeverityMark } from '../../../components/SeverityMark.tsx'
import { places } from '../../../places.ts'
import type { AlertActions } from '../actions/use-alert-actions.tsx'
import { useAlertWords } from '../alert-words.ts'
import { AlertCauseLine } from './AlertCauseLine.tsx'
import { AlertFacts } from './AlertFacts.tsx'
import { Deeds } from './Deeds.tsx'
import classes from './detail.module.css'
import { IncidentAlerts } from './IncidentAlerts.tsx'
import { TraceList } from './TraceList.tsx'

/** What channels answer comes without a change of the alert. */
const TRACE_EVERY_MS = 5_000

interface Props {
  readonly id: string
  /** As it fires now; `null`: it is not among those that do. */
  readonly live: Alert | null
  readonly actions: AlertActions
  readonly placeOf: (id: string) => string
  readonly onClose: () => void
}

export function AlertPanel({ id, live, actions, placeOf, onClose }: Props) {
  const { t, i18n } = useTranslation()
  const api = useApi()
  const errorText = useErrorText()
  const wordsOf = useAlertWords()
  const { language } = i18n
  // What turned since is asked for; the value moves with each look, and nothing else with it.
  const turn =
    live === null
      ? 'over'
      : `${live.state} ${live.severity} ${live.since} ${live.acknowledgedAt} ${live.inhibitedBy}`
  const about = useQuery({
    ...api.alerts.about.queryOptions({ input: { alert_id: id } }),
    queryKey: [...api.alerts.about.queryKey({ input: { alert_id: id } }), turn],
    placeholderData: (before) => (before?.alert.id === id ? before : undefined),
    gcTime: 0,
  })
  const trace = useQuery({
    ...api.alerts.trace.queryOptions({ input: { alert_id: id } }),
    queryKey: [...api.alerts.trace.queryKey({ input: { alert_id: id } }), language, turn],
    placeholderData: keepPreviousData,
    refetchInterval: TRACE_EVERY_MS,
    gcTime: 0,
  })
  const alert = live ?? about.data?.alert ?? null
  const incident = about.data?.incident ?? []
  const nameOf = (other: string) => {
    const found = incident.find((one) => one.id === other)
    return found === undefined ? null : wordsOf(found).rule
  }
  return (
    <aside className={classes.panel} aria-label={t('alerts.detail')}>
      <div className={classes.top}>
        {alert === null ? (
          <p className={classes.quiet}>{about.error === null ? t('list.loading') : errorText(about.error)}</p>
        ) : (
          <>
            <p className={classes.kind}>
              <SeverityMark severity={alert.severity} />
              <EnvironmentTag environment={alert.environment} />
              <Link href={places.deployment(alert.deployment)}>{alert.deployment}</Link>
            </p>
            <h2>
              {wordsOf(alert).rule} <span className={classes.subject}>{wordsOf(alert).subject}</span>
            </h2>
            <p className={classes.reason}>{wordsOf(alert).reason}</p>
          </>
        )}
        <CloseButton className={classes.close} aria-label={t('alerts.close-detail')} onClick={onClose} />
      </div>
      {alert !== null && (
        <>
          <AlertCauseLine alert={alert} />
          <Deeds alert={alert} actions={actions} />
          <AlertFacts alert={alert} behind={alert.inhibitedBy === null ? null : nameOf(alert.inhibitedBy)} />
          <section className={classes.part}>
            <h3>{t('trace.title')}</h3>
            {trace.error !== null && <p className={classes.failed}>{errorText(trace.error)}</p>}
            {trace.data !== undefined && <TraceList trace={trace.data} alert={alert} nameOf={nameOf} />}
          </section>
          <IncidentAlerts of={alert} incident={incident} placeOf={placeOf} />
        </>
      )}
    </aside>
  )
}
