/** Errors of calls in words: the console's own where it answered, ours where it could not be asked. */
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { refusalOf } from './client.ts'
import { ConnectionLost } from './link.ts'

export function useErrorText(): (error: unknown) => string {
  const { t } = useTranslation()
  return useCallback(
    (error) => {
      if (error instanceof ConnectionLost) return t(error.sent ? 'link.lost-sent' : 'link.lost')
      return (
        refusalOf(error)?.message ??
        t('error.unknown', { message: error instanceof Error ? error.message : String(error) })
      )
    },
    [t],
  )
}
