/** What can be done with the alerts that are selected. */
import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Alert } from '#shared/model/alert.ts'
import { Kbd } from '../../../components/Kbd.tsx'
import type { AlertActions } from '../actions/use-alert-actions.tsx'
import classes from '../alerts.module.css'

interface Props {
  readonly alerts: readonly Alert[]
  /** How many of those that are meant have not come so far: nothing is done with only some of them. */
  readonly awaited: number
  readonly actions: AlertActions
  readonly onClear: () => void
}

export function BulkBar({ alerts, awaited, actions, onClear }: Props) {
  const { t } = useTranslation()
  const may = actions.may && awaited === 0
  return (
    <section className={classes.bulk} aria-label={t('alerts.selection')}>
      <p role="status">
        {t('alerts.selected', { count: alerts.length })}
        {awaited > 0 && ` · ${t('alerts.awaited', { count: awaited })}`}
      </p>
      <Button
        size="compact-xs"
        disabled={!may}
        rightSection={<Kbd keys="a" />}
        onClick={() => actions.acknowledge(alerts)}
      >
        {t('alerts.acknowledge')}
      </Button>
      <Button
        variant="default"
        size="compact-xs"
        disabled={!may}
        rightSection={<Kbd keys="s" />}
        onClick={() => actions.silence(alerts)}
      >
        {t('alerts.silence')}
      </Button>
      <Button
        variant="default"
        size="compact-xs"
        disabled={!may}
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
