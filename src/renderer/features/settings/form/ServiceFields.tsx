/** The HTTP services of a deployment. */
import { useTranslation } from 'react-i18next'
import classes from '../settings.module.css'
import { AuthorizationFields } from './AuthorizationFields.tsx'
import { NumberField, TextField } from './Field.tsx'
import { HeaderFields } from './HeaderFields.tsx'
import { ListFields } from './ListFields.tsx'
import { ProxyFields } from './ProxyFields.tsx'
import { newService, type ServiceDraft } from './parts/service.ts'
import { RequestFields } from './RequestFields.tsx'
import { RestartFields } from './RestartFields.tsx'
import { TlsFields } from './TlsFields.tsx'
import type { DeploymentFormState } from './use-deployment-form.ts'

const PATHS = ['live', 'ready', 'metrics', 'monitoring'] as const
const COUNTS = ['pool.size', 'pool.overflow', 'processes', 'instances'] as const

export function ServiceFields({ form }: { form: DeploymentFormState }) {
  const { t } = useTranslation()
  const { services, ssh } = form.getValues()
  return (
    <ListFields
      legend={t('form.services')}
      hint={t('form.services-hint')}
      nameItem={(index) => t('form.service-item', { number: index + 1 })}
      addLabel={t('form.service-add')}
      onAdd={() =>
        form.insertListItem(
          'services',
          newService(services.length === 0 ? 'api' : '', ssh.hops.length > 0 ? 'ssh' : 'local'),
        )
      }
      onRemove={(index) => form.removeListItem('services', index)}
      items={services.map((service, index) => {
        const path = `services.${index}`
        return <OneService key={path} form={form} path={path} service={service} />
      })}
    />
  )
}

export interface ServicePartProps {
  readonly form: DeploymentFormState
  readonly path: string
  readonly service: ServiceDraft
}

function OneService({ form, path, service }: ServicePartProps) {
  const { t } = useTranslation()
  return (
    <div className={classes.stack}>
      <div className={classes.fields}>
        <TextField form={form} path={`${path}.name`} span={4} label={t('form.name')} required />
        <TextField
          form={form}
          path={`${path}.url`}
          span={8}
          label={t('form.url')}
          placeholder="https://shop.example.com"
          required
        />
        {PATHS.map((field) => (
          <TextField
            key={field}
            form={form}
            path={`${path}.${field}`}
            span={3}
            label={t(`form.path-${field}`)}
            placeholder={field === 'live' ? '/health' : t('form.none')}
          />
        ))}
        {COUNTS.map((field) => (
          <NumberField
            key={field}
            form={form}
            path={`${path}.${field}`}
            span={3}
            label={t(`form.count-${field}`)}
            min={field === 'pool.overflow' ? 0 : 1}
            allowDecimal={false}
            placeholder={t('form.optional')}
          />
        ))}
        <AuthorizationFields form={form} path={path} service={service} />
      </div>
      <div>
        <HeaderFields
          form={form}
          path={`${path}.headers`}
          headers={service.headers}
          what={service.name || 'service'}
        />
        <TlsFields
          form={form}
          path={`${path}.tls`}
          tls={service.tls}
          what={service.name || 'service'}
          inUrl={service.url.trim().startsWith('http:') ? 'none' : undefined}
        />
        <ProxyFields form={form} path={path} service={service} />
        <RestartFields form={form} path={path} service={service} />
        <RequestFields form={form} path={path} service={service} />
      </div>
    </div>
  )
}
