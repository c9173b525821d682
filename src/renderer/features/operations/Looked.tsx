/** When what is shown was looked at, or why it could not be; and the way to look again. */
import { Button } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useErrorText } from '../../client/error-text.ts'
import { Moment } from '../../components/Moment.tsx'
import classes from './operations.module.css'

type Preview = Pick<
  UseQueryResult,
  'data' | 'error' | 'isPending' | 'isFetching' | 'dataUpdatedAt' | 'refetch'
>

export function Looked({ preview }: { preview: Preview }) {
  const { t } = useTranslation()
  const errorText = useErrorText()
  if (preview.isPending) return null
  return (
    <>
      {preview.error !== null && (
        <p role="alert" className={classes.failed}>
          {errorText(preview.error)}
        </p>
      )}
      <div className={classes.looked}>
        {preview.data !== undefined && (
          <span className={classes.quiet}>
            {t('operations.looked')} <Moment at={preview.dataUpdatedAt} />
          </span>
        )}
        <Button
          variant="subtle"
          size="compact-xs"
          loading={preview.isFetching}
          onClick={() => void preview.refetch()}
        >
          {t(preview.error === null ? 'operations.look-again' : 'list.retry')}
        </Button>
      </div>
    </>
  )
}
