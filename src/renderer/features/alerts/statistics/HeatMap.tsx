/** In which hours of the week alerts begin: a table with its numbers, whose shade is only a help to the eye. */
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './statistics.module.css'

const DAY_MS = 86_400_000
/** A Monday. */
const MONDAY = Date.UTC(2026, 0, 5)
const HOURS = Array.from({ length: 24 }, (_, hour) => hour)
const DAYS = Array.from({ length: 7 }, (_, day) => day)
/** Beyond it the numbers would be hard to read. */
const DARKEST_PERCENT = 34

interface Props {
  /** From Monday 00:00 on. */
  readonly hours: readonly number[]
  readonly timeZone: string
}

export function HeatMap({ hours, timeZone }: Props) {
  const { t, i18n } = useTranslation()
  const id = useId()
  const most = Math.max(1, ...hours)
  const weekday = new Intl.DateTimeFormat(i18n.language, { weekday: 'short', timeZone: 'UTC' })
  const number = new Intl.NumberFormat(i18n.language)
  return (
    <section aria-labelledby={id}>
      <div className={classes.head}>
        <h2 id={id}>{t('statistics.hours')}</h2>
      </div>
      <p className={classes.quiet}>{t('statistics.hours-hint', { zone: timeZone })}</p>
      <div className={classes.scroll}>
        <table className={classes.heat}>
          <thead>
            <tr>
              <th scope="col">{t('statistics.day')}</th>
              {HOURS.map((hour) => (
                <th key={hour} scope="col">
                  {String(hour).padStart(2, '0')}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {DAYS.map((day) => (
              <tr key={day}>
                <th scope="row">{weekday.format(MONDAY + day * DAY_MS)}</th>
                {HOURS.map((hour) => {
                  const count = hours[day * HOURS.length + hour] ?? 0
                  const percent = Math.round((count / most) * DARKEST_PERCENT)
                  return (
                    <td
                      key={hour}
                      data-none={count === 0}
                      style={{ background: `color-mix(in srgb, var(--text) ${percent}%, transparent)` }}
                    >
                      {number.format(count)}
                    </td>
                  )
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
