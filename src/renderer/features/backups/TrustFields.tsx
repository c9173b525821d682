/** Where a key is that is not this console's own, and that the origin of what is run is trusted. */
import { Checkbox, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { isKeyRight, type Trust } from './trust.ts'

interface Props {
  readonly trust: Trust
  /** What is trusted, and with whose rights it is run. */
  readonly label: string
  readonly onChange: (trust: Trust) => void
}

export function TrustFields({ trust, label, onChange }: Props) {
  const { t } = useTranslation()
  const { another, key } = trust
  return (
    <>
      <TextInput
        label={t('backups.restore-key')}
        description={t('backups.restore-key-means')}
        placeholder="secret:…"
        value={key}
        autoComplete="off"
        spellCheck={false}
        error={isKeyRight(key) ? undefined : t('backups.restore-key-bad')}
        onChange={(event) => onChange({ ...trust, key: event.currentTarget.value })}
      />
      <Checkbox
        size="xs"
        label={label}
        checked={another}
        onChange={(event) => onChange({ ...trust, another: event.currentTarget.checked })}
      />
    </>
  )
}
