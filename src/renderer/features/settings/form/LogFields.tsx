/** The logs of a deployment, and where each of them is. */
import { useTranslation } from 'react-i18next'
import { LOG_KINDS } from '#shared/model/profile/log.ts'
import classes from '../settings.module.css'
import { Choice } from './Choice.tsx'
import { TextField } from './Field.tsx'
import { ListFields } from './ListFields.tsx'
import { MachineSelect } from './MachineSelect.tsx'
import { type LogDraft, newLog } from './parts/log.ts'
import type { DeploymentFormState } from './use-deployment-form.ts'

export function LogFields({ form }: { form: DeploymentFormState }) {
  const { t } = useTranslation()
  const { logs, ssh } = form.getValues()
  return (
    <ListFields
      legend={t('form.logs')}
      hint={t('form.logs-hint')}
      nameItem={(index) => t('form.log-item', { number: index + 1 })}
      addLabel={t('form.log-add')}
      onAdd={() =>
        form.insertListItem(
          'logs',
          newLog(logs.length === 0 ? 'app' : '', ssh.hops.length > 0 ? 'ssh' : 'local'),
        )
      }
      onRemove={(index) => form.removeListItem('logs', index)}
      items={logs.map((log, index) => {
        const path = `logs.${index}`
        return (
          <div key={path} className={classes.fields}>
            <TextField form={form} path={`${path}.name`} span={3} label={t('form.name')} required />
            <MachineSelect form={form} path={`${path}.over`} />
            <Choice
              form={form}
              path={`${path}.kind`}
              label={t('form.log-kind')}
              options={LOG_KINDS.map((kind) => ({ value: kind, label: t(`form.log-${kind}`) }))}
            />
            <PlaceFields form={form} path={path} kind={log.kind} />
          </div>
        )
      })}
    />
  )
}

function PlaceFields({
  form,
  path,
  kind,
}: {
  form: DeploymentFormState
  path: string
  kind: LogDraft['kind']
}) {
  const { t } = useTranslation()
  switch (kind) {
    case 'journal':
      return (
        <TextField
          form={form}
          path={`${path}.journal`}
          span={6}
          label={t('form.log-unit')}
          placeholder="api.service"
          required
        />
      )
    case 'container':
      return (
        <TextField
          form={form}
          path={`${path}.container`}
          span={6}
          label={t('form.log-container-name')}
          placeholder="shop-api-1"
          required
        />
      )
    case 'compose':
      return (
        <>
          <TextField form={form} path={`${path}.compose.project`} span={3} label={t('form.log-project')} />
          <TextField
            form={form}
            path={`${path}.compose.directory`}
            span={4}
            label={t('form.log-directory')}
            placeholder="/srv/shop"
          />
          <TextField
            form={form}
            path={`${path}.compose.service`}
            span={4}
            label={t('form.log-service')}
            placeholder="api"
            required
          />
        </>
      )
    case 'file':
      return (
        <TextField
          form={form}
          path={`${path}.file`}
          span={8}
          label={t('form.log-path')}
          description={t('form.log-path-hint')}
          placeholder="/var/log/shop/api.log"
          required
        />
      )
  }
}
