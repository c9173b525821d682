/** What stands behind the statuses: long and blocked statements, slow Redis commands, dependencies that are not well. */
import { useTranslation } from 'react-i18next'
import type { Observation } from '#shared/model/observation.ts'
import classes from '../deployment.module.css'
import { Dependencies } from './Dependencies.tsx'
import { SlowLog } from './SlowLog.tsx'
import { Statements } from './Statements.tsx'

export function Evidence({ observations }: { observations: readonly Observation[] }) {
  const { t } = useTranslation()
  const shown = observations.flatMap(({ probe, target, status, evidence }) => {
    const key = `${probe} ${target}`
    const parts = []
    if (evidence?.statements !== undefined && evidence.statements.length > 0) {
      parts.push(<Statements key={`${key} statements`} statements={evidence.statements} />)
    }
    if (evidence?.dependencies !== undefined && status !== 'HEALTHY') {
      parts.push(<Dependencies key={`${key} dependencies`} target={target} words={evidence.dependencies} />)
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
