/** From one moment to another, in a zone: the day of the end only where it is another. */
import { useTranslation } from 'react-i18next'
import { universal } from '../../../components/moment.ts'
import { formatInZone } from './in-zone.ts'

interface Props {
  /** Milliseconds since the epoch. */
  readonly from: number
  readonly to: number
  /** That of the reader where it is left out. */
  readonly zone?: string
}

export function Stretch({ from, to, zone }: Props) {
  const { i18n } = useTranslation()
  return (
    <time dateTime={new Date(from).toISOString()} title={`${universal(from)} – ${universal(to)}`}>
      {formatInZone(i18n.language, zone).formatRange(from, to)}
    </time>
  )
}
