/** Says what became of the alerts that something was done about: how many it was done for, and how many were over by then or are there still. */
import { notifications } from '@mantine/notifications'
import { useTranslation } from 'react-i18next'
import type { Outcome } from './at-once.ts'

export type Deed = 'acknowledged' | 'silenced' | 'resolved'

export function useSayOutcome(): (deed: Deed, outcome: Outcome) => void {
  const { t } = useTranslation()
  return (deed, { done, over, stillTrue }) => {
    const [title, ...rest] = [
      done > 0 && t(`alerts.done-${deed}`, { count: done }),
      over > 0 && t('alerts.were-over', { count: over }),
      stillTrue > 0 && `${t('alerts.not-resolved', { count: stillTrue })}: ${t('alerts.still-true')}`,
    ].filter((one) => one !== false)
    notifications.show({
      title,
      message: rest.join('\n'),
      color: 'gray',
      closeButtonProps: { 'aria-label': t('settings.close') },
      autoClose: over + stillTrue === 0 ? 4_000 : 12_000,
    })
  }
}
