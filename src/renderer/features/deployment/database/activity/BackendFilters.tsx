/** What narrows the backends down: text, state, user, application. */
import { Select } from '@mantine/core'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Backend } from '#shared/model/database/activity.ts'
import { FilterField } from '../../../../shell/FilterField.tsx'
import classes from './backends.module.css'
import { type BackendFilter, valuesOf } from './backends.ts'

interface Props {
  readonly backends: readonly Backend[]
  readonly filter: BackendFilter
  readonly onFilter: (filter: BackendFilter) => void
}

export function BackendFilters({ backends, filter, onFilter }: Props) {
  const { t } = useTranslation()
  const clear = { 'aria-label': t('database.clear-filter') }
  const states = useMemo(() => valuesOf(backends, 'state'), [backends])
  return (
    <search className={classes.filters}>
      <FilterField
        className={classes.filterText}
        label={t('database.filter')}
        clearLabel={clear['aria-label']}
        value={filter.text}
        onText={(text) => onFilter({ ...filter, text })}
      />
      <Select
        className={classes.filterChoice}
        value={filter.state}
        onChange={(state) => onFilter({ ...filter, state: state ?? 'all' })}
        data={[
          { value: 'busy', label: t('database.state-busy') },
          { value: 'all', label: t('database.state-all') },
          ...states.map((state) => ({ value: state, label: state })),
        ]}
        aria-label={t('database.filter-state')}
        allowDeselect={false}
      />
      {(['user', 'application'] as const).map((one) => (
        <Values key={one} field={one} backends={backends} filter={filter} onFilter={onFilter} />
      ))}
    </search>
  )
}

function Values({ field, backends, filter, onFilter }: Props & { field: 'user' | 'application' }) {
  const { t } = useTranslation()
  const values = useMemo(() => valuesOf(backends, field), [backends, field])
  return (
    <Select
      className={classes.filterChoice}
      value={filter[field]}
      onChange={(value) => onFilter({ ...filter, [field]: value })}
      data={values}
      placeholder={t(`database.any-${field}`)}
      aria-label={t(`database.any-${field}`)}
      clearButtonProps={{ 'aria-label': t('database.clear-filter') }}
      limit={100}
      searchable
      clearable
    />
  )
}
