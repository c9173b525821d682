/** The deployments of this console: add, import, export, edit, pause and remove them. */
import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { FleetRow } from '#shared/model/fleet.ts'
import { useApi, useClient } from '../../../client/console.tsx'
import { useListFace } from '../../../client/list-face.ts'
import { useFleet } from '../../../client/live.ts'
import { EnvironmentTag } from '../../../components/EnvironmentTag.tsx'
import { ListFaces } from '../../../components/ListFaces.tsx'
import { StatusMark } from '../../../components/StatusMark.tsx'
import { saveFile } from '../../../components/save-file.ts'
import { CsvButton } from '../../../components/table/CsvButton.tsx'
import { places } from '../../../places.ts'
import { useTellFailure } from '../../deployment/tell-failure.ts'
import { SettingsTable } from '../SettingsTable.tsx'
import classes from '../settings.module.css'
import { RemoveDeployment } from './RemoveDeployment.tsx'

export function DeploymentsSection() {
  const { t } = useTranslation()
  const fleet = useFleet()
  const face = useListFace(fleet, (data) => data.rows.length === 0)
  const rows = [...(fleet.data?.rows ?? [])].sort((a, b) => a.name.localeCompare(b.name))
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
  const columns = [t('deployments.name'), t('deployments.environment'), t('deployments.status')]
  const table = () => ({
    headings: columns,
    rows: rows.map(({ name, environment, status, paused }) => [
      name,
      t(`environment.${environment}`),
      paused ? t('fleet.paused') : t(`status.${status}`),
    ]),
  })
  return (
    <>
      <div className={classes.head}>
        <h1>{t('settings.deployments')}</h1>
        {rows.length > 0 && <CsvButton label={t('settings.deployments')} table={table} />}
        {rows.length > 0 && add}
      </div>
      <ListFaces
        face={face}
        rowHeight={48}
        errorTitle={t('deployments.failed')}
        empty={{
          title: t('deployments.empty-title'),
          text: t('deployments.empty-text'),
          action: <div className={classes.row}>{add}</div>,
        }}
      >
        <SettingsTable columns={columns}>
          {rows.map((row) => (
            <DeploymentRow key={row.name} row={row} />
          ))}
        </SettingsTable>
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
    onSuccess: ({ yaml }) => saveFile(`${name}.yaml`, yaml, 'application/yaml'),
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
            size="compact-xs"
            component={Link}
            href={places.settings(`deployments/edit:${name}`)}
            aria-label={t('deployments.edit-name', { name })}
          >
            {t('deployments.edit')}
          </Button>
          <Button
            variant="default"
            size="compact-xs"
            loading={pause.isPending}
            onClick={() => pause.mutate({ name, paused: !paused })}
            aria-label={t(paused ? 'deployments.resume-name' : 'deployments.pause-name', { name })}
          >
            {t(paused ? 'deployment.resume' : 'deployment.pause')}
          </Button>
          <Button
            variant="default"
            size="compact-xs"
            loading={exporting.isPending}
            onClick={() => exporting.mutate()}
            aria-label={t('deployments.export-name', { name })}
          >
            {t('deployments.export')}
          </Button>
          <RemoveDeployment name={name} environment={environment} compact />
        </div>
      </td>
    </tr>
  )
}
