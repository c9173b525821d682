/** The way to a deployment, hop by hop; what failed on it in words, and what a person can do about that. */
import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { failureText } from '#shared/locales/translate.ts'
import type { Connection, ConnectionHop } from '#shared/model/connection.ts'
import { useApi } from '../../client/console.tsx'
import { StatusGlyph } from '../../components/StatusGlyph.tsx'
import { StatusMark } from '../../components/StatusMark.tsx'
import { useQuantity } from '../../components/useQuantity.ts'
import { AcceptHostKey } from '../hosts/AcceptHostKey.tsx'
import { offeredKey } from '../hosts/offered-key.ts'
import classes from './deployment.module.css'
import { useTellFailure } from './tell-failure.ts'

interface Props {
  readonly deployment: string
  readonly connection: Connection
  readonly paused: boolean
}

export function ConnectionPath({ deployment, connection, paused }: Props) {
  const { t } = useTranslation()
  const tellFailure = useTellFailure()
  const retry = useMutation(useApi().deployments.retry.mutationOptions({ onError: tellFailure }))
  const failed = connection.hops.filter(({ error }) => error !== null)
  const tryAgain = () => retry.mutate({ name: deployment })
  return (
    <section className={classes.section} aria-labelledby="connection-path">
      <h2 id="connection-path">{t('deployment.path')}</h2>
      {connection.hops.length === 0 ? (
        <span className={classes.quiet}>{t(paused ? 'deployment.paused' : 'deployment.path-empty')}</span>
      ) : (
        <ol className={classes.path}>
          <li className={classes.hop} data-kind="console">
            <span className={classes.quiet}>{t('deployment.path-console')}</span>
          </li>
          {connection.hops.map((hop) => (
            <Hop key={`${hop.kind} ${hop.hop}`} hop={hop} />
          ))}
        </ol>
      )}
      {failed.length > 0 && (
        <ul className={classes.failures}>
          {failed.map((hop) => (
            <FailedHop key={`${hop.kind} ${hop.hop}`} hop={hop} onRetry={tryAgain} busy={retry.isPending} />
          ))}
        </ul>
      )}
    </section>
  )
}

function Hop({ hop }: { hop: ConnectionHop }) {
  const { t } = useTranslation()
  const { text } = useQuantity()
  const connected = hop.status === 'CONNECTED'
  return (
    <li className={classes.hop} data-kind={hop.kind} data-target={hop.kind === 'ssh' ? undefined : true}>
      {connected ? <StatusGlyph status={hop.status} /> : <StatusMark status={hop.status} />}
      <span className={classes.hopName}>{hop.hop}</span>
      {connected && hop.ms !== null && (
        <span className={classes.quiet} data-figures title={t(`status.${hop.status}`)}>
          {text(hop.ms, 'milliseconds')}
        </span>
      )}
    </li>
  )
}

function FailedHop({ hop, onRetry, busy }: { hop: ConnectionHop; onRetry: () => void; busy: boolean }) {
  const { t, i18n } = useTranslation()
  if (hop.error === null) return null
  const key = offeredKey(hop.error)
  return (
    <li className={classes.failure}>
      <strong>{hop.hop}</strong>
      <p>{failureText(i18n, hop.error)}</p>
      {key === null ? (
        <>
          <p className={classes.quiet}>
            {t(hop.error.recovery === 'person' ? 'deployment.retry-waits' : 'deployment.retry-by-itself')}
          </p>
          <Button variant="default" loading={busy} onClick={onRetry}>
            {t('deployment.retry')}
          </Button>
        </>
      ) : (
        <AcceptHostKey offered={key} onAccepted={onRetry} />
      )}
    </li>
  )
}
