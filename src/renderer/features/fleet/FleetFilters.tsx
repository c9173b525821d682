/** What narrows the fleet down: text, status, environment. */
import { CloseButton, Select, TextInput } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { ENVIRONMENTS } from '#shared/catalogue/environments.ts'
import { badness, STATUSES } from '#shared/catalogue/statuses.ts'
import type { Environment } from '#shared/model/profile/deployment.ts'
import { Kbd } from '../../components/Kbd.tsx'
import { keysAreTaken } from '../../shell/shortcuts.ts'
import classes from './fleet.module.css'
import type { FleetFilter, StatusFilter } from './fleet-rows.ts'

interface FleetFiltersProps {
  readonly filter: FleetFilter
  readonly onFilter: (filter: FleetFilter) => void
}

export function FleetFilters({ filter, onFilter }: FleetFiltersProps) {
  const { t } = useTranslation()
  const field = useRef<HTMLInputElement>(null)

  useEffect(() => {
    function pressed(event: KeyboardEvent) {
      const slash = event.key === '/' || (event.code === 'Slash' && !event.shiftKey)
      if (!slash || event.ctrlKey || event.metaKey || event.altKey || keysAreTaken(event.target)) return
      event.preventDefault()
      field.current?.focus()
    }
    window.addEventListener('keydown', pressed)
    return () => window.removeEventListener('keydown', pressed)
  }, [])

  const worstFirst = [...STATUSES].sort((a, b) => badness(b) - badness(a))
  return (
    <search className={classes.filters}>
      <TextInput
        ref={field}
        className={classes.text}
        value={filter.text}
        onChange={(event) => onFilter({ ...filter, text: event.currentTarget.value })}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onFilter({ ...filter, text: '' })
        }}
        placeholder={t('fleet.filter')}
        aria-label={t('fleet.filter')}
        rightSection={
          filter.text === '' ? (
            <Kbd keys="/" />
          ) : (
            <CloseButton
              size="xs"
              aria-label={t('fleet.clear-filters')}
              onClick={() => onFilter({ ...filter, text: '' })}
            />
          )
        }
      />
      <Select
        className={classes.select}
        value={filter.status}
        onChange={(status) => onFilter({ ...filter, status: status as StatusFilter })}
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
        value={filter.environment}
        onChange={(environment) => onFilter({ ...filter, environment: environment as Environment | null })}
        data={ENVIRONMENTS.map((value) => ({ value, label: t(`environment.${value}`) }))}
        placeholder={t('fleet.filter-environment')}
        aria-label={t('fleet.filter-environment')}
        clearButtonProps={{ 'aria-label': t('fleet.clear-filters') }}
        clearable
      />
    </search>
  )
}
