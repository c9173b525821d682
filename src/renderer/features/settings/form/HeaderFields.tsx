/** Headers that are sent with every request. */
import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import classes from '../settings.module.css'
import { TextField } from './Field.tsx'
import { Fold } from './Fold.tsx'
import own from './form.module.css'
import type { FormState } from './form-state.ts'
import { type HeaderDraft, newHeader } from './parts/headers.ts'
import { SecretField } from './SecretField.tsx'

interface Props {
  readonly form: FormState & {
    insertListItem(path: string, item: unknown): void
    removeListItem(path: string, index: number): void
  }
  /** Of the list in the form. */
  readonly path: string
  readonly headers: readonly HeaderDraft[]
  /** What they are of, for the names of their secrets beside the form's own; `null`: that alone says it. */
  readonly what: string | null
}

export function HeaderFields({ form, path: list, headers, what }: Props) {
  const { t } = useTranslation()
  const names = headers.map(({ name }) => name).filter((name) => name !== '')
  return (
    <Fold form={form} title={t('form.headers')} summary={names.join(', ') || t('form.none')} paths={[list]}>
      {headers.map((header, index) => (
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
              what={[what, header.name || 'header'].filter(Boolean).join('-')}
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
        <Button variant="default" onClick={() => form.insertListItem(list, newHeader())}>
          {t('form.header-add')}
        </Button>
      </div>
    </Fold>
  )
}
