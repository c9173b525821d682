/** What a silence is for: deployments, rules and severities; whatever is left empty is no matter. */
import { MultiSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { SEVERITIES, type Severity } from '#shared/catalogue/severities.ts'
import type { SilenceMatchers } from '#shared/model/silence.ts'
import { useApi } from '../../../client/console.tsx'
import { useFleet } from '../../../client/live.ts'

interface Props {
  readonly value: SilenceMatchers
  readonly onChange: (value: SilenceMatchers) => void
}

export function MatchersField({ value, onChange }: Props) {
  const { t } = useTranslation()
  const rules = useQuery(useApi().alerts.rules.queryOptions()).data?.items ?? []
  const names = useFleet().data?.rows.map(({ name }) => name) ?? []
  const some = <T,>(chosen: T[]): T[] | null => (chosen.length === 0 ? null : chosen)
  return (
    <>
      <MultiSelect
        size="xs"
        label={t('silence.deployments')}
        placeholder={value.deployments === null ? t('silence.any-deployment') : ''}
        data={[...new Set([...names, ...(value.deployments ?? [])])].sort((a, b) => a.localeCompare(b))}
        value={value.deployments ?? []}
        onChange={(chosen) => onChange({ ...value, deployments: some(chosen) })}
        limit={100}
        searchable
      />
      <MultiSelect
        size="xs"
        label={t('silence.rules')}
        placeholder={value.rules === null ? t('silence.any-rule') : ''}
        data={rules.map(({ id, name }) => ({ value: id, label: name }))}
        value={value.rules ?? []}
        onChange={(chosen) => onChange({ ...value, rules: some(chosen) })}
        searchable
      />
      <MultiSelect
        size="xs"
        label={t('silence.severities')}
        placeholder={value.severities === null ? t('silence.any-severity') : ''}
        data={SEVERITIES.map((one) => ({ value: one, label: t(`severity.${one}`) }))}
        value={value.severities ?? []}
        onChange={(chosen) => onChange({ ...value, severities: some(chosen as Severity[]) })}
      />
    </>
  )
}
