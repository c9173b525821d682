/** Which deployments a rule is for, where it is told, and what to do about it. */
import { MultiSelect, TagsInput, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../../client/console.tsx'
import { useFleet } from '../../../client/live.ts'
import type { FieldsProps } from './ConditionFields.tsx'
import classes from './rules.module.css'

export function ScopeFields({ form, faults: { fields } }: FieldsProps) {
  const { t } = useTranslation()
  const fleet = useFleet({ subscribed: false })
  const channels = useQuery(useApi().channels.list.queryOptions())
  const { deployments, channels: chosen } = form.getValues()
  // Those that are gone are shown too: they are what is wrong with it.
  const names = [...new Set([...(fleet.data?.rows.map(({ name }) => name) ?? []), ...deployments])].toSorted()
  const known = [
    ...new Set([...(channels.data?.items.map(({ channel }) => channel.name) ?? []), ...chosen]),
  ].toSorted()
  return (
    <fieldset>
      <legend>{t('rules.whom')}</legend>
      <div className={classes.row}>
        <MultiSelect
          size="xs"
          label={t('rules.deployments')}
          description={t('rules.deployments-hint')}
          data={names}
          searchable
          {...form.getInputProps('deployments')}
          error={fields.deployments}
        />
        <TagsInput
          size="xs"
          label={t('rules.tags')}
          description={t('rules.tags-hint')}
          {...form.getInputProps('tags')}
          error={fields.tags}
        />
      </div>
      <div className={classes.row}>
        <MultiSelect
          size="xs"
          label={t('rules.channels')}
          description={t('rules.channels-hint')}
          data={known}
          {...form.getInputProps('channels')}
          error={fields.channels}
        />
        <TextInput
          label={t('rules.checklist')}
          description={t('rules.checklist-hint')}
          placeholder="https://"
          {...form.getInputProps('checklist')}
          error={fields.checklist}
        />
      </div>
    </fieldset>
  )
}
