/** What a deployment has of Redis: servers, those that sentinels name, clusters. */
import { useTranslation } from 'react-i18next'
import classes from '../settings.module.css'
import { Choice } from './Choice.tsx'
import { TextField } from './Field.tsx'
import { ListFields } from './ListFields.tsx'
import { newRedis, REDIS_KINDS, type RedisDraft } from './parts/redis.ts'
import { SecretField } from './SecretField.tsx'
import { TlsFields } from './TlsFields.tsx'
import type { DeploymentFormState } from './use-deployment-form.ts'

const EXAMPLES = {
  server: 'redis://127.0.0.1:6379/0',
  sentinel: 'redis://10.0.0.1:26379,10.0.0.2:26379,10.0.0.3:26379/0',
  cluster: 'redis://10.0.0.1:6379,10.0.0.2:6379',
} as const

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
        return <OneRedis key={path} form={form} path={path} redis={one} />
      })}
    />
  )
}

interface OneRedisProps {
  readonly form: DeploymentFormState
  readonly path: string
  readonly redis: RedisDraft
}

function OneRedis({ form, path, redis }: OneRedisProps) {
  const { t } = useTranslation()
  const what = redis.name || 'redis'
  return (
    <div className={classes.stack}>
      <div className={classes.fields}>
        <Choice
          form={form}
          path={`${path}.kind`}
          label={t('form.redis-kind')}
          options={REDIS_KINDS.map((value) => ({ value, label: t(`form.redis-kind-${value}`) }))}
          hint={t(`form.redis-kind-${redis.kind}-hint`)}
        />
        <TextField form={form} path={`${path}.name`} span={2} label={t('form.name')} required />
        <TextField
          form={form}
          path={`${path}.url`}
          span={4}
          label={t('form.url')}
          placeholder={EXAMPLES[redis.kind]}
          required
        />
        <div data-span="6">
          <SecretField
            form={form}
            path={`${path}.password`}
            draft={redis.password}
            label={t('form.password')}
            what={`${what}-password`}
          />
        </div>
        {redis.kind === 'sentinel' && (
          <>
            <TextField
              form={form}
              path={`${path}.sentinel.primary`}
              span={3}
              label={t('form.sentinel-primary')}
              placeholder="mymaster"
              required
            />
            <TextField
              form={form}
              path={`${path}.sentinel.user`}
              span={3}
              label={t('form.sentinel-user')}
              description={t('form.optional')}
            />
            <div data-span="6">
              <SecretField
                form={form}
                path={`${path}.sentinel.password`}
                draft={redis.sentinel.password}
                label={t('form.sentinel-password')}
                what={`${what}-sentinel-password`}
              />
            </div>
          </>
        )}
        {redis.kind !== 'cluster' && (
          <TextField
            form={form}
            path={`${path}.queues`}
            span={6}
            label={t('form.queues')}
            description={t('form.queues-hint')}
            placeholder="celery"
          />
        )}
      </div>
      <div>
        <TlsFields
          form={form}
          path={`${path}.tls`}
          tls={redis.tls}
          what={what}
          inUrl={redis.url.trim().startsWith('redis:') ? 'none' : undefined}
        />
      </div>
    </div>
  )
}
