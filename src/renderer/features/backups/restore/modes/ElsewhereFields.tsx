/** Which deployment's server a database is restored to, and what it is called there. */
import { NativeSelect, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useFleet } from '../../../../client/live.ts'
import type { ModeFieldsProps } from './mode.ts'

/** Of PostgreSQL, in bytes; what has other letters is judged by the plan. */
const LONGEST_NAME = 63

export function ElsewhereFields({ backup, draft, onChange }: ModeFieldsProps) {
  const { t } = useTranslation()
  const { data } = useFleet()
  const names = (data?.rows ?? [])
    .map(({ name, environment }) => ({ value: name, label: `${name} · ${t(`environment.${environment}`)}` }))
    .sort((a, b) => a.value.localeCompare(b.value))
  return (
    <>
      <NativeSelect
        size="xs"
        label={t('backups.restore-target')}
        description={t('backups.restore-target-means', { deployment: backup.deployment })}
        data={[{ value: '', label: t('backups.restore-target-none') }, ...names]}
        value={draft.target}
        onChange={(event) => onChange({ target: event.currentTarget.value })}
      />
      <TextInput
        label={t('backups.restore-as')}
        description={t('backups.restore-as-means', { database: draft.database })}
        placeholder={draft.database}
        value={draft.as}
        maxLength={LONGEST_NAME}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => onChange({ as: event.currentTarget.value })}
      />
    </>
  )
}
