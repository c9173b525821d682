/** How the link to the console stands, in the header. */
import { useTranslation } from 'react-i18next'
import { useLink } from '../client/console.tsx'
import { StatusGlyph } from '../components/StatusGlyph.tsx'
import classes from './Header.module.css'

const GLYPH = {
  connecting: 'CONNECTING',
  connected: 'CONNECTED',
  reconnecting: 'DISCONNECTED',
  'signed-out': 'REFUSED',
} as const

export function LinkMark() {
  const { t } = useTranslation()
  const { status } = useLink()
  return (
    <span className={classes.link} role="status" data-link={status}>
      <StatusGlyph status={GLYPH[status]} size={12} />
      {t(`link.mark-${status}`)}
    </span>
  )
}
