/** How a channel over HTTP is reached, where that is not straight: headers, a proxy, and TLS of its own. */
import type { UseFormReturnType } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import { Fold } from '../form/Fold.tsx'
import { HeaderFields } from '../form/HeaderFields.tsx'
import { ProxyInputs } from '../form/ProxyInputs.tsx'
import { TlsFields } from '../form/TlsFields.tsx'
import classes from '../settings.module.css'
import { type ChannelDraft, HAS_HEADERS, HAS_PROXY } from './draft.ts'

export function WayFields({ form }: { form: UseFormReturnType<ChannelDraft> }) {
  const { t } = useTranslation()
  const { kind, name, tls, headers, proxy } = form.getValues()
  return (
    <div>
      {HAS_HEADERS.has(kind) && (
        <HeaderFields form={form} path="headers" headers={headers} what={name === '' ? kind : null} />
      )}
      {HAS_PROXY.has(kind) && (
        <Fold
          form={form}
          title={t('form.proxy')}
          summary={proxy.url === '' ? t('form.proxy-none') : proxy.url}
          paths={['proxy']}
        >
          <div className={classes.fields}>
            <ProxyInputs
              form={form}
              path="proxy"
              proxy={proxy}
              hint={t('channels.proxy-hint')}
              what="proxy-password"
            />
          </div>
        </Fold>
      )}
      <TlsFields form={form} path="tls" tls={tls} what={name || kind} />
    </div>
  )
}
