/** What stands below the last alert while there are more: that they are on their way, or why they did not come. */
import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useErrorText } from '../../../client/error-text.ts'
import { Moment } from '../../../components/Moment.tsx'
import own from './history.module.css'

interface Props {
  readonly query: {
    readonly error: Error | null
    readonly isFetchingNextPage: boolean
    readonly isFetchNextPageError: boolean
    fetchNextPage(): unknown
  }
  /** When the last one began that was looked at. */
  readonly lookedTo: number | null
}

export function HistoryEnd({ query, lookedTo }: Props) {
  const { t } = useTranslation()
  const errorText = useErrorText()
  const { error, isFetchNextPageError } = query
  return (
    <p className={own.end}>
      <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
        {t('alerts.history-more')}
      </Button>
      {isFetchNextPageError && error !== null ? (
        <span role="alert">{errorText(error)}</span>
      ) : (
        lookedTo !== null && (
          <span>
            {t('alerts.history-looked')} <Moment at={lookedTo} show="dated" />
          </span>
        )
      )}
    </p>
  )
}
