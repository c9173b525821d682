/** How a service is told who asks: not at all, by a token, by user and password, or by OAuth 2.0. */
import { useTranslation } from 'react-i18next'
import { Choice } from './Choice.tsx'
import { TextField } from './Field.tsx'
import { AUTHORIZATIONS, OAUTH2_STYLES } from './parts/service.ts'
import { SecretField } from './SecretField.tsx'
import type { ServicePartProps } from './ServiceFields.tsx'
import { TokenOrBasic } from './TokenOrBasic.tsx'

export function AuthorizationFields({ form, path, service }: ServicePartProps) {
  const { t } = useTranslation()
  const what = service.name || 'service'
  const { authorization } = service
  return (
    <>
      <Choice
        form={form}
        path={`${path}.authorization`}
        label={t('form.authorization')}
        options={AUTHORIZATIONS.map((value) => ({ value, label: t(`form.authorization-${value}`) }))}
      />
      <TokenOrBasic form={form} path={path} part={service} what={what} />
      {authorization === 'oauth2' && (
        <>
          <TextField
            form={form}
            path={`${path}.oauth2.tokenUrl`}
            span={6}
            label={t('form.oauth2-token')}
            description={t('form.oauth2-token-hint')}
            placeholder="/oauth/token"
            required
          />
          <TextField
            form={form}
            path={`${path}.oauth2.scope`}
            span={6}
            label={t('form.oauth2-scope')}
            description={t('form.optional')}
          />
          <TextField
            form={form}
            path={`${path}.oauth2.clientId`}
            span={6}
            label={t('form.oauth2-client')}
            required
          />
          <div data-span="6">
            <SecretField
              form={form}
              path={`${path}.oauth2.clientSecret`}
              draft={service.oauth2.clientSecret}
              label={t('form.oauth2-secret')}
              what={`${what}-client-secret`}
              required
            />
          </div>
          <Choice
            form={form}
            path={`${path}.oauth2.style`}
            label={t('form.oauth2-style')}
            options={OAUTH2_STYLES.map((value) => ({ value, label: t(`form.oauth2-style-${value}`) }))}
            hint={t(`form.oauth2-style-${service.oauth2.style}-hint`)}
          />
        </>
      )}
    </>
  )
}
