/** From one moment to another, in a zone: the day of the end only where it is another. */
import { useTranslation } from 'react-i18next'
import { universal } from '../../../components/moment.ts'

interface Props {
  /** Milliseconds since the epoch. */
  readonly from: number
  readonly to: number
  /** That of the reader where it is left out. */
  readonly zone?: string
}

export function Stretch({ from, to, zone }: Props) {
  const { i18n } = useTranslation()
  const format = new Intl.DateTimeFormat(i18n.language, {
    ...{ weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' },
    hourCycle: 'h23',
    ...(zone === undefined ? {} : { timeZone: zone }),
  })
  return (
    <time dateTime={new Date(from).toISOString()} title={`${universal(from)} – ${universal(to)}`}>
      {format.formatRange(from, to)}
    </time>
  )
}
