/** The deployments of this console: add, import, export, edit, pause and remove them. */
import { Button, VisuallyHidden } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { FleetRow } from '#shared/model/fleet.ts'
import { useApi, useClient } from '../../../client/console.tsx'
import { useErrorText } from '../../../client/error-text.ts'
import { useFleet } from '../../../client/live.ts'
import { EnvironmentTag } from '../../../components/EnvironmentTag.tsx'
import { ListFaces } from '../../../components/ListFaces.tsx'
import { StatusMark } from '../../../components/StatusMark.tsx'
import { places } from '../../../places.ts'
import { useTellFailure } from '../../deployment/tell-failure.ts'
import classes from '../settings.module.css'
import { RemoveDeployment } from './RemoveDeployment.tsx'
import { saveFile } from './save-file.ts'

export function DeploymentsSection() {
  const { t } = useTranslation()
  const errorText = useErrorText()
  const { data, error, refetch } = useFleet()
  const rows = [...(data?.rows ?? [])].sort((a, b) => a.name.localeCompare(b.name))
  const add = (
    <>
      <Button component={Link} href={places.addDeployment}>
        {t('deployments.add')}
      </Button>
      <Button variant="default" component={Link} href={places.importDeployments}>
        {t('deployments.import')}
      </Button>
    </>
  )
  return (
    <>
      <div className={classes.head}>
        <h1>{t('settings.deployments')}</h1>
        {rows.length > 0 && add}
      </div>
      <ListFaces
        face={
          data === undefined
            ? error === null
              ? { kind: 'loading' }
              : { kind: 'error', message: errorText(error), retry: () => void refetch() }
            : { kind: rows.length === 0 ? 'empty' : 'full' }
        }
        rowHeight={48}
        errorTitle={t('deployments.failed')}
        empty={{
          title: t('deployments.empty-title'),
          text: t('deployments.empty-text'),
          action: <div className={classes.row}>{add}</div>,
        }}
      >
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">{t('deployments.name')}</th>
              <th scope="col">{t('deployments.environment')}</th>
              <th scope="col">{t('deployments.status')}</th>
              <th scope="col">
                <VisuallyHidden>{t('deployments.actions')}</VisuallyHidden>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <DeploymentRow key={row.name} row={row} />
            ))}
          </tbody>
        </table>
      </ListFaces>
    </>
  )
}

function DeploymentRow({ row: { name, environment, status, paused } }: { row: FleetRow }) {
  const { t } = useTranslation()
  const client = useClient()
  const tellFailure = useTellFailure()
  const pause = useMutation(useApi().deployments.pause.mutationOptions({ onError: tellFailure }))
  const exporting = useMutation({
    mutationFn: () => client.deployments.export({ name }),
    onSuccess: ({ yaml }) => saveFile(`${name}.yaml`, yaml),
    onError: tellFailure,
  })
  return (
    <tr>
      <th scope="row">
        <Link href={places.deployment(name)}>{name}</Link>
      </th>
      <td>
        <EnvironmentTag environment={environment} />
      </td>
      <td>
        {paused ? (
          <span className={classes.quiet}>{t('deployments.paused')}</span>
        ) : (
          <StatusMark status={status} />
        )}
      </td>
      <td className={classes.end}>
        <div>
          <Button
            variant="default"
            component={Link}
            href={places.settings(`deployments/edit:${name}`)}
            aria-label={t('deployments.edit-name', { name })}
          >
            {t('deployments.edit')}
          </Button>
          <Button
            variant="default"
            loading={pause.isPending}
            onClick={() => pause.mutate({ name, paused: !paused })}
            aria-label={t(paused ? 'deployments.resume-name' : 'deployments.pause-name', { name })}
          >
            {t(paused ? 'deployment.resume' : 'deployment.pause')}
          </Button>
          <Button
            variant="default"
            loading={exporting.isPending}
            onClick={() => exporting.mutate()}
            aria-label={t('deployments.export-name', { name })}
          >
            {t('deployments.export')}
          </Button>
          <RemoveDeployment name={name} environment={environment} />
        </div>
      </td>
    </tr>
  )
}
