/** The Redis servers of a deployment. */
import { TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import classes from '../settings.module.css'
import { newRedis } from './draft.ts'
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
            <div data-span="2">
              <TextInput
                label={t('form.name')}
                required
                autoComplete="off"
                {...form.getInputProps(`${path}.name`)}
              />
            </div>
            <div data-span="4">
              <TextInput
                label={t('form.url')}
                placeholder="redis://127.0.0.1:6379/0"
                required
                autoComplete="off"
                spellCheck={false}
                {...form.getInputProps(`${path}.url`)}
              />
            </div>
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
