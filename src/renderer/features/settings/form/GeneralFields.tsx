/** What a deployment is called and where it belongs. */
import { Select, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { ENVIRONMENTS } from '#shared/model/deployment.ts'
import classes from '../settings.module.css'
import type { DeploymentFormState } from './use-deployment-form.ts'

export function GeneralFields({ form }: { form: DeploymentFormState }) {
  const { t } = useTranslation()
  return (
    <fieldset>
      <legend>{t('form.general')}</legend>
      <div className={classes.fields}>
        <div data-span="4">
          <TextInput
            label={t('form.name')}
            description={t('form.name-hint')}
            required
            autoComplete="off"
            {...form.getInputProps('name')}
          />
        </div>
        <div data-span="4">
          <Select
            label={t('form.environment')}
            description={t('form.environment-hint')}
            allowDeselect={false}
            data={ENVIRONMENTS.map((value) => ({ value, label: t(`environment.${value}`) }))}
            {...form.getInputProps('environment')}
          />
        </div>
        <div data-span="4">
          <TextInput
            label={t('form.description')}
            description={t('form.optional')}
            {...form.getInputProps('description')}
          />
        </div>
      </div>
    </fieldset>
  )
}
