/** Tells that a question ended while somebody was about to answer it, and what to do. */
import { notifications } from '@mantine/notifications'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'

export function useQuestionEnded(hop: string): () => void {
  const { t } = useTranslation()
  return useCallback(
    () =>
      notifications.show({
        // One of them is enough, whoever noticed first.
        id: `question-ended-${hop}`,
        title: t('question.ended-title', { hop }),
        message: t('question.ended-text'),
        autoClose: 15_000,
      }),
    [t, hop],
  )
}
