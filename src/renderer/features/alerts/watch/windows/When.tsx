/** When a schedule is, in words. */
import { useTranslation } from 'react-i18next'
import type { Schedule } from '#shared/model/schedule.ts'
import { useQuantity } from '../../../../components/useQuantity.ts'
import { Stretch } from '../Stretch.tsx'
import classes from '../watch.module.css'
import { weekdays } from './weekdays.ts'

export function When({ schedule }: { schedule: Schedule }) {
  const { t, i18n } = useTranslation()
  const { duration } = useQuantity()
  const { kind, zone } = schedule
  if (kind === 'once') return <Stretch from={Date.parse(schedule.from)} to={Date.parse(schedule.to)} />
  const { time, minutes } = schedule
  const params = { time, lasts: duration(minutes * 60_000, true) }
  const names = weekdays(i18n.language, 'long')
  const nameOf = (day: number) => names[day - 1] ?? ''
  let text: string
  if (kind === 'daily') text = t('watch.daily', params)
  else if (kind === 'weekly') {
    const days = new Intl.ListFormat(i18n.language).format(schedule.days.map(nameOf))
    text = t('watch.weekly', { ...params, days })
  } else if ('day' in schedule.on) text = t('watch.monthly-day', { ...params, day: schedule.on.day })
  else {
    const week = t(`watch.week-${schedule.on.week === -1 ? 'last' : schedule.on.week}`)
    text = t('watch.monthly-weekday', { ...params, week, weekday: nameOf(schedule.on.weekday) })
  }
  return (
    <>
      {text} <span className={classes.quiet}>{zone}</span>
    </>
  )
}
