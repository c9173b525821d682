/** Whether this console may change anything at all; an administrator decides. */
import { Button, Checkbox } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../client/console.tsx'
import { useErrorText } from '../../client/error-text.ts'
import { useMay } from '../../client/session.ts'
import classes from './operations.module.css'

export function ReadOnly() {
  const { t } = useTranslation()
  const hint = useId()
  const errorText = useErrorText()
  const cache = useQueryClient()
  const api = useApi()
  const mayDecide = useMay('ADMIN')
  const { data, error, refetch, isFetching } = useQuery(api.operations.settings.queryOptions())
  const decide = useMutation(
    api.operations.configure.mutationOptions({
      onSuccess: (settings) => cache.setQueryData(api.operations.settings.queryKey(), settings),
    }),
  )
  if (data === undefined) {
    return error === null ? null : (
      <div className={classes.readOnly} role="alert">
        <p className={classes.failed}>{t('operations.read-only-unknown', { why: errorText(error) })}</p>
        <Button variant="default" size="compact-xs" loading={isFetching} onClick={() => void refetch()}>
          {t('list.retry')}
        </Button>
      </div>
    )
  }
  return (
    <div className={classes.readOnly}>
      <Checkbox
        size="xs"
        label={t('operations.read-only')}
        aria-describedby={hint}
        checked={data.readOnly}
        disabled={!mayDecide || decide.isPending}
        error={decide.isError ? errorText(decide.error) : undefined}
        onChange={(event) => decide.mutate({ readOnly: event.currentTarget.checked })}
      />
      <p id={hint}>{t(mayDecide ? 'operations.read-only-means' : 'operations.read-only-by')}</p>
    </div>
  )
}
