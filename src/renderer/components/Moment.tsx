/** A moment: relative and absolute in local time, with UTC on hover. */
import { useTranslation } from 'react-i18next'
import { absolute, clock, relative, universal } from './moment.ts'
import { useNow } from './now.ts'

interface MomentProps {
  /** Milliseconds since the epoch. */
  readonly at: number
  /** `dated` leaves the day out never: for one end of a stretch of days. */
  readonly show?: 'relative' | 'absolute' | 'dated' | 'both'
}

export function Moment({ at, show = 'both' }: MomentProps) {
  const { i18n } = useTranslation()
  const text = useNow((now) => {
    if (show === 'dated') return clock(i18n.language, 'full').format(at)
    const parts = []
    if (show !== 'absolute') parts.push(relative(i18n.language, at, now))
    if (show !== 'relative') parts.push(absolute(i18n.language, at, now))
    return parts.join(' · ')
  })
  const today = useNow((now) => now - (now % 86_400_000))
  return (
    <time
      dateTime={new Date(at).toISOString()}
      title={`${absolute(i18n.language, at, today)} · ${universal(at)}`}
    >
      {text}
    </time>
  )
}
