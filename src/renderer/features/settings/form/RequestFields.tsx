/** What else is asked of a service, in the profile's own words. */
import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import classes from '../settings.module.css'
import { BoundsFields } from './BoundsFields.tsx'
import { NumberField, TextField } from './Field.tsx'
import { Fold } from './Fold.tsx'
import local from './form.module.css'
import { newRequest } from './parts/request.ts'
import type { ServicePartProps } from './ServiceFields.tsx'

export function RequestFields({ form, path, service: { requests } }: ServicePartProps) {
  const { t } = useTranslation()
  const list = `${path}.requests`
  const names = requests.map(({ name }) => name).filter((name) => name !== '')
  return (
    <Fold form={form} title={t('form.requests')} summary={names.join(', ') || t('form.none')} paths={[list]}>
      <p className={local.hint}>{t('form.requests-hint')}</p>
      {requests.map((request, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity but their place; the form's paths are by place.
        <div key={index} className={classes.fields}>
          <TextField form={form} path={`${list}.${index}.name`} span={4} label={t('form.name')} required />
          <TextField
            form={form}
            path={`${list}.${index}.path`}
            span={6}
            label={t('form.request-path')}
            placeholder="/api/v1/orders?limit=1"
            required
          />
          <div data-span="2" className={local.besideInput}>
            <Button
              variant="subtle"
              aria-label={t('form.remove-item', { name: request.name || t('form.request') })}
              onClick={() => form.removeListItem(list, index)}
            >
              {t('form.remove')}
            </Button>
          </div>
          <NumberField
            form={form}
            path={`${list}.${index}.every`}
            span={3}
            label={t('form.every')}
            min={15}
          />
          <NumberField
            form={form}
            path={`${list}.${index}.status`}
            span={3}
            label={t('form.request-status')}
            placeholder="2xx"
          />
          <TextField
            form={form}
            path={`${list}.${index}.json`}
            span={6}
            label={t('form.request-json')}
            placeholder="/queue/depth"
          />
          <BoundsFields form={form} path={`${list}.${index}`} />
        </div>
      ))}
      <div>
        <Button variant="default" onClick={() => form.insertListItem(list, newRequest())}>
          {t('form.request-add')}
        </Button>
      </div>
    </Fold>
  )
}
