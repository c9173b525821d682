/** Headers that are sent with every request to a service. */
import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import classes from '../settings.module.css'
import { TextField } from './Field.tsx'
import { Fold } from './Fold.tsx'
import own from './form.module.css'
import { secretDraft } from './parts/secret.ts'
import { SecretField } from './SecretField.tsx'
import type { ServicePartProps } from './ServiceFields.tsx'

export function HeaderFields({ form, path, service }: ServicePartProps) {
  const { t } = useTranslation()
  const list = `${path}.headers`
  const names = service.headers.map(({ name }) => name).filter((name) => name !== '')
  return (
    <Fold form={form} title={t('form.headers')} summary={names.join(', ') || t('form.none')} paths={[list]}>
      {service.headers.map((header, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity but their place; the form's paths are by place.
        <div key={index} className={classes.fields}>
          <TextField
            form={form}
            path={`${list}.${index}.name`}
            span={4}
            label={t('form.header-name')}
            placeholder="X-Api-Key"
          />
          <div data-span="6">
            <SecretField
              form={form}
              path={`${list}.${index}.content`}
              draft={header.content}
              label={t('form.header-value')}
              hint={t('form.header-value-hint')}
              what={`${service.name || 'service'}-${header.name || 'header'}`}
            />
          </div>
          <div data-span="2" className={own.besideInput}>
            <Button
              variant="subtle"
              aria-label={t('form.remove-item', { name: header.name || t('form.header-name') })}
              onClick={() => form.removeListItem(list, index)}
            >
              {t('form.remove')}
            </Button>
          </div>
        </div>
      ))}
      <div>
        <Button
          variant="default"
          onClick={() => form.insertListItem(list, { name: '', content: secretDraft() })}
        >
          {t('form.header-add')}
        </Button>
      </div>
    </Fold>
  )
}
