/** Metrics of others than the services: where they are, and which of them are kept. */
import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import classes from '../settings.module.css'
import { BoundsFields } from './BoundsFields.tsx'
import { NumberField, TextField } from './Field.tsx'
import own from './form.module.css'
import { ListFields } from './ListFields.tsx'
import { type ExpositionDraft, newExposition, newKeptMetric } from './parts/exposition.ts'
import { ScrapeFields } from './ScrapeFields.tsx'
import type { DeploymentFormState } from './use-deployment-form.ts'

export function ExpositionFields({ form }: { form: DeploymentFormState }) {
  const { t } = useTranslation()
  const { expositions } = form.getValues()
  return (
    <ListFields
      legend={t('form.expositions')}
      hint={t('form.expositions-hint')}
      nameItem={(index) => t('form.exposition-item', { number: index + 1 })}
      addLabel={t('form.exposition-add')}
      atMost={20}
      onAdd={() => form.insertListItem('expositions', newExposition())}
      onRemove={(index) => form.removeListItem('expositions', index)}
      items={expositions.map((exposition, index) => {
        const path = `expositions.${index}`
        return (
          <div key={path} className={classes.stack}>
            <div className={classes.fields}>
              <TextField form={form} path={`${path}.name`} span={4} label={t('form.name')} required />
              <ScrapeFields
                form={form}
                path={path}
                source={exposition}
                what={exposition.name || 'metrics'}
                example="http://10.0.0.5:9187/metrics"
              />
            </div>
            <KeptMetrics form={form} path={`${path}.keep`} keep={exposition.keep} />
          </div>
        )
      })}
    />
  )
}

interface KeptProps {
  readonly form: DeploymentFormState
  readonly path: string
  readonly keep: ExpositionDraft['keep']
}

function KeptMetrics({ form, path, keep }: KeptProps) {
  const { t } = useTranslation()
  return (
    <>
      {keep.map((one, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity but their place; the form's paths are by place.
        <div key={index} className={classes.fields}>
          <TextField
            form={form}
            path={`${path}.${index}.metric`}
            span={4}
            label={t('form.kept-metric')}
            placeholder="celery_queue_length"
            required
          />
          <TextField
            form={form}
            path={`${path}.${index}.by`}
            span={3}
            label={t('form.kept-by')}
            placeholder={t('form.optional')}
          />
          <NumberField
            form={form}
            path={`${path}.${index}.most`}
            span={3}
            label={t('form.kept-most')}
            min={1}
            max={50}
          />
          <div data-span="2" className={own.besideInput}>
            <Button
              variant="subtle"
              aria-label={t('form.remove-item', { name: one.metric || t('form.kept-metric') })}
              onClick={() => form.removeListItem(path, index)}
            >
              {t('form.remove')}
            </Button>
          </div>
          <BoundsFields form={form} path={`${path}.${index}`} />
        </div>
      ))}
      {keep.length < 30 && (
        <div>
          <Button variant="default" onClick={() => form.insertListItem(path, newKeptMetric())}>
            {t('form.kept-add')}
          </Button>
        </div>
      )}
    </>
  )
}
