/** One deployment: how it is and why, the way to it, and its views. */
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { refusalOf } from '../../client/client.ts'
import { useErrorText } from '../../client/error-text.ts'
import { useDeployment } from '../../client/live.ts'
import { ListFaces } from '../../components/ListFaces.tsx'
import { places } from '../../places.ts'
import { ConnectionPath } from './ConnectionPath.tsx'
import { DeploymentHeader } from './DeploymentHeader.tsx'
import classes from './deployment.module.css'
import { LiveTab } from './live/LiveTab.tsx'
import { ProbeStrip } from './ProbeStrip.tsx'
import { ProfileTab } from './ProfileTab.tsx'

interface Props {
  readonly name: string
  readonly tab: string
}

export function DeploymentScreen({ name, tab }: Props) {
  const { t } = useTranslation()
  const errorText = useErrorText()
  const { data, error, refetch } = useDeployment(name)

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
      <ListFaces
        face={
          error === null
            ? { kind: 'loading' }
            : { kind: 'error', message: errorText(error), retry: () => void refetch() }
        }
        rowHeight={44}
        errorTitle={t('deployment.failed-title', { name })}
        empty={{ title: '', text: '' }}
      >
        {null}
      </ListFaces>
    )
  }
  const { row, connection, statuses, observations } = data
  const current = tab === 'settings' ? 'settings' : 'live'
  return (
    <div className={classes.screen}>
      <DeploymentHeader row={row} />
      <ConnectionPath deployment={name} connection={connection} paused={row.paused} />
      <ProbeStrip statuses={statuses} observations={observations} />
      <nav className={classes.tabs} aria-label={t('deployment.tabs', { name })}>
        {(['live', 'settings'] as const).map((one) => (
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
      {current === 'live' ? (
        <LiveTab name={name} view={data} />
      ) : (
        <ProfileTab name={name} environment={row.environment} />
      )}
    </div>
  )
}
