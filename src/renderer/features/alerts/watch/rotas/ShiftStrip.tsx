/** The weeks to come at a glance: a stretch for each who has the watch. What it says stands below it as a table. */
import type { Outputs } from '../../../../client/client.ts'
import classes from '../watch.module.css'

type Shift = Outputs['rota']['shifts']['items'][number]

interface Props {
  readonly shifts: readonly Shift[]
  /** Milliseconds since the epoch. */
  readonly now: number
}

export function ShiftStrip({ shifts, now }: Props) {
  if (shifts.length === 0) return null
  return (
    <div className={classes.strip} aria-hidden>
      {shifts.map(({ from, to, person, override }) => {
        const begin = Math.max(Date.parse(from), now)
        const end = Date.parse(to)
        return (
          <span
            key={from}
            className={classes.shift}
            data-now={Date.parse(from) <= now && now < end ? '' : undefined}
            data-override={override === null ? undefined : ''}
            title={person}
            style={{ flexGrow: Math.max(0, end - begin), flexBasis: 0 }}
          >
            {person}
          </span>
        )
      })}
    </div>
  )
}
