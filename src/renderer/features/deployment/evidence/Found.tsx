/** What was found at the targets that is well or no matter of status, folded away: versions, roles, certificates, nodes. */
import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'
import { PROBE_IDS } from '#shared/catalogue/probes.ts'
import type { Observation } from '#shared/model/observation.ts'
import classes from '../deployment.module.css'
import { Certificates } from './Certificates.tsx'
import { showsCertificates, showsNodes } from './Evidence.tsx'
import { Facts } from './Facts.tsx'
import { RedisNodes } from './RedisNodes.tsx'

export function Found({ observations }: { observations: readonly Observation[] }) {
  const { t } = useTranslation()
  const sorted = observations
    .filter(
      ({ evidence }) => Object.keys(evidence?.facts ?? {}).length > 0 || evidence?.certificates !== undefined,
    )
    .sort(
      (a, b) => PROBE_IDS.indexOf(a.probe) - PROBE_IDS.indexOf(b.probe) || a.target.localeCompare(b.target),
    )
  if (sorted.length === 0) return null
  const versions = sorted.flatMap(({ target, evidence }) =>
    evidence?.facts?.version === undefined ? [] : [`${target} ${evidence.facts.version}`],
  )
  return (
    <details className={classes.fold}>
      <summary>
        <span>{t('found.title')}</span> <span className={classes.quiet}>{versions.join(' · ')}</span>
      </summary>
      <div className={classes.evidence}>
        {sorted.map((observation) => {
          const { probe, target, evidence } = observation
          const { facts = {}, redisNodes: nodes = [], certificates: chain = [] } = evidence ?? {}
          return (
            <Fragment key={`${probe} ${target}`}>
              <Facts title={t('found.of', { probe: t(`probe.${probe}`), target })} facts={facts} />
              {nodes.length > 0 && !showsNodes(observation) && <RedisNodes target={target} nodes={nodes} />}
              {chain.length > 0 && !showsCertificates(observation) && (
                <Certificates target={target} chain={chain} />
              )}
            </Fragment>
          )
        })}
      </div>
    </details>
  )
}
