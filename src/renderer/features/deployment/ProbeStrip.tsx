/** How each probe finds the deployment: status, reason, freshness and what the look cost; by target where there are several. */
import { Tooltip } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { PROBE_IDS, PROBE_INTERVAL_MS, type ProbeId } from '#shared/catalogue/probes.ts'
import { hopText, reasonText } from '#shared/locales/translate.ts'
import type { ConnectionHop } from '#shared/model/connection.ts'
import type { ProbeStatus } from '#shared/model/fleet.ts'
import type { Observation } from '#shared/model/observation.ts'
import type { Reason } from '#shared/model/reason.ts'
import { Fading, Freshness } from '../../components/Freshness.tsx'
import { StatusGlyph } from '../../components/StatusGlyph.tsx'
import { StatusMark } from '../../components/StatusMark.tsx'
import { useQuantity } from '../../components/useQuantity.ts'
import { RestartAct } from '../operations/RestartAct.tsx'
import classes from './deployment.module.css'
import own from './ProbeStrip.module.css'

interface Props {
  readonly statuses: Partial<Record<ProbeId, ProbeStatus>>
  readonly observations: readonly Observation[]
  /** The SSH hop that everything is behind and that is not up. */
  readonly broken: ConnectionHop | null
  /** Statuses alone: what is below has the place. */
  readonly short: boolean
  readonly deployment: string
  /** Services of which the profile says how they are restarted. */
  readonly restartable: readonly string[]
}

export function ProbeStrip({ statuses, observations, broken, short, deployment, restartable }: Props) {
  const actOf = (target: string) =>
    restartable.includes(target) ? <RestartAct deployment={deployment} service={target} /> : null
  const { t } = useTranslation()
  return (
    <section aria-label={t('deployment.probes')}>
      <ul className={own.probes} data-short={short || undefined}>
        {PROBE_IDS.map((probe) => {
          const status = statuses[probe]
          if (status === undefined || status.reason.code === 'nothing-watched') return null
          const seen = observations.filter((one) => one.probe === probe)
          return (
            <Probe
              key={probe}
              probe={probe}
              status={status}
              observations={seen}
              broken={broken}
              short={short}
              actOf={probe === 'health' ? actOf : noAct}
            />
          )
        })}
      </ul>
    </section>
  )
}

interface ProbeProps {
  readonly probe: ProbeId
  readonly status: ProbeStatus
  readonly observations: readonly Observation[]
  readonly broken: ConnectionHop | null
  readonly short: boolean
  /** What can be done to a target. */
  readonly actOf: (target: string) => ReactNode
}

function noAct(): ReactNode {
  return null
}

function Probe({ short, ...probed }: ProbeProps) {
  const { probe, status, broken } = probed
  const { t } = useTranslation()
  const reasonWords = useReasonWords(broken)
  return (
    <li className={own.probe} title={short ? reasonWords(status.reason) : undefined}>
      <div className={own.probeHead}>
        <h3>{t(`probe.${probe}`)}</h3>
        <StatusMark status={status.status} size="sm" />
      </div>
      {!short && <Details {...probed} />}
    </li>
  )
}

function Details({ probe, status, observations, broken, actOf }: Omit<ProbeProps, 'short'>) {
  const reasonWords = useReasonWords(broken)
  const staleAfterMs = 3 * PROBE_INTERVAL_MS[probe]
  const single = observations.length === 1 ? observations[0] : undefined
  return (
    <>
      <Fading at={status.at} afterMs={staleAfterMs}>
        {observations.length > 1 ? (
          observations.map((one) => (
            <Target key={one.target} observation={one} broken={broken} act={actOf(one.target)} />
          ))
        ) : (
          <p className={own.probeReason} title={reasonWords(status.reason)}>
            {reasonWords(status.reason)}
          </p>
        )}
      </Fading>
      {/* Where nobody looked, there is no look that was now or cost anything. */}
      {status.status !== 'UNOBSERVED' && (
        <span className={classes.quiet}>
          <Freshness at={status.at} afterMs={staleAfterMs} />
          {single !== undefined && (
            <>
              {' · '}
              <Cost observation={single} />
            </>
          )}
        </span>
      )}
      {single !== undefined && <span>{actOf(single.target)}</span>}
    </>
  )
}

interface TargetProps {
  readonly observation: Observation
  readonly broken: ConnectionHop | null
  readonly act: ReactNode
}

function Target({ observation, broken, act }: TargetProps) {
  const { t } = useTranslation()
  const reasonWords = useReasonWords(broken)
  return (
    <div className={own.target}>
      <span className={own.targetHead}>
        <StatusGlyph status={observation.status} size={11} />
        <span title={t(`status.${observation.status}`)}>{observation.target}</span>
        <Cost observation={observation} />
        {act}
      </span>
      <p className={own.probeReason}>{reasonWords(observation.reason)}</p>
    </div>
  )
}

/** What a broken hop says stands once, at the hop: what is behind it only names it. */
function useReasonWords(broken: ConnectionHop | null): (reason: Reason) => string {
  const { t, i18n } = useTranslation()
  return (reason) =>
    broken !== null && isOf(broken, reason)
      ? t('deployment.probe-behind', { hop: hopText(i18n, broken.hop) })
      : reasonText(i18n, reason)
}

/** Whether a reason is the failure of that hop: another hop may have failed in the same way. */
function isOf({ error }: ConnectionHop, { code, params }: Reason): boolean {
  return code === error?.code && (params.hop === undefined || params.hop === error.hop)
}

function Cost({ observation: { cost } }: { observation: Observation }) {
  const { t } = useTranslation()
  const { text } = useQuantity()
  const ms = text(cost.ms, 'milliseconds')
  const bytes = text(cost.bytes, 'bytes')
  const words = t('deployment.cost', { ms, rows: cost.rows, bytes })
  return (
    <Tooltip label={words}>
      <span className={classes.quiet} aria-label={words} role="note">
        {ms} · {bytes}
      </span>
    </Tooltip>
  )
}
