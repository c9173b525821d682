/** The fields of a token, or of user and password, whichever of the two is chosen. */
import { useTranslation } from 'react-i18next'
import { TextField } from './Field.tsx'
import type { ScrapeDraft } from './parts/scrape.ts'
import type { Authorization } from './parts/service.ts'
import { SecretField } from './SecretField.tsx'
import type { DeploymentFormState } from './use-deployment-form.ts'

interface Props {
  readonly form: DeploymentFormState
  readonly path: string
  readonly part: Pick<ScrapeDraft, 'token' | 'basic'> & { readonly authorization: Authorization }
  /** Part of the names that are proposed for its secrets. */
  readonly what: string
}

export function TokenOrBasic({ form, path, part, what }: Props) {
  const { t } = useTranslation()
  return (
    <>
      {part.authorization === 'token' && (
        <div data-span="6">
          <SecretField
            form={form}
            path={`${path}.token`}
            draft={part.token}
            label={t('form.token')}
            what={`${what}-token`}
            required
          />
        </div>
      )}
      {part.authorization === 'basic' && (
        <>
          <TextField form={form} path={`${path}.basic.user`} span={6} label={t('form.user')} required />
          <div data-span="6">
            <SecretField
              form={form}
              path={`${path}.basic.password`}
              draft={part.basic.password}
              label={t('form.password')}
              what={`${what}-password`}
              required
            />
          </div>
        </>
      )}
    </>
  )
}
