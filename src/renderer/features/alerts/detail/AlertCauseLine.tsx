/** What an alert comes from, up to the root; a backend that is named leads to it. */
import { useTranslation } from 'react-i18next'
import { causeLineText } from '#shared/locales/translate.ts'
import type { Alert } from '#shared/model/alert.ts'
import { CauseWords } from '../../deployment/causes/CauseWords.tsx'
import classes from './detail.module.css'

export function AlertCauseLine({ alert: { cause, deployment } }: { alert: Alert }) {
  const { t, i18n } = useTranslation()
  if (cause === null) return null
  const { lines, certainty } = cause
  return (
    <p className={classes.cause}>
      {certainty === 'not-found' && lines.length < 2 ? (
        <span className={classes.quiet}>{t('causes.not-found-why')}</span>
      ) : (
        lines.map((line, index) => (
          <span key={`${line.code} ${line.params.pid ?? ''}`}>
            {index > 0 && <span className={classes.quiet}> ← </span>}
            <CauseWords deployment={deployment} pid={line.params.pid} words={causeLineText(i18n, line)} />
          </span>
        ))
      )}
      {certainty === 'likely' && <span className={classes.quiet}> ({t('causes.likely')})</span>}
    </p>
  )
}
