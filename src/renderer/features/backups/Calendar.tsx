/** The days of the last months: which have a good backup, which have not. A table with words, whose marks are for the eye. */
import { type KeyboardEvent, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './backups.module.css'
import type { CalendarDay, DayState } from './calendar-days.ts'

const DAYS = [0, 1, 2, 3, 4, 5, 6]
/** A Monday. */
const MONDAY = Date.UTC(2026, 0, 5)
const DAY_MS = 86_400_000
const TOLD: readonly DayState[] = ['good', 'partial', 'failed', 'missing', 'let-go', 'none']
/** How many days an arrow goes: weeks stand beside each other. */
const STEPS: Readonly<Record<string, number>> = { ArrowLeft: -7, ArrowRight: 7, ArrowUp: -1, ArrowDown: 1 }

interface Props {
  /** Whole weeks, the oldest first. */
  readonly days: readonly CalendarDay[]
  /** Whose days they are; `null`: the reader's. */
  readonly zone: string | null
  /** The day whose backups are shown alone; `null`: all. */
  readonly chosen: string | null
  readonly onChoose: (date: string | null) => void
}

export function Calendar({ days, zone, chosen, onChoose }: Props) {
  const { t, i18n } = useTranslation()
  const id = useId()
  const table = useRef<HTMLTableElement>(null)
  // One stop for the whole of it: arrows go on from there.
  const [active, setActive] = useState<string | null>(null)
  const stop = days.some(({ date }) => date === active) ? active : (days.at(-1)?.date ?? null)
  const weekday = new Intl.DateTimeFormat(i18n.language, { weekday: 'short', timeZone: 'UTC' })
  const whole = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'full', timeZone: 'UTC' })
  const day = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium', timeZone: 'UTC' })
  const month = new Intl.DateTimeFormat(i18n.language, { month: 'short', timeZone: 'UTC' })
  const weeks = weeksOf(days)
  const words = ({ date, state, good, failed }: CalendarDay) =>
    [
      whole.format(Date.parse(date)),
      t(`backups.day-${state}`),
      good > 1 && t('backups.day-count', { count: good }),
      state === 'good' && failed > 0 && t('backups.day-failed-too', { count: failed }),
    ]
      .filter((one) => one !== false)
      .join(' · ')

  function onKeyDown(event: KeyboardEvent) {
    const step = STEPS[event.key]
    if (step === undefined) return
    event.preventDefault()
    const next = days[days.findIndex(({ date }) => date === stop) + step]
    if (next === undefined) return
    setActive(next.date)
    table.current?.querySelector<HTMLElement>(`[data-date="${next.date}"]`)?.focus()
  }

  return (
    <section aria-labelledby={id} className={classes.calendar}>
      <h3 id={id}>
        {t('backups.calendar', { count: weeks.length })}
        {zone !== null && <span className={classes.quiet}> · {zone}</span>}
      </h3>
      <table ref={table} onKeyDown={onKeyDown}>
        <thead>
          <tr>
            <th scope="col">
              <span className={classes.hidden}>{t('statistics.day')}</span>
            </th>
            {weeks.map((week, index) => {
              const first = week[0]?.date ?? ''
              const before = weeks[index - 1]?.[0]?.date ?? ''
              return (
                <th key={first} scope="col">
                  <span className={classes.hidden}>
                    {t('backups.week-of', { date: day.format(Date.parse(first)) })}
                  </span>
                  {first.slice(0, 7) !== before.slice(0, 7) && (
                    <span aria-hidden="true">{month.format(Date.parse(first))}</span>
                  )}
                </th>
              )
            })}
          </tr>
        </thead>
        <tbody>
          {DAYS.map((number) => (
            <tr key={number}>
              <th scope="row">{weekday.format(MONDAY + number * DAY_MS)}</th>
              {weeks.map((week) => {
                const one = week.find((each) => each.weekday === number)
                return (
                  <td key={week[0]?.date}>
                    {one !== undefined && (
                      <button
                        type="button"
                        data-date={one.date}
                        data-state={one.state}
                        tabIndex={one.date === stop ? 0 : -1}
                        aria-pressed={one.date === chosen}
                        aria-label={words(one)}
                        title={words(one)}
                        onFocus={() => setActive(one.date)}
                        onClick={() => onChoose(one.date === chosen ? null : one.date)}
                      />
                    )}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
      <ul className={classes.legend}>
        {TOLD.map((state) => (
          <li key={state}>
            <i data-state={state} aria-hidden="true" /> {t(`backups.day-${state}`)}
          </li>
        ))}
      </ul>
    </section>
  )
}

function weeksOf(days: readonly CalendarDay[]): CalendarDay[][] {
  const weeks: CalendarDay[][] = []
  for (const day of days) {
    if (day.weekday === 0 || weeks.length === 0) weeks.push([])
    weeks.at(-1)?.push(day)
  }
  return weeks
}
