/** Chooses the time that is handed over: a shift that ends now, or from one moment to another. */
import { SegmentedControl } from '@mantine/core'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { MomentField } from '../../../components/MomentField.tsx'
import classes from './handover.module.css'
import { endingAt, LENGTHS, type Length, type Period } from './period.ts'

export type Choice = Length | 'own'

interface Props {
  readonly choice: Choice
  readonly period: Period
  readonly onChange: (choice: Choice, period: Period) => void
}

export function PeriodBar({ choice, period, onChange }: Props) {
  const { t } = useTranslation()
  const id = useId()
  const lengths = Object.keys(LENGTHS) as Length[]
  const isBackwards = period.from >= period.to
  return (
    <div className={classes.period}>
      <span id={id} className={classes.label}>
        {t('handover.period')}
      </span>
      <SegmentedControl
        size="xs"
        aria-labelledby={id}
        data={[...lengths, 'own' as const].map((value) => ({ value, label: t(`handover.period-${value}`) }))}
        value={choice}
        onChange={(value) => onChange(value, value === 'own' ? period : endingAt(value, Date.now()))}
      />
      {choice === 'own' && (
        <>
          {(['from', 'to'] as const).map((end) => (
            <span key={end} className={classes.moment}>
              <span aria-hidden="true">{t(`handover.${end}`)}</span>
              <MomentField
                label={t(`handover.${end}`)}
                at={period[end]}
                onMoment={(at) => onChange('own', { ...period, [end]: at })}
              />
            </span>
          ))}
          {isBackwards && (
            <span role="alert" className={classes.failed}>
              {t('handover.backwards')}
            </span>
          )}
        </>
      )}
    </div>
  )
}
