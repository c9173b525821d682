/** The address of a proxy, and the password that it asks for. */
import { useTranslation } from 'react-i18next'
import { TextField } from './Field.tsx'
import type { FormState } from './form-state.ts'
import type { ProxyDraft } from './parts/proxy.ts'
import { SecretField } from './SecretField.tsx'

interface Props {
  readonly form: FormState
  /** Of the proxy in the form. */
  readonly path: string
  readonly proxy: ProxyDraft
  readonly hint: string
  /** What its password is called in the vault. */
  readonly what: string
}

export function ProxyInputs({ form, path, proxy, hint, what }: Props) {
  const { t } = useTranslation()
  return (
    <>
      <TextField
        form={form}
        path={`${path}.url`}
        span={6}
        label={t('form.proxy')}
        description={hint}
        placeholder="http://proxy.internal:3128"
      />
      <div data-span="6">
        <SecretField
          form={form}
          path={`${path}.password`}
          draft={proxy.password}
          label={t('form.proxy-password')}
          what={what}
        />
      </div>
    </>
  )
}
