/** Adds a deployment, or edits one: waits for its profile, then hands it to the form. */
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { useApi } from '../../../client/console.tsx'
import { useListFace } from '../../../client/list-face.ts'
import { ListFaces } from '../../../components/ListFaces.tsx'
import { places } from '../../../places.ts'
import { DeploymentForm } from '../form/DeploymentForm.tsx'
import { draftOf } from '../form/draft.ts'
import { NewDeployment } from '../paste/NewDeployment.tsx'
import classes from '../settings.module.css'

interface Props {
  /** The deployment that is edited; `null` for a new one. */
  readonly name: string | null
  /** The field that somebody came for, as its path in the form. */
  readonly field?: string | null
}

export function DeploymentEditor({ name, field = null }: Props) {
  const { t } = useTranslation()
  const [, go] = useLocation()
  const back = () => go(places.settings('deployments'))
  return (
    <>
      <div className={classes.head}>
        <h1>{name === null ? t('deployments.add') : t('deployments.edit-title', { name })}</h1>
      </div>
      {name === null ? (
        <NewDeployment onCancel={back} />
      ) : (
        <Existing name={name} field={field} onDone={back} />
      )}
    </>
  )
}

interface ExistingProps {
  readonly name: string
  readonly field: string | null
  readonly onDone: () => void
}

function Existing({ name, field, onDone }: ExistingProps) {
  const { t } = useTranslation()
  // Fetched once and anew: what is being typed must not be replaced by a later answer.
  const profile = useQuery(
    useApi().deployments.get.queryOptions({
      input: { name },
      gcTime: 0,
      staleTime: Number.POSITIVE_INFINITY,
    }),
  )
  const face = useListFace(profile)
  const { data } = profile
  return (
    <ListFaces face={face} rowHeight={48} errorTitle={t('deployments.failed-one', { name })}>
      {data !== undefined && (
        <DeploymentForm
          initial={draftOf(data.profile)}
          replaces={name}
          field={field}
          onSaved={onDone}
          onCancel={onDone}
        />
      )}
    </ListFaces>
  )
}
