/** Whether this browser shows what goes to the desktop, and what to do where it does not. */
import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useSession } from '../../../client/session.ts'
import { StatusGlyph } from '../../../components/StatusGlyph.tsx'
import own from './channels.module.css'
import { useNotePermission } from './use-note-permission.ts'

const LOOK = {
  granted: 'HEALTHY',
  'not-asked': 'UNKNOWN',
  blocked: 'WARNING',
  impossible: 'UNKNOWN',
} as const

export function BrowserNotes() {
  // The desktop app shows them itself.
  return useSession().data?.host === 'web' ? <OfThisBrowser /> : null
}

function OfThisBrowser() {
  const { t } = useTranslation()
  const { permission, ask } = useNotePermission()
  return (
    <section className={own.browser} aria-labelledby="browser-notes">
      <StatusGlyph status={LOOK[permission]} size={16} />
      <div>
        <h2 id="browser-notes">
          {t('channels.browser-notes')}: <span>{t(`channels.browser-notes-${permission}`)}</span>
        </h2>
        <p>{t(`channels.browser-notes-${permission}-text`)}</p>
      </div>
      {permission === 'not-asked' && (
        <Button variant="default" onClick={ask}>
          {t('channels.browser-notes-allow')}
        </Button>
      )}
    </section>
  )
}
