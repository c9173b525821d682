/** The profile of a deployment as YAML, and what can be done with it: export, edit, remove. */
import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'wouter'
import type { Environment } from '#shared/model/profile/deployment.ts'
import { useApi } from '../../client/console.tsx'
import { useListFace } from '../../client/list-face.ts'
import { ListFaces } from '../../components/ListFaces.tsx'
import { saveFile } from '../../components/save-file.ts'
import { places } from '../../places.ts'
import { RemoveDeployment } from '../settings/deployments/RemoveDeployment.tsx'
import classes from './deployment.module.css'

interface Props {
  readonly name: string
  readonly environment: Environment
}

export function ProfileTab({ name, environment }: Props) {
  const { t } = useTranslation()
  const [, go] = useLocation()
  const profile = useQuery(useApi().deployments.export.queryOptions({ input: { name } }))
  const face = useListFace(profile)
  const { data } = profile
  return (
    <ListFaces face={face} rowHeight={18} skeletonRows={12} errorTitle={t('profile.failed')}>
      <div className={classes.live}>
        <div className={classes.titleRow}>
          <span className={classes.quiet}>{t('profile.explains')}</span>
          <div className={classes.actions}>
            <Button
              variant="default"
              onClick={() => saveFile(`${name}.yaml`, data?.yaml ?? '', 'application/yaml')}
            >
              {t('deployments.export')}
            </Button>
            <Button variant="default" component={Link} href={places.settings(`deployments/edit:${name}`)}>
              {t('deployments.edit')}
            </Button>
            <RemoveDeployment name={name} environment={environment} onRemoved={() => go(places.fleet)} />
          </div>
        </div>
        <pre className={classes.yaml}>{data?.yaml}</pre>
      </div>
    </ListFaces>
  )
}
