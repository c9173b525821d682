/**
 * The statement of a backend, masked, and the button that reveals its literals. It says before what goes on record; what
 * was revealed is gone with the row, and kept nowhere.
 */
import { Box, Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Backend } from '#shared/model/database/activity.ts'
import { useApi } from '../../../../client/console.tsx'
import { useErrorText } from '../../../../client/error-text.ts'
import { useMay } from '../../../../client/session.ts'
import classes from '../database.module.css'
import own from './detail.module.css'

export function Reveal({ name, backend }: { name: string; backend: Backend }) {
  const { t } = useTranslation()
  const errorText = useErrorText()
  const may = useMay('OPERATOR')
  const reveal = useMutation(useApi().database.reveal.mutationOptions({ gcTime: 0 }))
  const { pid, startedAt, statementStartedAt, state, statement } = backend
  const isThere = startedAt !== null && statementStartedAt !== null && state !== null && state !== 'idle'
  return (
    <>
      {/* Focusable, because a box that scrolls must be reachable by keyboard (WCAG 2.1.1). */}
      <Box
        role="group"
        className={own.statement}
        tabIndex={0}
        aria-label={t('database.statement-of', { pid })}
      >
        <code>{reveal.data?.statement ?? statement}</code>
      </Box>
      {reveal.data === undefined && isThere && may && (
        <p className={own.reveal}>
          <Button
            variant="default"
            size="compact-xs"
            loading={reveal.isPending}
            onClick={() => reveal.mutate({ name, pid, startedAt, statementStartedAt })}
          >
            {t('database.reveal')}
          </Button>
          <span className={classes.quiet}>{t('database.reveal-means', { pid })}</span>
        </p>
      )}
      {reveal.data !== undefined && <p className={classes.quiet}>{t('database.revealed')}</p>}
      {reveal.error !== null && (
        <p role="alert" className={classes.notice}>
          {errorText(reveal.error)}
        </p>
      )}
    </>
  )
}
