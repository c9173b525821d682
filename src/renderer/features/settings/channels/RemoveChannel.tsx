/** Removes a channel after asking: what waits for it goes with it. */
import { useTranslation } from 'react-i18next'
import { useClient, useKeys } from '../../../client/console.tsx'
import { RemoveButton } from '../RemoveButton.tsx'

export function RemoveChannel({ name, waiting }: { name: string; waiting: number }) {
  const { t } = useTranslation()
  const client = useClient()
  const keys = useKeys()
  return (
    <RemoveButton
      label={t('channels.remove')}
      longLabel={t('channels.remove-name', { name })}
      title={t('channels.remove-title', { name })}
      text={waiting > 0 ? t('channels.remove-waiting', { count: waiting }) : t('channels.remove-text')}
      remove={() => client.channels.remove({ name })}
      listed={keys.channels}
    />
  )
}
