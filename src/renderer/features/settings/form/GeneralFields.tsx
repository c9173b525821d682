/** What a deployment is called and where it belongs. */
import { Checkbox, Select } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { ENVIRONMENTS } from '#shared/catalogue/environments.ts'
import { LEASE_PLACES } from '#shared/model/lease.ts'
import classes from '../settings.module.css'
import { TextField } from './Field.tsx'
import type { DeploymentFormState } from './use-deployment-form.ts'

export function GeneralFields({ form }: { form: DeploymentFormState }) {
  const { t } = useTranslation()
  return (
    <fieldset>
      <legend>{t('form.general')}</legend>
      <div className={classes.fields}>
        <TextField
          form={form}
          path="name"
          span={4}
          label={t('form.name')}
          description={t('form.name-hint')}
          required
        />
        <div data-span="4">
          <Select
            label={t('form.environment')}
            description={t('form.environment-hint')}
            allowDeselect={false}
            data={ENVIRONMENTS.map((value) => ({ value, label: t(`environment.${value}`) }))}
            {...form.getInputProps('environment')}
          />
        </div>
        <TextField
          form={form}
          path="description"
          span={4}
          label={t('form.description')}
          description={t('form.optional')}
        />
        <TextField
          form={form}
          path="tags"
          span={12}
          label={t('form.tags')}
          description={t('form.tags-hint')}
        />
        <div data-span="12">
          <Select
            label={t('lease.label')}
            description={t('lease.hint')}
            allowDeselect={false}
            data={LEASE_PLACES.map((value) => ({ value, label: t(`lease.place-${value}`) }))}
            {...form.getInputProps('lease')}
          />
        </div>
        <div data-span="12">
          <Checkbox
            size="xs"
            label={t('form.read-only')}
            description={t('form.read-only-hint')}
            {...form.getInputProps('readOnly', { type: 'checkbox' })}
          />
        </div>
      </div>
    </fieldset>
  )
}
