/** What can be done about one alert, each with its key, and the ways to where it shows. */
import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Alert } from '#shared/model/alert.ts'
import { Kbd } from '../../../components/Kbd.tsx'
import { places } from '../../../places.ts'
import type { AlertActions } from '../actions/use-alert-actions.tsx'
import classes from './detail.module.css'

export function Deeds({ alert, actions }: { alert: Alert; actions: AlertActions }) {
  const { t } = useTranslation()
  const { may } = actions
  return (
    <div className={classes.deeds}>
      {alert.state !== 'resolved' && (
        <>
          <Button
            disabled={!may}
            onClick={() => actions.acknowledge([alert])}
            rightSection={<Kbd keys="a" />}
          >
            {t(alert.acknowledgedBy === null ? 'alerts.acknowledge' : 'alerts.acknowledge-again')}
          </Button>
          <Button
            variant="default"
            disabled={!may}
            onClick={() => actions.silence([alert])}
            rightSection={<Kbd keys="s" />}
          >
            {t('alerts.silence')}
          </Button>
          <Button
            variant="default"
            disabled={!may}
            onClick={() => actions.resolve([alert])}
            rightSection={<Kbd keys="x" />}
          >
            {t('alerts.resolve')}
          </Button>
          {!may && <p className={classes.quiet}>{t('alerts.may-not')}</p>}
        </>
      )}
      <Link href={places.deploymentAt(alert.deployment, alert.pendingSince)}>{t('alerts.to-charts')}</Link>
      <Link href={places.deployment(alert.deployment, 'timeline')}>{t('alerts.to-timeline')}</Link>
    </div>
  )
}
