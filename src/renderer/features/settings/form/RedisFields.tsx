/** The Redis servers of a deployment. */
import { useTranslation } from 'react-i18next'
import classes from '../settings.module.css'
import { newRedis } from './draft.ts'
import { TextField } from './Field.tsx'
import { ListFields } from './ListFields.tsx'
import { SecretField } from './SecretField.tsx'
import type { DeploymentFormState } from './use-deployment-form.ts'

export function RedisFields({ form }: { form: DeploymentFormState }) {
  const { t } = useTranslation()
  const { redis } = form.getValues()
  return (
    <ListFields
      legend="Redis"
      hint={t('form.redis-hint')}
      nameItem={(index) => t('form.redis-item', { number: index + 1 })}
      addLabel={t('form.redis-add')}
      onAdd={() => form.insertListItem('redis', newRedis(redis.length === 0 ? 'cache' : ''))}
      onRemove={(index) => form.removeListItem('redis', index)}
      items={redis.map((one, index) => {
        const path = `redis.${index}`
        return (
          <div key={path} className={classes.fields}>
            <TextField form={form} path={`${path}.name`} span={2} label={t('form.name')} required />
            <TextField
              form={form}
              path={`${path}.url`}
              span={4}
              label={t('form.url')}
              placeholder="redis://127.0.0.1:6379/0"
              required
            />
            <div data-span="6">
              <SecretField
                form={form}
                path={`${path}.password`}
                draft={one.password}
                label={t('form.password')}
                what={`${one.name || 'redis'}-password`}
              />
            </div>
          </div>
        )
      })}
    />
  )
}
