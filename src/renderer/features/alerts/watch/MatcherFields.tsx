/** Which alerts something is for: deployments, rules and severities; what is left empty is all of them. */
import { MultiSelect } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { SEVERITIES, type Severity } from '#shared/catalogue/severities.ts'
import type { WindowMatchers } from '#shared/model/window.ts'
import { useApi } from '../../../client/console.tsx'

export interface MatchersDraft {
  deployments: string[]
  rules: string[]
  severities: Severity[]
}

export function matchersDraft(matchers: WindowMatchers | null): MatchersDraft {
  return {
    deployments: matchers?.deployments ?? [],
    rules: matchers?.rules ?? [],
    severities: matchers?.severities ?? [],
  }
}

/** As the contract takes them; what has no field is kept. */
export function matchersOf(draft: MatchersDraft, kept: WindowMatchers | null): WindowMatchers {
  const orAll = <T,>(chosen: T[]) => (chosen.length === 0 ? null : chosen)
  return {
    deployments: orAll(draft.deployments),
    rules: orAll(draft.rules),
    severities: orAll(draft.severities),
    labels: kept?.labels ?? null,
  }
}

export function MatcherFields<Draft extends { matchers: MatchersDraft }>({
  form,
}: {
  form: UseFormReturnType<Draft>
}) {
  const { t } = useTranslation()
  const api = useApi()
  const deployments = useQuery(api.deployments.list.queryOptions())
  const rules = useQuery(api.alerts.rules.queryOptions())
  const names = deployments.data?.items.map(({ name }) => name) ?? []
  const chosen = form.getValues().matchers
  const common = { size: 'xs', searchable: true, clearable: true, hidePickedOptions: true } as const
  return (
    <>
      <div data-span="4">
        <MultiSelect
          {...common}
          label={t('watch.deployments')}
          placeholder={chosen.deployments.length === 0 ? t('watch.all') : ''}
          // One that is gone stands there until somebody takes it out.
          data={[...new Set([...names, ...chosen.deployments])]}
          {...form.getInputProps('matchers.deployments')}
        />
      </div>
      <div data-span="4">
        <MultiSelect
          {...common}
          label={t('watch.rules')}
          placeholder={chosen.rules.length === 0 ? t('watch.all') : ''}
          data={(rules.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))}
          {...form.getInputProps('matchers.rules')}
        />
      </div>
      <div data-span="4">
        <MultiSelect
          {...common}
          label={t('watch.severities')}
          placeholder={chosen.severities.length === 0 ? t('watch.all') : ''}
          data={SEVERITIES.map((value) => ({ value, label: t(`severity.${value}`) }))}
          {...form.getInputProps('matchers.severities')}
        />
      </div>
    </>
  )
}
