/** Limits that override the catalogue's. */
import { Select } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { LIMITS, type Limit } from '#shared/catalogue/limits.ts'
import classes from '../settings.module.css'
import { NumberField } from './Field.tsx'
import { ListFields } from './ListFields.tsx'
import { newLimit } from './parts/limit.ts'
import type { DeploymentFormState } from './use-deployment-form.ts'

const METRICS = Object.keys(LIMITS)
const CATALOGUE: Readonly<Record<string, Limit>> = LIMITS

export function LimitFields({ form }: { form: DeploymentFormState }) {
  const { t } = useTranslation()
  const { limits } = form.getValues()
  const used = new Set(limits.map(({ metric }) => metric))
  return (
    <ListFields
      legend={t('form.limits')}
      hint={t('form.limits-hint')}
      nameItem={(index) => t('form.limit-item', { number: index + 1 })}
      addLabel={t('form.limit-add')}
      atMost={METRICS.length}
      onAdd={() => form.insertListItem('limits', newLimit())}
      onRemove={(index) => form.removeListItem('limits', index)}
      items={limits.map(({ metric }, index) => {
        const path = `limits.${index}`
        return (
          <div key={path} className={classes.fields}>
            <div data-span="6">
              <Select
                label={t('form.metric')}
                searchable
                data={METRICS.filter((name) => name === metric || !used.has(name))}
                {...form.getInputProps(`${path}.metric`)}
              />
            </div>
            {(['warning', 'critical'] as const).map((severity) => (
              <NumberField
                key={severity}
                form={form}
                path={`${path}.${severity}`}
                span={3}
                label={t(`form.limit-${severity}`)}
                placeholder={CATALOGUE[metric]?.[severity]?.toString() ?? t('form.none')}
              />
            ))}
          </div>
        )
      })}
    />
  )
}
