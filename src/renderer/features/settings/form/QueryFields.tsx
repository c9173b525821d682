/** What else is asked of a PostgreSQL, in the profile's own words. */
import { Button, Textarea } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import classes from '../settings.module.css'
import { BoundsFields } from './BoundsFields.tsx'
import { NumberField, TextField } from './Field.tsx'
import { Fold } from './Fold.tsx'
import local from './form.module.css'
import type { PostgresDraft } from './parts/postgres.ts'
import { newQuery } from './parts/query.ts'
import type { DeploymentFormState } from './use-deployment-form.ts'

interface Props {
  readonly form: DeploymentFormState
  /** Of the PostgreSQL. */
  readonly path: string
  readonly postgres: PostgresDraft
}

export function QueryFields({ form, path, postgres: { queries } }: Props) {
  const { t } = useTranslation()
  const list = `${path}.queries`
  const names = queries.map(({ name }) => name).filter((name) => name !== '')
  return (
    <Fold form={form} title={t('form.queries')} summary={names.join(', ') || t('form.none')} paths={[list]}>
      <p className={local.hint}>{t('form.queries-hint')}</p>
      {queries.map((query, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity but their place; the form's paths are by place.
        <div key={index} className={classes.fields}>
          <TextField form={form} path={`${list}.${index}.name`} span={4} label={t('form.name')} required />
          <TextField
            form={form}
            path={`${list}.${index}.by`}
            span={3}
            label={t('form.query-by')}
            placeholder={t('form.optional')}
          />
          <NumberField
            form={form}
            path={`${list}.${index}.every`}
            span={3}
            label={t('form.every')}
            min={15}
          />
          <div data-span="2" className={local.besideInput}>
            <Button
              variant="subtle"
              aria-label={t('form.remove-item', { name: query.name || t('form.query') })}
              onClick={() => form.removeListItem(list, index)}
            >
              {t('form.remove')}
            </Button>
          </div>
          <div data-span="12">
            <Textarea
              label="SQL"
              autosize
              minRows={2}
              maxRows={12}
              spellCheck={false}
              required
              placeholder="SELECT status, count(*) FROM orders GROUP BY status"
              {...form.getInputProps(`${list}.${index}.sql`)}
            />
          </div>
          <BoundsFields form={form} path={`${list}.${index}`} />
        </div>
      ))}
      <div>
        <Button variant="default" onClick={() => form.insertListItem(list, newQuery())}>
          {t('form.query-add')}
        </Button>
      </div>
    </Fold>
  )
}
