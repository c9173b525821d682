/** One deployment: how it is and why, the way to it, and its views. */
import { useDeferredValue, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { refusalOf } from '../../client/client.ts'
import { useListFace } from '../../client/list-face.ts'
import { useDeployment, useFleet } from '../../client/live.ts'
import { ListFaces } from '../../components/ListFaces.tsx'
import { places } from '../../places.ts'
import { laterScreen } from '../../shell/later-screen.tsx'
import { OperationAsking } from '../operations/OperationAsking.tsx'
import { Causes } from './causes/Causes.tsx'
import { DeploymentHeader } from './DeploymentHeader.tsx'
import classes from './deployment.module.css'
import { LiveTab } from './live/LiveTab.tsx'
import { DeploymentLogs } from './logs/logs-at.ts'
import { ProbeStrip } from './ProbeStrip.tsx'
import { ProfileTab } from './ProfileTab.tsx'
import { alongPath } from './path/along-path.ts'
import { ConnectionPath } from './path/ConnectionPath.tsx'
import { TimelineTab } from './timeline/TimelineTab.tsx'

const TABS = ['live', 'database', 'redis', 'logs', 'backups', 'timeline', 'settings'] as const

const backups = laterScreen(() => import('../backups/BackupsTab.tsx').then(({ BackupsTab }) => BackupsTab))

const database = laterScreen(() =>
  import('./database/DatabaseTab.tsx').then(({ DatabaseTab }) => DatabaseTab),
)

const logs = laterScreen(() => import('./logs/LogsTab.tsx').then(({ LogsTab }) => LogsTab))

const redis = laterScreen(() => import('./redis/RedisTab.tsx').then(({ RedisTab }) => RedisTab))

interface Props {
  readonly name: string
  readonly tab: string
  /** What of the tab is meant: of the charts, a moment. */
  readonly item: string | null
}

export function DeploymentScreen({ name, tab, item }: Props) {
  const { t } = useTranslation()
  const deployment = useDeployment(name)
  const { data, error } = deployment
  // What is wrong and where is painted first; twenty charts come in the frame after.
  const drawn = useDeferredValue(data !== undefined, false)
  const face = useListFace(deployment)
  const sources = data?.profile.logs
  const logsHere = useMemo(() => ({ name, sources: sources ?? [] }), [name, sources])
  // How it is and why is known from the fleet already, before the rest has come.
  const known = useFleet({ subscribed: data === undefined }).data?.rows.find((row) => row.name === name)

  if (data === undefined && error !== null && refusalOf(error)?.code === 'NOT_FOUND') {
    return (
      <ListFaces
        face={{ kind: 'empty' }}
        rowHeight={44}
        errorTitle=""
        empty={{
          title: t('deployment.unknown-title', { name }),
          text: t('deployment.unknown-text'),
          action: <Link href={places.fleet}>{t('deployment.to-fleet')}</Link>,
        }}
      >
        {null}
      </ListFaces>
    )
  }
  if (data === undefined) {
    return (
      <div className={classes.screen}>
        {known !== undefined && <DeploymentHeader row={known} />}
        <ListFaces face={face} rowHeight={44} errorTitle={t('deployment.failed-title', { name })}>
          {null}
        </ListFaces>
      </div>
    )
  }
  const { row, profile, connection, statuses, observations, causes } = data
  const { whole, failed } = alongPath(connection.hops)
  const told = causes.flatMap(({ links }) => links.map(({ reason }) => reason))
  const current = TABS.find((one) => one === tab) ?? 'live'
  return (
    <DeploymentLogs value={logsHere}>
      <OperationAsking>
        <div className={classes.screen}>
          <DeploymentHeader row={row} />
          <Causes row={row} causes={causes} observations={observations} />
          <ConnectionPath
            deployment={name}
            profile={profile}
            connection={connection}
            told={told}
            paused={row.paused}
            offline={row.reason.code === 'console-offline'}
            at={row.at}
          />
          <ProbeStrip
            statuses={statuses}
            observations={observations}
            broken={whole ? null : (failed[0] ?? null)}
            short={current !== 'live'}
            deployment={name}
            restartable={profile.services.flatMap((one) => (one.restart === undefined ? [] : one.name))}
          />
          <nav className={classes.tabs} aria-label={t('deployment.tabs', { name })}>
            {TABS.map((one) => (
              <Link
                key={one}
                href={places.deployment(name, one)}
                className={classes.tab}
                aria-current={current === one ? 'page' : undefined}
              >
                {t(`deployment.tab-${one}`)}
              </Link>
            ))}
          </nav>
          {drawn && current === 'live' && (
            <LiveTab key={item} name={name} view={data} at={item === null ? null : Number(item)} />
          )}
          {drawn && current === 'database' && <database.Screen name={name} view={data} part={item} />}
          {drawn && current === 'redis' && <redis.Screen name={name} view={data} part={item} />}
          {drawn && current === 'logs' && <logs.Screen name={name} view={data} part={item} />}
          {drawn && current === 'backups' && <backups.Screen name={name} profile={profile} item={item} />}
          {drawn && current === 'timeline' && <TimelineTab name={name} />}
          {drawn && current === 'settings' && <ProfileTab name={name} environment={row.environment} />}
        </div>
      </OperationAsking>
    </DeploymentLogs>
  )
}
