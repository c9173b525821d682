/** When something is begun by itself: never, or again and again by the clock of a place. */
import { Checkbox, NativeSelect } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { weekdays } from '../../alerts/watch/windows/weekdays.ts'
import { ZoneField } from '../../alerts/watch/ZoneField.tsx'
import classes from '../settings.module.css'
import { Choice } from './Choice.tsx'
import { NumberField, TextField } from './Field.tsx'
import own from './form.module.css'
import type { ClockDraft } from './parts/clock.ts'
import type { DeploymentFormState } from './use-deployment-form.ts'

interface Props {
  readonly form: DeploymentFormState
  /** Of the schedule. */
  readonly path: string
  readonly clock: ClockDraft
  readonly label: string
}

const KINDS = ['none', 'daily', 'weekly', 'monthly'] as const
const WEEKS = [1, 2, 3, 4, 'last'] as const

export function ClockFields({ form, path, clock: { kind, by }, label }: Props) {
  const { t, i18n } = useTranslation()
  const dayOptions = (width: 'short' | 'long') =>
    weekdays(i18n.language, width).map((name, index) => ({ value: String(index + 1), label: name }))
  return (
    <div className={classes.fields}>
      <Choice
        form={form}
        path={`${path}.kind`}
        label={label}
        options={KINDS.map((value) => ({
          value,
          label: t(value === 'none' ? 'form.by-hand' : `watch.kind-${value}`),
        }))}
      />
      {kind === 'weekly' && (
        <div data-span="12" data-path={`${path}.days`}>
          <Checkbox.Group label={t('watch.days')} {...form.getInputProps(`${path}.days`)}>
            <div className={own.days}>
              {dayOptions('short').map((one) => (
                <Checkbox
                  key={one.value}
                  size="xs"
                  {...one}
                  aria-invalid={form.errors[`${path}.days`] !== undefined}
                />
              ))}
            </div>
          </Checkbox.Group>
        </div>
      )}
      {kind === 'monthly' && (
        <>
          <Choice
            form={form}
            path={`${path}.by`}
            label={t('watch.monthly')}
            options={[
              { value: 'weekday', label: t('watch.by-weekday') },
              { value: 'day', label: t('watch.by-day') },
            ]}
          />
          {by === 'day' ? (
            <NumberField
              form={form}
              path={`${path}.day`}
              span={4}
              label={t('watch.day')}
              description={t('watch.day-hint')}
              min={1}
              max={31}
              allowDecimal={false}
            />
          ) : (
            <>
              <div data-span="4">
                <NativeSelect
                  label={t('watch.week')}
                  data={WEEKS.map((week) => ({
                    value: week === 'last' ? '-1' : String(week),
                    label: t(`watch.week-${week}`),
                  }))}
                  {...form.getInputProps(`${path}.week`)}
                />
              </div>
              <div data-span="4">
                <NativeSelect
                  label={t('watch.weekday')}
                  data={dayOptions('long')}
                  {...form.getInputProps(`${path}.weekday`)}
                />
              </div>
            </>
          )}
        </>
      )}
      {kind !== 'none' && (
        <>
          <TextField
            form={form}
            path={`${path}.times`}
            span={4}
            label={t('form.times')}
            description={t('form.times-hint')}
            placeholder="02:30"
          />
          <ZoneField form={form} path={`${path}.zone`} />
        </>
      )}
    </div>
  )
}
