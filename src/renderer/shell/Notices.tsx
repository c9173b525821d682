/** What the console itself has to say: the newest notice, until it is dismissed. */
import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { reasonText } from '#shared/locales/translate.ts'
import { useConsole } from '../client/console.tsx'
import { dismissNotices, useNotices } from '../client/live.ts'
import { Moment } from '../components/Moment.tsx'
import { StatusGlyph } from '../components/StatusGlyph.tsx'
import classes from './Strip.module.css'

const LOOK = {
  info: { tone: 'unknown', status: 'UNKNOWN' },
  warning: { tone: 'warning', status: 'WARNING' },
  error: { tone: 'bad', status: 'CRITICAL' },
} as const

export function Notices() {
  const { t, i18n } = useTranslation()
  const { cache, keys } = useConsole()
  const [newest] = useNotices()
  if (newest === undefined) return null
  const { tone, status } = LOOK[newest.level]
  return (
    <section className={classes.strip} data-tone={tone} aria-label={t('shell.notices')}>
      <StatusGlyph status={status} />
      <p>
        {reasonText(i18n, newest.reason)}{' '}
        <small>
          <Moment at={newest.at} show="relative" />
        </small>
      </p>
      <Button variant="default" size="compact-xs" onClick={() => dismissNotices(cache, keys.notices)}>
        {t('shell.dismiss')}
      </Button>
    </section>
  )
}
