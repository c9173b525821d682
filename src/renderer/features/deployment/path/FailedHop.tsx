/** A hop or target that failed: at which step, why, and what a person can do about it. */
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { adviceText, failureText, hopText } from '#shared/locales/translate.ts'
import type { ConnectionHop } from '#shared/model/connection.ts'
import type { Reason } from '#shared/model/reason.ts'
import { StatusGlyph } from '../../../components/StatusGlyph.tsx'
import { places } from '../../../places.ts'
import { AcceptHostKey } from '../../hosts/AcceptHostKey.tsx'
import { offeredKey } from '../../hosts/offered-key.ts'
import classes from './path.module.css'

interface Props {
  readonly hop: ConnectionHop
  readonly deployment: string
  /** The field of the profile that most likely mends it; `null` where there is none, or nobody here may edit it. */
  readonly field: string | null
  /** What the causes above tell already: here follows what to do about it. */
  readonly told: readonly Reason[]
  readonly onAccepted: () => void
}

export function FailedHop({ hop: { hop, error, status }, deployment, field, told, onAccepted }: Props) {
  const { t, i18n } = useTranslation()
  if (error === null) return null
  const key = offeredKey(error)
  const isTold = told.some(({ code, params }) => code === error.code && params.hop === error.hop)
  // Nothing failed there: it waits.
  const asks = error.code === 'ssh-question-open'
  return (
    <li
      className={classes.failure}
      data-alarm={error.code === 'host-key-changed' || undefined}
      data-asks={asks || undefined}
    >
      <p className={classes.failureHead}>
        <StatusGlyph status={status} />
        <strong>{hopText(i18n, hop)}</strong>
        <span className={classes.quiet}>{t(`reach.step-${error.step}`)}</span>
      </p>
      {/* The key itself and where to accept it stand below, better to compare than within a sentence. */}
      <p>
        {key === null
          ? (isTold ? adviceText : failureText)(i18n, error)
          : t(key.changed === null ? 'hosts.offered-text' : 'hosts.changed-text')}
      </p>
      {key !== null && <AcceptHostKey offered={key} onAccepted={onAccepted} />}
      {key === null && !asks && (
        <p className={classes.quiet}>
          {t(error.recovery === 'person' ? 'deployment.retry-waits' : 'deployment.retry-by-itself')}{' '}
          {field !== null && (
            <Link href={places.deploymentField(deployment, field)}>{t('deployment.open-settings')}</Link>
          )}
        </p>
      )}
    </li>
  )
}
