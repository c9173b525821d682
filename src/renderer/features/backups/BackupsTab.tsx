/** The backups of a deployment: how it stands, what is being done, its days, and each of them. */
import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'wouter'
import { isOver } from '#shared/model/operation.ts'
import type { DeploymentProfile } from '#shared/model/profile/deployment.ts'
import { parsePostgresUrl } from '#shared/model/profile/postgres-url.ts'
import { useClient } from '../../client/console.tsx'
import { useErrorText } from '../../client/error-text.ts'
import { useListFace } from '../../client/list-face.ts'
import { useMay } from '../../client/session.ts'
import { ListFaces } from '../../components/ListFaces.tsx'
import { places } from '../../places.ts'
import { useAskOperation } from '../operations/OperationAsking.tsx'
import { BackupPanel } from './BackupPanel.tsx'
import { BackupTable } from './BackupTable.tsx'
import classes from './backups.module.css'
import { Calendar } from './Calendar.tsx'
import { dateOf } from './calendar-days.ts'
import { DrillElsewhere } from './DrillElsewhere.tsx'
import { Growth } from './Growth.tsx'
import { KeyNote } from './KeyNote.tsx'
import { RegisterDump } from './RegisterDump.tsx'
import { Standing } from './Standing.tsx'
import { UnderWay } from './UnderWay.tsx'
import { useBackupOperations, useBackups, useReadBackupsAgain, useStanding } from './use-backups.ts'
import { useDays } from './use-days.ts'

const ROW_HEIGHT = 30

interface Props {
  readonly name: string
  readonly profile: DeploymentProfile
  /** The backup that is open beside the list. */
  readonly item: string | null
}

export function BackupsTab({ name, profile, item }: Props) {
  const { t } = useTranslation()
  const [, go] = useLocation()
  const may = useMay('OPERATOR')
  const askOperation = useAskOperation()
  const standing = useStanding(name)
  const backups = useBackups(name)
  const { own, elsewhere } = useBackupOperations(name)
  const [chosen, setChosen] = useState<string | null>(null)
  const { days, zone } = useDays(profile.backups?.schedule, backups, own)
  const face = useListFace({ data: backups.data, error: backups.error, refetch: backups.refetch })
  const standingFace = useListFace(standing)

  const all = backups.data

  const shown = (all ?? []).filter(
    ({ startedAt }) => chosen === null || dateOf(Date.parse(startedAt), zone) === chosen,
  )
  const opened = (all ?? []).find(({ id }) => id === item)
  const isConfigured = profile.backups !== undefined

  if (standing.data !== undefined && !isConfigured && (all?.length ?? 0) === 0 && face.kind === 'full') {
    return (
      <ListFaces
        face={{ kind: 'empty' }}
        rowHeight={ROW_HEIGHT}
        errorTitle=""
        empty={{
          title: t('backups.not-configured'),
          text: t('backups.not-configured-means'),
          action: <Link href={places.deploymentField(name, 'backups')}>{t('backups.configure')}</Link>,
        }}
      >
        {null}
      </ListFaces>
    )
  }
  return (
    <div className={classes.tab}>
      <div className={classes.bar}>
        <h2>{t('backups.title')}</h2>
        {may && isConfigured && (
          <div className={classes.buttons}>
            <Button onClick={() => askOperation({ kind: 'backup', deployment: name, options: {} })}>
              {t('backups.ask-backup')}
            </Button>
            <Button
              variant="default"
              disabled={standing.data?.lastComplete === null}
              onClick={() => askOperation({ kind: 'drill', deployment: name, options: {} })}
            >
              {t('backups.ask-drill')}
            </Button>
            <DrillElsewhere
              deployment={name}
              likely={profile.backups?.drillsOn}
              disabled={standing.data?.lastComplete === null}
            />
            <Rescan name={name} />
            <RegisterDump deployment={name} database={databaseOf(profile)} />
          </div>
        )}
        <Link className={classes.quiet} href={places.deploymentField(name, 'backups')}>
          {t('backups.settings')}
        </Link>
      </div>
      <KeyNote />
      <ListFaces face={standingFace} rowHeight={60} skeletonRows={1} errorTitle={t('backups.unreadable')}>
        {standing.data !== undefined && <Standing standing={standing.data} />}
      </ListFaces>
      <UnderWay operations={[...(own ?? []), ...elsewhere].filter(({ state }) => !isOver(state))} />
      <div className={classes.overview}>
        <Calendar days={days} zone={zone} chosen={chosen} onChoose={setChosen} />
        <Growth backups={all ?? []} />
      </div>
      <ListFaces
        face={face.kind === 'full' && all?.length === 0 ? { kind: 'empty' } : face}
        rowHeight={ROW_HEIGHT}
        headHeight={28}
        errorTitle={t('backups.unreadable')}
        empty={{ title: t('backups.none'), text: t('backups.none-means') }}
      >
        <div className={classes.columns}>
          <div>
            {chosen !== null && (
              <p className={classes.quiet}>
                {shown.length === 0 ? t('backups.of-day-none') : t('backups.of-day', { count: shown.length })}{' '}
                <Button variant="default" size="compact-xs" onClick={() => setChosen(null)}>
                  {t('backups.all-days')}
                </Button>
              </p>
            )}
            {shown.length > 0 && (
              <BackupTable
                backups={shown}
                opened={item}
                onOpen={(id) => go(places.backups(name, id === item ? undefined : id), { replace: true })}
              />
            )}
            {backups.hasNextPage && (
              <p>
                <Button
                  variant="default"
                  size="compact-sm"
                  loading={backups.isFetchingNextPage}
                  onClick={() => void backups.fetchNextPage()}
                >
                  {t('operations.more')}
                </Button>
              </p>
            )}
          </div>
          {opened !== undefined && (
            <BackupPanel
              key={opened.id}
              backup={opened}
              isLastGood={standing.data?.good === 1 && opened.id === standing.data.lastComplete?.id}
              drillsOn={profile.backups?.drillsOn}
            />
          )}
        </div>
      </ListFaces>
    </div>
  )
}

/** The one that is watched. */
function databaseOf({ postgres, backups }: DeploymentProfile): string {
  return backups?.databases[0] ?? (postgres === undefined ? '' : parsePostgresUrl(postgres.url).database)
}

/** Makes the list again from what lies in the place, and says what was found. */
function Rescan({ name }: { name: string }) {
  const { t } = useTranslation()
  const client = useClient()
  const errorText = useErrorText()
  const readAgain = useReadBackupsAgain()
  const scan = useMutation({
    mutationFn: () => client.backups.rescan({ deployment: name }),
    onSuccess: readAgain,
  })
  return (
    <>
      <Button
        variant="default"
        title={t('backups.rescan-means')}
        loading={scan.isPending}
        onClick={() => scan.mutate()}
      >
        {t('backups.rescan')}
      </Button>
      {scan.data !== undefined && (
        <span role="status" className={classes.quiet}>
          {t('backups.rescanned', {
            added: scan.data.added.length,
            gone: scan.data.gone.length,
            cleared: scan.data.cleared.length,
          })}
          {scan.data.problems.map(({ id, text }) => (
            <span key={id} className={classes.failed}>
              {' '}
              {text}
            </span>
          ))}
        </span>
      )}
      {scan.error !== null && (
        <span role="alert" className={classes.failed}>
          {errorText(scan.error)}
        </span>
      )}
    </>
  )
}
