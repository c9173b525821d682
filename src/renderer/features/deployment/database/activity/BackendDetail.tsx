/** All that is known of one backend, its whole statement first; literals are masked until somebody who may reveals them. */
import { useTranslation } from 'react-i18next'
import type { Backend } from '#shared/model/database/activity.ts'
import { Moment } from '../../../../components/Moment.tsx'
import { SessionActs } from '../../../operations/SessionActs.tsx'
import classes from '../database.module.css'
import { useAges } from '../use-ages.ts'
import own from './detail.module.css'
import { Reveal } from './Reveal.tsx'

interface Props {
  readonly name: string
  readonly backend: Backend
  readonly at: number
}

export function BackendDetail({ name, backend, at }: Props) {
  const { t } = useTranslation()
  const age = useAges(at)
  const { pid, statement, state, blockedBy } = backend
  const moments = [
    ['database.transaction', backend.transactionStartedAt],
    ['database.statement-since', backend.statementStartedAt],
    ['database.connected', backend.startedAt],
  ] as const
  const facts = [
    ['database.database', backend.database],
    ['database.user', backend.user],
    ['database.application', backend.application],
    ['database.client', backend.client],
    ['database.kind', backend.kind],
    ['database.waits', backend.waiting],
    ['database.waits-for-pids', blockedBy.length > 0 ? blockedBy.join(', ') : null],
  ] as const
  return (
    <div className={own.detail}>
      {statement === null ? (
        <p className={classes.quiet}>{t('database.no-statement')}</p>
      ) : (
        <Reveal
          key={`${pid}/${backend.startedAt}/${backend.statementStartedAt}`}
          name={name}
          backend={backend}
        />
      )}
      {statement !== null && state !== 'active' && (
        <p className={classes.quiet}>{t('database.last-statement')}</p>
      )}
      <SessionActs name={name} backend={backend} />
      <dl className={classes.facts}>
        {moments.map(
          ([label, moment]) =>
            moment !== null && (
              <div key={label}>
                <dt>{t(label)}</dt>
                <dd>
                  {age(moment)} · <Moment at={moment} show="absolute" />
                </dd>
              </div>
            ),
        )}
        {facts.map(
          ([label, value]) =>
            value !== null && (
              <div key={label}>
                <dt>{t(label)}</dt>
                <dd>{value}</dd>
              </div>
            ),
        )}
      </dl>
    </div>
  )
}
