/** A status as people read it: shape, word and colour together, never colour alone. */
import { useTranslation } from 'react-i18next'
import { type AnyStatus, StatusGlyph, toneOf } from './StatusGlyph.tsx'
import classes from './StatusMark.module.css'

interface StatusMarkProps {
  readonly status: AnyStatus
  readonly size?: 'sm' | 'md' | 'lg'
}

const GLYPH = { sm: 12, md: 14, lg: 18 }

export function StatusMark({ status, size = 'md' }: StatusMarkProps) {
  const { t } = useTranslation()
  return (
    <span className={classes.mark} data-tone={toneOf(status)} data-size={size} data-status={status}>
      <StatusGlyph status={status} size={GLYPH[size]} />
      {t(`status.${status}`)}
    </span>
  )
}
