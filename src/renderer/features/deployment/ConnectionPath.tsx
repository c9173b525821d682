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

export function ConnectionPath({ deployment, connection: { hops }, paused }: Props) {
  const { t } = useTranslation()
  const tellFailure = useTellFailure()
  const retry = useMutation(useApi().deployments.retry.mutationOptions({ onError: tellFailure }))
  const tryAgain = () => retry.mutate({ name: deployment })
  const { reached, behind, failed } = alongPath(hops)
  const offered = failed.some(({ error }) => error !== null && offeredKey(error) !== null)
  return (
    <section className={classes.section} aria-labelledby="connection-path">
      <h2 id="connection-path">{t('deployment.path')}</h2>
      {hops.length === 0 ? (
        <span className={classes.quiet}>{t(paused ? 'deployment.paused' : 'deployment.path-empty')}</span>
      ) : (
        <ol className={classes.path}>
          <li className={classes.hop} data-kind="console">
            <span className={classes.quiet}>{t('deployment.path-console')}</span>
          </li>
          {reached.map((hop) => (
            <Hop key={`${hop.kind} ${hop.hop}`} hop={hop} status={hop.status} />
          ))}
          {behind.map((hop) => (
            <Hop
              key={`${hop.kind} ${hop.hop}`}
              hop={hop}
              status={hop.status === 'CONNECTED' ? hop.status : 'UNKNOWN'}
            />
          ))}
        </ol>
      )}
      {failed.length > 0 && (
        <div className={classes.failures}>
          <ul>
            {failed.map((hop) => (
              <FailedHop key={`${hop.kind} ${hop.hop}`} hop={hop} onAccepted={tryAgain} />
            ))}
          </ul>
          {behind.length > 0 && <p className={classes.quiet}>{t('deployment.path-behind')}</p>}
          {!offered && (
            <Button variant="default" loading={retry.isPending} onClick={tryAgain}>
              {t('deployment.retry')}
            </Button>
          )}
        </div>
      )}
    </section>
  )
}

/**
 * What was reached or tried, and what lies behind a hop that is broken: of that nothing is known, whatever its last
 * attempt said, and the failure to mend is the hop's alone.
 */
function alongPath(hops: readonly ConnectionHop[]) {
  const broken = hops.findIndex(({ kind, error }) => kind === 'ssh' && error !== null)
  const reached = broken === -1 ? hops : hops.slice(0, broken + 1)
  return {
    reached,
    behind: hops.slice(reached.length),
    failed: reached.filter(({ error }) => error !== null),
  }
}

function Hop({ hop, status }: { hop: ConnectionHop; status: ConnectionHop['status'] | 'UNKNOWN' }) {
  const { t } = useTranslation()
  const { text } = useQuantity()
  const connected = status === 'CONNECTED'
  return (
    <li className={classes.hop} data-kind={hop.kind} data-target={hop.kind === 'ssh' ? undefined : true}>
      {connected ? <StatusGlyph status={status} /> : <StatusMark status={status} />}
      <span className={classes.hopName}>{hop.hop}</span>
      {connected && hop.ms !== null && (
        <span className={classes.quiet} data-figures title={t(`status.${status}`)}>
          {text(hop.ms, 'milliseconds')}
        </span>
      )}
    </li>
  )
}

function FailedHop({ hop, onAccepted }: { hop: ConnectionHop; onAccepted: () => void }) {
  const { t, i18n } = useTranslation()
  if (hop.error === null) return null
  const key = offeredKey(hop.error)
  return (
    <li className={classes.failure}>
      <strong>{hop.hop}</strong>
      <p>{failureText(i18n, hop.error)}</p>
      {key === null ? (
        <p className={classes.quiet}>
          {t(hop.error.recovery === 'person' ? 'deployment.retry-waits' : 'deployment.retry-by-itself')}
        </p>
      ) : (
        <AcceptHostKey offered={key} onAccepted={onAccepted} />
      )}
    </li>
  )
}
