/** The proxy on the way to a service, and which of its redirects are followed. */
import { useTranslation } from 'react-i18next'
import classes from '../settings.module.css'
import { Choice } from './Choice.tsx'
import { TextField } from './Field.tsx'
import { Fold } from './Fold.tsx'
import { REDIRECTS } from './parts/service.ts'
import { SecretField } from './SecretField.tsx'
import type { ServicePartProps } from './ServiceFields.tsx'

export function ProxyFields({ form, path, service }: ServicePartProps) {
  const { t } = useTranslation()
  const { proxy, redirects } = service
  const said = [
    proxy.url === '' ? t('form.proxy-none') : proxy.url,
    t(`form.redirects-${redirects}-said`),
  ].join(' · ')
  return (
    <Fold
      form={form}
      title={t('form.proxy-and-redirects')}
      summary={said}
      paths={[`${path}.proxy`, `${path}.redirects`]}
    >
      <div className={classes.fields}>
        <TextField
          form={form}
          path={`${path}.proxy.url`}
          span={6}
          label={t('form.proxy')}
          description={t('form.proxy-hint')}
          placeholder="http://proxy.internal:3128"
        />
        <div data-span="6">
          <SecretField
            form={form}
            path={`${path}.proxy.password`}
            draft={proxy.password}
            label={t('form.proxy-password')}
            what={`${service.name || 'service'}-proxy-password`}
          />
        </div>
        <Choice
          form={form}
          path={`${path}.redirects`}
          label={t('form.redirects')}
          options={REDIRECTS.map((value) => ({ value, label: t(`form.redirects-${value}`) }))}
          hint={t(`form.redirects-${redirects}-hint`)}
        />
      </div>
    </Fold>
  )
}
