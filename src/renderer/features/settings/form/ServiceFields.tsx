/** The HTTP services of a deployment. */
import { NumberInput, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import classes from '../settings.module.css'
import { newService } from './draft.ts'
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
            <div data-span="4">
              <TextInput
                label={t('form.name')}
                required
                autoComplete="off"
                {...form.getInputProps(`${path}.name`)}
              />
            </div>
            <div data-span="8">
              <TextInput
                label={t('form.url')}
                placeholder="https://shop.example.com"
                required
                autoComplete="off"
                {...form.getInputProps(`${path}.url`)}
              />
            </div>
            {PATHS.map((field) => (
              <div key={field} data-span="3">
                <TextInput
                  label={t(`form.path-${field}`)}
                  placeholder={field === 'live' ? '/health' : t('form.none')}
                  autoComplete="off"
                  {...form.getInputProps(`${path}.${field}`)}
                />
              </div>
            ))}
            {COUNTS.map((field) => (
              <div key={field} data-span="3">
                <NumberInput
                  label={t(`form.count-${field}`)}
                  min={field === 'poolOverflow' ? 0 : 1}
                  allowDecimal={false}
                  hideControls
                  placeholder={t('form.optional')}
                  {...form.getInputProps(`${path}.${field}`)}
                />
              </div>
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
