/** Removes a secret after asking; one that is in use is refused by the console, and the reason is shown. */
import { useTranslation } from 'react-i18next'
import { useClient, useKeys } from '../../../client/console.tsx'
import { RemoveButton } from '../RemoveButton.tsx'

export function RemoveSecret({ name, usedBy }: { name: string; usedBy: readonly string[] }) {
  const { t } = useTranslation()
  const client = useClient()
  const keys = useKeys()
  const isUsed = usedBy.length > 0
  return (
    <RemoveButton
      label={t('secrets.remove')}
      longLabel={t('secrets.remove-name', { name })}
      title={t('secrets.remove-title', { name })}
      text={isUsed ? t('secrets.remove-used', { deployments: usedBy.join(', ') }) : t('secrets.remove-text')}
      disabled={isUsed}
      remove={() => client.secrets.remove({ name })}
      listed={keys.secrets}
    />
  )
}
