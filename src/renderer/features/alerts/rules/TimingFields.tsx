/** How many looks it takes, and how long the same is not said again. */
import { NumberInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { FieldsProps } from './ConditionFields.tsx'
import classes from './rules.module.css'

export function TimingFields({ form, faults: { fields } }: FieldsProps) {
  const { t } = useTranslation()
  return (
    <fieldset>
      <legend>{t('rules.timing')}</legend>
      <div className={classes.row}>
        <NumberInput
          label={t('rules.fire-after')}
          min={1}
          {...form.getInputProps('fireAfter')}
          error={fields.fireAfter}
        />
        <NumberInput
          label={t('rules.clear-after')}
          min={1}
          {...form.getInputProps('clearAfter')}
          error={fields.clearAfter}
        />
        <NumberInput
          label={t('rules.cooldown')}
          min={0}
          {...form.getInputProps('cooldownSeconds')}
          error={fields.cooldownSeconds}
        />
      </div>
      <p className={classes.quiet}>{t('rules.cooldown-hint')}</p>
    </fieldset>
  )
}
