/** What a rule watches: of one of the catalogue in words, of somebody's own to be chosen. */
import { MultiSelect, NumberInput, SegmentedControl, Select, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { OWN_KINDS, type Rule, type RuleDraft } from './draft.ts'
import type { Faults } from './faults.ts'
import { useRuleWords } from './rule-words.ts'
import classes from './rules.module.css'
import { metricsFor } from './unit.ts'

export interface FieldsProps {
  readonly form: UseFormReturnType<RuleDraft>
  readonly faults: Faults
}

/** @param rule the one of the catalogue that is set; `null`: one of somebody's own */
export function ConditionFields({ form, faults, rule }: FieldsProps & { rule: Rule | null }) {
  const { t } = useTranslation()
  const words = useRuleWords()
  const kindId = useId()
  const directionId = useId()
  if (rule !== null) return <p className={classes.quiet}>{words.reads(rule)}</p>
  const { kind, metrics } = form.getValues()
  const choices = metricsFor({ kind, metrics })
  const { fields } = faults
  return (
    <fieldset>
      <TextInput label={t('rules.title')} required {...form.getInputProps('title')} error={fields.title} />
      <div>
        <span id={kindId} className={classes.label}>
          {t('rules.kind')}
        </span>
        <SegmentedControl
          size="xs"
          aria-labelledby={kindId}
          data={OWN_KINDS.map((value) => ({ value, label: t(`rules.kind-${value}`) }))}
          {...form.getInputProps('kind')}
        />
      </div>
      {kind === 'metrics' ? (
        <MultiSelect
          size="xs"
          label={t('rules.metrics')}
          description={t('rules.metrics-hint')}
          data={choices}
          searchable
          required
          maxValues={5}
          {...form.getInputProps('metrics')}
          error={fields.metrics}
        />
      ) : (
        <div className={classes.row}>
          <Select
            label={t('rules.metric')}
            data={choices}
            searchable
            required
            {...form.getInputProps('metric')}
            error={fields.metric}
          />
          {kind !== 'absence' && (
            <NumberInput
              label={t('rules.window')}
              {...form.getInputProps('windowSeconds')}
              error={fields.windowSeconds}
            />
          )}
          {kind === 'forecast' && (
            <NumberInput label={t('rules.limit')} {...form.getInputProps('limit')} error={fields.limit} />
          )}
        </div>
      )}
      <div>
        <span id={directionId} className={classes.label}>
          {t('rules.direction')}
        </span>
        <SegmentedControl
          size="xs"
          aria-labelledby={directionId}
          data={(['above', 'below'] as const).map((value) => ({
            value,
            label: t(`rules.direction-${value}`),
          }))}
          {...form.getInputProps('direction')}
        />
      </div>
    </fieldset>
  )
}
