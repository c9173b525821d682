/** Copies what is wrong, why and since when, as text for a chat. */
import { useClipboard } from '@mantine/hooks'
import { useTranslation } from 'react-i18next'
import classes from './causes.module.css'
import { type Incident, incidentText } from './incident-text.ts'

export function CopyIncident(incident: Omit<Incident, 'now'>) {
  const { t, i18n } = useTranslation()
  const { copy, copied, error } = useClipboard({ timeout: 2_000 })
  return (
    <>
      <button
        type="button"
        className={classes.more}
        onClick={() => copy(incidentText(i18n, { ...incident, now: Date.now() }))}
      >
        {t(copied ? 'copy.done' : 'causes.copy')}
      </button>
      {error !== null && (
        <span role="alert" className={classes.quiet}>
          {t('causes.copy-failed')}
        </span>
      )}
    </>
  )
}
