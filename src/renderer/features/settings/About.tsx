/** What this console is: its version, where it keeps its data, and who is asking. */
import { useTranslation } from 'react-i18next'
import { useSession } from '../../client/session.ts'
import { Moment } from '../../components/Moment.tsx'
import classes from './settings.module.css'

export function About() {
  const { t } = useTranslation()
  const { data } = useSession()
  return (
    <>
      <div className={classes.head}>
        <h1>{t('settings.about')}</h1>
      </div>
      {data !== undefined && (
        <dl className={classes.facts}>
          <dt>{t('about.version')}</dt>
          <dd>Vakhta {data.version}</dd>
          <dt>{t('about.data')}</dt>
          <dd className={classes.mono}>{data.dataDirectory}</dd>
          <dt>{t('about.host')}</dt>
          <dd>{t(`about.host-${data.host}`)}</dd>
          <dt>{t('about.started')}</dt>
          <dd>
            <Moment at={data.startedAt} />
          </dd>
          <dt>{t('about.actor')}</dt>
          <dd>{t('about.actor-is', { name: data.actor.name, role: data.actor.role })}</dd>
        </dl>
      )}
    </>
  )
}
