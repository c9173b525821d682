/** The PostgreSQL of a deployment. */
import { useTranslation } from 'react-i18next'
import classes from '../settings.module.css'
import { newPostgres } from './draft.ts'
import { TextField } from './Field.tsx'
import { ListFields } from './ListFields.tsx'
import { SecretField } from './SecretField.tsx'
import type { DeploymentFormState } from './use-deployment-form.ts'

export function PostgresFields({ form }: { form: DeploymentFormState }) {
  const { t } = useTranslation()
  return (
    <ListFields
      legend="PostgreSQL"
      hint={t('form.postgres-hint')}
      nameItem={() => t('form.postgres-item')}
      addLabel={t('form.postgres-add')}
      atMost={1}
      onAdd={() => form.insertListItem('postgres', newPostgres())}
      onRemove={(index) => form.removeListItem('postgres', index)}
      items={form.getValues().postgres.map((postgres, index) => {
        const path = `postgres.${index}`
        return (
          <div key={path} className={classes.fields}>
            <TextField
              form={form}
              path={`${path}.url`}
              span={12}
              label={t('form.url')}
              placeholder="postgresql://vakhta@db.internal:5432/shop"
              required
            />
            <div data-span="6">
              <SecretField
                form={form}
                path={`${path}.password`}
                draft={postgres.password}
                label={t('form.password')}
                what="postgres-password"
              />
            </div>
            <TextField
              form={form}
              path={`${path}.role`}
              span={3}
              label={t('form.application-role')}
              description={t('form.optional')}
            />
            <TextField
              form={form}
              path={`${path}.application`}
              span={3}
              label={t('form.application-name')}
              description={t('form.optional')}
            />
          </div>
        )
      })}
    />
  )
}
