/** What narrows the fleet down: text, status, environment. */
import { Select } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { ENVIRONMENTS } from '#shared/catalogue/environments.ts'
import { badness, STATUSES } from '#shared/catalogue/statuses.ts'
import { FLEET_GROUPS, FLEET_SORTS, type FleetView } from '#shared/contract/console.ts'
import { FilterField } from '../../shell/FilterField.tsx'
import classes from './fleet.module.css'

interface FleetFiltersProps {
  readonly view: FleetView
  /** Every tag that some deployment has. */
  readonly tags: readonly string[]
  readonly onView: (change: Partial<FleetView>) => void
}

export function FleetFilters({ view, tags, onView }: FleetFiltersProps) {
  const { t } = useTranslation()

  // One that nothing has any more is still what the list is narrowed down by.
  const choices = view.tag === null || tags.includes(view.tag) ? tags : [...tags, view.tag]
  const worstFirst = [...STATUSES].sort((a, b) => badness(b) - badness(a))
  return (
    <search className={classes.filters} data-wide={choices.length > 0 || undefined}>
      <FilterField
        className={classes.text}
        label={t('fleet.filter')}
        clearLabel={t('fleet.clear-filters')}
        value={view.text}
        onText={(text) => onView({ text })}
      />
      <Select
        className={classes.select}
        value={view.status}
        onChange={(status) => onView({ status: status as FleetView['status'] })}
        data={[
          { value: 'attention', label: t('fleet.needs-attention') },
          ...worstFirst.map((value) => ({ value, label: t(`status.${value}`) })),
        ]}
        placeholder={t('fleet.filter-status')}
        aria-label={t('fleet.filter-status')}
        clearButtonProps={{ 'aria-label': t('fleet.clear-filters') }}
        clearable
      />
      <Select
        className={classes.select}
        value={view.environment}
        onChange={(environment) => onView({ environment: environment as FleetView['environment'] })}
        data={ENVIRONMENTS.map((value) => ({ value, label: t(`environment.${value}`) }))}
        placeholder={t('fleet.filter-environment')}
        aria-label={t('fleet.filter-environment')}
        clearButtonProps={{ 'aria-label': t('fleet.clear-filters') }}
        clearable
      />
      {choices.length > 0 && (
        <Select
          className={classes.select}
          value={view.tag}
          onChange={(tag) => onView({ tag })}
          data={choices}
          placeholder={t('fleet.filter-tag')}
          aria-label={t('fleet.filter-tag')}
          clearButtonProps={{ 'aria-label': t('fleet.clear-filters') }}
          limit={100}
          searchable
          clearable
        />
      )}
      <Select
        className={classes.select}
        value={view.sort}
        onChange={(sort) => onView({ sort: (sort ?? 'badness') as FleetView['sort'] })}
        data={FLEET_SORTS.map((value) => ({
          value,
          label:
            value === 'badness' || value === 'name'
              ? t(`fleet.sort-${value}`)
              : t('fleet.sort-metric', { metric: t(`fleet.column-${value}`) }),
        }))}
        aria-label={t('fleet.sort')}
        allowDeselect={false}
      />
      <Select
        className={classes.select}
        value={view.group}
        onChange={(group) => onView({ group: (group ?? 'none') as FleetView['group'] })}
        data={FLEET_GROUPS.filter((one) => one !== 'tag' || tags.length > 0 || view.group === one).map(
          (value) => ({ value, label: t(`fleet.group-${value}`) }),
        )}
        aria-label={t('fleet.group')}
        allowDeselect={false}
      />
    </search>
  )
}
