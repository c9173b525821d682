/** What stands behind one link of a chain, and since when. */
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { METRICS } from '#shared/catalogue/metrics.ts'
import { causeText, linkText, reasonText } from '#shared/locales/translate.ts'
import type { CauseLink } from '#shared/model/cause.ts'
import { Moment } from '../../../components/Moment.tsx'
import { useQuantity } from '../../../components/useQuantity.ts'
import { Dependencies } from '../evidence/Dependencies.tsx'
import { Statements } from '../evidence/Statements.tsx'
import { useLogsAt } from '../logs/logs-at.ts'
import classes from './causes.module.css'

export function LinkEvidence({ link }: { link: CauseLink }) {
  const { reason, target, since, evidence, probe } = link
  const { t, i18n } = useTranslation()
  const { text } = useQuantity()
  const logsAt = useLogsAt()
  const logs = since === null ? null : logsAt(since, { probe, target })
  const said = evidence?.reason === undefined ? null : reasonText(i18n, evidence.reason)
  return (
    <li>
      <p className={classes.linkHead}>
        <span>{linkText(i18n, link)}</span>
        {since !== null && (
          <span className={classes.quiet}>
            {t('causes.link-since')} <Moment at={since} show="absolute" /> ·{' '}
            <Moment at={since} show="relative" />
          </span>
        )}
        {logs !== null && (
          <Link href={logs} className={classes.logs}>
            {t('causes.to-logs')}
          </Link>
        )}
      </p>
      {said !== null && said !== causeText(i18n, reason) && <p className={classes.said}>{said}</p>}
      {evidence?.values?.map(({ metric, value }) => (
        <p key={metric} className={classes.said}>
          {t(`metric.${metric}`)}: {text(value, METRICS[metric].unit)}
        </p>
      ))}
      {evidence?.dependencies !== undefined && (
        <Dependencies target={target ?? ''} words={evidence.dependencies} />
      )}
      {evidence?.statements !== undefined && evidence.statements.length > 0 && (
        <Statements statements={evidence.statements} />
      )}
    </li>
  )
}
