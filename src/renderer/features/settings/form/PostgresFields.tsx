/** The PostgreSQL of a deployment. */
import { useTranslation } from 'react-i18next'
import classes from '../settings.module.css'
import { TextField } from './Field.tsx'
import { Fold } from './Fold.tsx'
import own from './form.module.css'
import { ListFields } from './ListFields.tsx'
import { newPostgres, type PostgresDraft } from './parts/postgres.ts'
import { QueryFields } from './QueryFields.tsx'
import { SecretField } from './SecretField.tsx'
import { TlsFields } from './TlsFields.tsx'
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
      items={form.getValues().postgres.map((postgres, index) => (
        <Database
          // biome-ignore lint/suspicious/noArrayIndexKey: there is one at most.
          key={index}
          form={form}
          path={`postgres.${index}`}
          postgres={postgres}
        />
      ))}
    />
  )
}

interface DatabaseProps {
  readonly form: DeploymentFormState
  readonly path: string
  readonly postgres: PostgresDraft
}

function Database({ form, path, postgres }: DatabaseProps) {
  const { t } = useTranslation()
  const { operate, pooler, tls } = postgres
  return (
    <div className={classes.stack}>
      <div className={classes.fields}>
        <TextField
          form={form}
          path={`${path}.url`}
          span={12}
          label={t('form.url')}
          description={t('form.postgres-url-hint')}
          placeholder="postgresql://vakhta@db.internal:5432/shop?sslmode=verify-full"
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
          path={`${path}.application.role`}
          span={3}
          label={t('form.application-role')}
          description={t('form.optional')}
        />
        <TextField
          form={form}
          path={`${path}.application.name`}
          span={3}
          label={t('form.application-name')}
          description={t('form.optional')}
        />
      </div>
      <div>
        <TlsFields form={form} path={`${path}.tls`} tls={tls} what="postgres" inUrl="check" />
        <Fold
          form={form}
          title={t('form.operate')}
          summary={operate.user || t('form.operate-none')}
          paths={[`${path}.operate`]}
        >
          <p className={own.hint}>{t('form.operate-hint')}</p>
          <div className={classes.fields}>
            <TextField
              form={form}
              path={`${path}.operate.user`}
              span={6}
              label={t('form.operate-user')}
              placeholder="vakhta_operate"
            />
            <div data-span="6">
              <SecretField
                form={form}
                path={`${path}.operate.password`}
                draft={operate.password}
                label={t('form.operate-password')}
                what="postgres-operate-password"
              />
            </div>
          </div>
        </Fold>
        <Fold
          form={form}
          title={t('form.pooler')}
          summary={pooler.url || t('form.pooler-none')}
          paths={[`${path}.pooler`]}
        >
          <p className={own.hint}>{t('form.pooler-hint')}</p>
          <div className={classes.fields}>
            <TextField
              form={form}
              path={`${path}.pooler.url`}
              span={12}
              label={t('form.pooler-url')}
              placeholder="postgresql://vakhta@127.0.0.1:6432/pgbouncer"
            />
            <div data-span="6">
              <SecretField
                form={form}
                path={`${path}.pooler.password`}
                draft={pooler.password}
                label={t('form.pooler-password')}
                what="postgres-pooler-password"
              />
            </div>
          </div>
        </Fold>
        <QueryFields form={form} path={path} postgres={postgres} />
      </div>
    </div>
  )
}
