/** Where the lines of a rule are, and how urgent it is beyond each. */
import { Button, NumberInput, Select } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { MetricUnit } from '#shared/catalogue/metrics.ts'
import { SEVERITIES } from '#shared/catalogue/severities.ts'
import { useQuantity } from '../../../components/useQuantity.ts'
import type { FieldsProps } from './ConditionFields.tsx'
import classes from './rules.module.css'

export function LevelFields({ form, faults: { fields }, unit }: FieldsProps & { unit: MetricUnit | null }) {
  const { t } = useTranslation()
  const { text } = useQuantity()
  const { levels } = form.getValues()
  const next = SEVERITIES[SEVERITIES.indexOf(levels.at(-1)?.severity ?? 'INFO') + 1]
  // What a figure means is said where its unit is not that of the field.
  const read = (value: number | string) => (unit === null || value === '' ? null : text(Number(value), unit))
  return (
    <fieldset>
      <legend>{t('rules.levels')}</legend>
      {levels.map((level, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a level is its place among them.
        <div key={index} className={classes.row}>
          <Select
            label={t('rules.severity')}
            data={SEVERITIES.map((value) => ({ value, label: t(`severity.${value}`) }))}
            allowDeselect={false}
            {...form.getInputProps(`levels.${index}.severity`)}
            error={fields[`levels.${index}.severity`]}
          />
          {(['threshold', 'clear'] as const).map((line) => (
            <NumberInput
              key={line}
              label={t(`rules.${line}`)}
              description={read(level[line]) ?? '\u00a0'}
              hideControls
              {...form.getInputProps(`levels.${index}.${line}`)}
              error={fields[`levels.${index}.${line}`]}
            />
          ))}
          {levels.length > 1 && (
            <Button
              variant="subtle"
              size="compact-xs"
              className={classes.beside}
              aria-label={t('rules.level-remove', { severity: t(`severity.${level.severity}`) })}
              onClick={() => form.removeListItem('levels', index)}
            >
              {t('rules.remove')}
            </Button>
          )}
        </div>
      ))}
      {next !== undefined && (
        <Button
          variant="default"
          size="compact-xs"
          onClick={() => form.insertListItem('levels', { severity: next, threshold: '', clear: '' })}
        >
          {t('rules.level-add')}
        </Button>
      )}
    </fieldset>
  )
}
