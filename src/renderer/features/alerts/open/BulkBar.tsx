/** What can be done with the alerts that are selected. */
import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Alert } from '#shared/model/alert.ts'
import { Kbd } from '../../../components/Kbd.tsx'
import type { AlertActions } from '../actions/use-alert-actions.tsx'
import classes from '../alerts.module.css'

interface Props {
  readonly alerts: readonly Alert[]
  readonly actions: AlertActions
  readonly onClear: () => void
}

export function BulkBar({ alerts, actions, onClear }: Props) {
  const { t } = useTranslation()
  return (
    <section className={classes.bulk} aria-label={t('alerts.selection')}>
      <p role="status">{t('alerts.selected', { count: alerts.length })}</p>
      <Button
        size="compact-xs"
        disabled={!actions.may}
        rightSection={<Kbd keys="a" />}
        onClick={() => actions.acknowledge(alerts)}
      >
        {t('alerts.acknowledge')}
      </Button>
      <Button
        variant="default"
        size="compact-xs"
        disabled={!actions.may}
        rightSection={<Kbd keys="s" />}
        onClick={() => actions.silence(alerts)}
      >
        {t('alerts.silence')}
      </Button>
      <Button
        variant="default"
        size="compact-xs"
        disabled={!actions.may}
        rightSection={<Kbd keys="x" />}
        onClick={() => actions.resolve(alerts)}
      >
        {t('alerts.resolve')}
      </Button>
      <Button
        variant="subtle"
        color="gray"
        size="compact-xs"
        rightSection={<Kbd keys="Esc" />}
        onClick={onClear}
      >
        {t('alerts.clear-selection')}
      </Button>
    </section>
  )
}
