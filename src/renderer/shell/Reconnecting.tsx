/** Says that the console does not answer, since when, and what that means for what is on the screen. */
import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useConsole, useLink } from '../client/console.tsx'
import { useNow } from '../components/now.ts'
import { StatusGlyph } from '../components/StatusGlyph.tsx'
import { useQuantity } from '../components/useQuantity.ts'
import classes from './Strip.module.css'

/** A short break that mends itself is not worth a word. */
const SILENT_MS = 2_000

export function Reconnecting() {
  const link = useLink()
  return link.status === 'reconnecting' ? <Lost since={link.since} /> : null
}

function Lost({ since }: { since: number }) {
  const { t } = useTranslation()
  const { link } = useConsole()
  const { duration } = useQuantity()
  const lostFor = useNow((now) => (now - since < SILENT_MS ? null : duration(now - since)))
  if (lostFor === null) return null
  return (
    <div className={classes.strip} data-tone="bad" role="alert">
      <StatusGlyph status="DISCONNECTED" />
      <p>
        <strong>{t('link.reconnecting', { duration: lostFor })}</strong> {t('link.reconnecting-detail')}
      </p>
      <Button variant="default" size="compact-xs" onClick={link.retry}>
        {t('link.retry')}
      </Button>
    </div>
  )
}
