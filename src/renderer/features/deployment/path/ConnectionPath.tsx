/** The way to a deployment, hop by hop; what failed on it in words, and what a person can do about that. */
import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Connection, ConnectionHop } from '#shared/model/connection.ts'
import type { DeploymentProfile } from '#shared/model/profile/deployment.ts'
import type { Reason } from '#shared/model/reason.ts'
import { useApi } from '../../../client/console.tsx'
import { useQuestions } from '../../../client/live.ts'
import { useMay } from '../../../client/session.ts'
import { Fading } from '../../../components/Freshness.tsx'
import { ReachTestPanel } from '../../reach/ReachTestPanel.tsx'
import { useReachTest } from '../../reach/use-reach-test.ts'
import { useTellFailure } from '../tell-failure.ts'
import { alongPath } from './along-path.ts'
import { FailedHop } from './FailedHop.tsx'
import { Hop } from './Hop.tsx'
import classes from './path.module.css'
import { profileField } from './profile-field.ts'

interface Props {
  readonly deployment: string
  readonly profile: DeploymentProfile
  readonly connection: Connection
  /** What the causes say of the way. */
  readonly told: readonly Reason[]
  readonly paused: boolean
  /** The console itself has no network: what its attempts come to says nothing of anybody else. */
  readonly offline: boolean
  /** When the deployment was last looked at. */
  readonly at: number | null
}

export function ConnectionPath({
  deployment,
  profile,
  connection: { hops },
  told,
  paused,
  offline,
  at,
}: Props) {
  const { t } = useTranslation()
  const tellFailure = useTellFailure()
  const retry = useMutation(useApi().deployments.retry.mutationOptions({ onError: tellFailure }))
  const test = useReachTest()
  const mayEdit = useMay('ADMIN')
  const asked = useQuestions()
  const tryAgain = () => retry.mutate({ name: deployment })
  const walk = () => void test.run(profile)
  const { chain, targets, seen, whole, failed: broken } = alongPath(hops)
  const failed = offline ? broken.filter(({ error }) => error?.recovery === 'person') : broken
  // A question is answered where it stands: trying again changes nothing. A host key may have been mended elsewhere.
  const asksNow = failed.some(({ error }) => error?.code === 'ssh-question-open')
  // By place: two services may be at one address.
  const draw = (hop: ConnectionHop, place: number, known: boolean) => (
    <Hop
      key={`${place} ${hop.hop}`}
      hop={hop}
      known={!offline && (known || hop.status === 'CONNECTED')}
      asks={asked.some((question) => question.hop === hop.hop)}
    />
  )
  return (
    <section className={classes.section} aria-labelledby="connection-path">
      <div className={classes.head}>
        <h2 id="connection-path">{t('deployment.path')}</h2>
        {mayEdit && (
          <Button
            variant="default"
            size="compact-xs"
            disabled={test.state.status === 'running'}
            onClick={walk}
          >
            {t('form.test')}
          </Button>
        )}
      </div>
      {hops.length === 0 ? (
        !paused && <span className={classes.quiet}>{t('deployment.path-empty')}</span>
      ) : (
        <Fading at={at}>
          <div className={classes.path}>
            <ol className={classes.chain}>
              <li className={classes.hop}>
                <span className={classes.quiet}>{t('deployment.path-console')}</span>
              </li>
              {chain.map((hop, index) => draw(hop, index, index < seen))}
            </ol>
            {targets.length > 0 && (
              <ol className={classes.targets} aria-label={t('deployment.path-targets')}>
                {targets.map((hop, index) => draw(hop, index, whole))}
              </ol>
            )}
          </div>
        </Fading>
      )}
      {failed.length > 0 && (
        <div className={classes.failures}>
          <ul>
            {failed.map((hop) => (
              <FailedHop
                key={`${hops.indexOf(hop)} ${hop.hop}`}
                hop={hop}
                deployment={deployment}
                field={mayEdit ? profileField(hop, hops.indexOf(hop), profile) : null}
                told={told}
                onAccepted={tryAgain}
              />
            ))}
          </ul>
          {!whole && !asksNow && <p className={classes.quiet}>{t('deployment.path-behind')}</p>}
          {!asksNow && (
            <Button variant="default" loading={retry.isPending} onClick={tryAgain}>
              {t('deployment.retry')}
            </Button>
          )}
        </div>
      )}
      <ReachTestPanel test={test} name={deployment} onRepeat={walk} />
    </section>
  )
}
