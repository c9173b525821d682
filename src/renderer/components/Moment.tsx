/** A moment: relative and absolute in local time, with UTC on hover. */
import { useTranslation } from 'react-i18next'
import { absolute, relative, universal } from './moment.ts'
import { useNow } from './now.ts'

interface MomentProps {
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly show?: 'relative' | 'absolute' | 'both'
}

export function Moment({ at, show = 'both' }: MomentProps) {
  const { i18n } = useTranslation()
  const text = useNow((now) => {
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
