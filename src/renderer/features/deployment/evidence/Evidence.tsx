/** What stands behind the statuses, the worst first: long and blocked statements, dependencies, slow Redis commands. */
import { useTranslation } from 'react-i18next'
import { badness } from '#shared/catalogue/statuses.ts'
import type { Observation } from '#shared/model/observation.ts'
import classes from '../deployment.module.css'
import { Certificates, endsSoon } from './Certificates.tsx'
import { Dependencies } from './Dependencies.tsx'
import { RedisNodes } from './RedisNodes.tsx'
import { grantOf, Remedy } from './Remedies.tsx'
import { SlowLog } from './SlowLog.tsx'
import { Statements } from './Statements.tsx'

/** Certificates that are among the evidence, because something is wrong with their server or one of them ends soon. */
export function showsCertificates({ status, evidence }: Observation): boolean {
  const chain = evidence?.certificates ?? []
  return chain.length > 0 && (status !== 'HEALTHY' || endsSoon(chain))
}

/** Nodes that are among the evidence, because something is wrong with their cluster. */
export function showsNodes({ status, evidence }: Observation): boolean {
  return status !== 'HEALTHY' && (evidence?.redisNodes ?? []).length > 0
}

/** @param observations of those that are well only statements are shown: what runs long may explain what is not well */
export function Evidence({ observations }: { observations: readonly Observation[] }) {
  const { t } = useTranslation()
  const worstFirst = [...observations].sort((a, b) => badness(b.status) - badness(a.status))
  const shown = worstFirst.flatMap((observation) => {
    const { probe, target, status, evidence } = observation
    const key = `${probe} ${target}`
    const parts = []
    const grant = grantOf(observation)
    if (grant !== null) parts.push(<Remedy key={`${key} grant`} observation={observation} grant={grant} />)
    if (evidence?.statements !== undefined && evidence.statements.length > 0) {
      parts.push(<Statements key={`${key} statements`} statements={evidence.statements} />)
    }
    if (evidence?.certificates !== undefined && showsCertificates(observation)) {
      parts.push(<Certificates key={`${key} certificates`} target={target} chain={evidence.certificates} />)
    }
    if (status === 'HEALTHY') return parts
    if (evidence?.dependencies !== undefined) {
      parts.push(<Dependencies key={`${key} dependencies`} target={target} words={evidence.dependencies} />)
    }
    if (evidence?.redisNodes !== undefined && showsNodes(observation)) {
      parts.push(<RedisNodes key={`${key} nodes`} target={target} nodes={evidence.redisNodes} />)
    }
    if (evidence?.slowLog !== undefined && evidence.slowLog.length > 0) {
      parts.push(<SlowLog key={`${key} slow log`} target={target} entries={evidence.slowLog} />)
    }
    return parts
  })
  if (shown.length === 0) return null
  return (
    <section className={classes.evidence} aria-label={t('evidence.title')}>
      {shown}
    </section>
  )
}
