/** The proxy on the way to a service, and which of its redirects are followed. */
import { useTranslation } from 'react-i18next'
import classes from '../settings.module.css'
import { Choice } from './Choice.tsx'
import { Fold } from './Fold.tsx'
import { ProxyInputs } from './ProxyInputs.tsx'
import { REDIRECTS } from './parts/service.ts'
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
        <ProxyInputs
          form={form}
          path={`${path}.proxy`}
          proxy={proxy}
          hint={t('form.proxy-hint')}
          what={`${service.name || 'service'}-proxy-password`}
        />
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
