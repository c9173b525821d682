/** A time zone by its name, found by typing a part of it. */
import { Select } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { ownZone } from '../../../components/own-zone.ts'

export function ZoneField<Draft>({ form, path }: { form: UseFormReturnType<Draft>; path: string }) {
  const { t } = useTranslation()
  const input = form.getInputProps(path)
  const chosen = String(input.value)
  // A name that this browser does not list is one all the same.
  const zones = useMemo(
    () => [...new Set([chosen, ownZone(), 'UTC', ...Intl.supportedValuesOf('timeZone')])].filter(Boolean),
    [chosen],
  )
  return (
    <div data-span="4">
      <Select
        label={t('watch.zone')}
        data={zones}
        searchable
        limit={60}
        allowDeselect={false}
        required
        {...input}
      />
    </div>
  )
}
