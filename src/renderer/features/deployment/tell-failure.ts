/** Tells people that what they pressed did not work, and why. */
import { notifications } from '@mantine/notifications'
import { useTranslation } from 'react-i18next'
import { useErrorText } from '../../client/error-text.ts'

export function useTellFailure(): (error: unknown) => void {
  const { t } = useTranslation()
  const errorText = useErrorText()
  return (error) =>
    notifications.show({
      color: 'red',
      title: t('deployment.action-failed'),
      message: errorText(error),
      autoClose: false,
    })
}
