/** When a window is: once, or again and again by the clock of a place. */
import { Checkbox, NativeSelect } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { useTranslation } from 'react-i18next'
import { LONGEST_MINUTES } from '#shared/model/schedule.ts'
import { ownZone } from '../../../../components/own-zone.ts'
import { Choice } from '../../../settings/form/Choice.tsx'
import { NumberField, TextField } from '../../../settings/form/Field.tsx'
import classes from '../watch.module.css'
import { ZoneField } from '../ZoneField.tsx'
import { weekdays } from './weekdays.ts'
import type { WindowDraft } from './window-draft.ts'

export function ScheduleFields({ form }: { form: UseFormReturnType<WindowDraft> }) {
  const { t, i18n } = useTranslation()
  const { kind, by } = form.getValues().schedule
  const kinds = (['once', 'daily', 'weekly', 'monthly'] as const).map((value) => ({
    value,
    label: t(`watch.kind-${value}`),
  }))
  const days = weekdays(i18n.language, 'short').map((label, index) => ({ value: String(index + 1), label }))
  const longDays = weekdays(i18n.language, 'long').map((label, index) => ({
    value: String(index + 1),
    label,
  }))
  return (
    <>
      <Choice form={form} path="schedule.kind" label={t('watch.when')} options={kinds} />
      {kind === 'once' ? (
        <>
          <TextField
            form={form}
            path="schedule.from"
            span={4}
            label={t('watch.from')}
            description={t('watch.by-your-clock', { zone: ownZone() })}
            required
          />
          <TextField
            form={form}
            path="schedule.to"
            span={4}
            label={t('watch.to')}
            description={t('watch.by-your-clock', { zone: ownZone() })}
            required
          />
        </>
      ) : (
        <>
          {kind === 'weekly' && (
            <div data-span="12">
              <Checkbox.Group label={t('watch.days')} {...form.getInputProps('schedule.days')}>
                <div className={classes.days}>
                  {days.map(({ value, label }) => (
                    <Checkbox
                      key={value}
                      size="xs"
                      value={value}
                      label={label}
                      aria-invalid={form.errors['schedule.days'] !== undefined}
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
                path="schedule.by"
                label={t('watch.monthly')}
                options={[
                  { value: 'weekday', label: t('watch.by-weekday') },
                  { value: 'day', label: t('watch.by-day') },
                ]}
              />
              {by === 'day' ? (
                <NumberField
                  form={form}
                  path="schedule.day"
                  span={4}
                  label={t('watch.day')}
                  description={t('watch.day-hint')}
                  min={1}
                  max={31}
                  allowDecimal={false}
                  required
                />
              ) : (
                <>
                  <div data-span="4">
                    <NativeSelect
                      size="xs"
                      label={t('watch.week')}
                      data={[1, 2, 3, 4, -1].map((week) => ({
                        value: String(week),
                        label: t(`watch.week-${week === -1 ? 'last' : (week as 1 | 2 | 3 | 4)}`),
                      }))}
                      {...form.getInputProps('schedule.week')}
                    />
                  </div>
                  <div data-span="4">
                    <NativeSelect
                      size="xs"
                      label={t('watch.weekday')}
                      data={longDays}
                      {...form.getInputProps('schedule.weekday')}
                    />
                  </div>
                </>
              )}
            </>
          )}
          <TextField form={form} path="schedule.time" span={4} type="time" label={t('watch.time')} required />
          <NumberField
            form={form}
            path="schedule.minutes"
            span={4}
            label={t('watch.minutes')}
            min={1}
            max={LONGEST_MINUTES[kind]}
            allowDecimal={false}
            required
          />
          <ZoneField form={form} path="schedule.zone" />
          <TextField
            form={form}
            path="schedule.firstDate"
            span={4}
            type="date"
            label={t('watch.first-date')}
          />
          <TextField form={form} path="schedule.lastDate" span={4} type="date" label={t('watch.last-date')} />
        </>
      )}
    </>
  )
}
