/** The HTTP services of a deployment. */
import { useTranslation } from 'react-i18next'
import classes from '../settings.module.css'
import { newService } from './draft.ts'
import { NumberField, TextField } from './Field.tsx'
import { ListFields } from './ListFields.tsx'
import { SecretField } from './SecretField.tsx'
import type { DeploymentFormState } from './use-deployment-form.ts'

const PATHS = ['live', 'ready', 'metrics', 'monitoring'] as const
const COUNTS = ['poolSize', 'poolOverflow', 'processes', 'instances'] as const

export function ServiceFields({ form }: { form: DeploymentFormState }) {
  const { t } = useTranslation()
  const { services } = form.getValues()
  return (
    <ListFields
      legend={t('form.services')}
      hint={t('form.services-hint')}
      nameItem={(index) => t('form.service-item', { number: index + 1 })}
      addLabel={t('form.service-add')}
      onAdd={() => form.insertListItem('services', newService(services.length === 0 ? 'api' : ''))}
      onRemove={(index) => form.removeListItem('services', index)}
      items={services.map((service, index) => {
        const path = `services.${index}`
        return (
          <div key={path} className={classes.fields}>
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
                min={field === 'poolOverflow' ? 0 : 1}
                allowDecimal={false}
                placeholder={t('form.optional')}
              />
            ))}
            <div data-span="6">
              <SecretField
                form={form}
                path={`${path}.token`}
                draft={service.token}
                label={t('form.token')}
                what={`${service.name || 'service'}-token`}
              />
            </div>
          </div>
        )
      })}
    />
  )
}
