/** What an operation would do, before anything does; then why, in production the name, and how it ended. */
import { Button, Checkbox, Modal, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { goesOn, type OperationFacts, type OperationKind } from '#shared/model/operation.ts'
import { useApi } from '../../client/console.tsx'
import { useErrorText } from '../../client/error-text.ts'
import { Moment } from '../../components/Moment.tsx'
import { wantedConfirmation } from './confirmation.ts'
import { leftThere } from './left-there.ts'
import { Outcome } from './Outcome.tsx'
import classes from './operations.module.css'
import { PreviewLines } from './PreviewLines.tsx'

interface Props {
  readonly kind: OperationKind
  readonly deployment: string
  readonly options: OperationFacts
  /** Left out where there is nothing to choose again. */
  readonly onBack?: () => void
  readonly onClose: () => void
}

/** What is done is what is shown: of an hour ago that is not worth much. */
const LOOK_ANEW_MS = 5 * 60_000
/** A session is signalled within a moment: nobody is to wait for the next change that is told. */
const LOOK_EVERY_MS = 500

export function OperationDialog({ kind, deployment, options, onBack, onClose }: Props) {
  const { t } = useTranslation()
  const api = useApi()
  const cache = useQueryClient()
  const errorText = useErrorText()
  const [reason, setReason] = useState('')
  /** Of the plan that was read when it was typed: another one is read before it is confirmed. */
  const [confirmed, setConfirmed] = useState({ plan: '', typed: '' })
  const [silence, setSilence] = useState(false)
  const asked = { kind, deployment, options }
  const start = useMutation(
    api.operations.start.mutationOptions({
      onError(error) {
        const wanted = wantedConfirmation(error)
        if (wanted === null || wanted.plan === null) return
        const { plan, preview: now, deployment: name, reason: why } = wanted
        cache.setQueryData(api.operations.preview.queryKey({ input: asked }), (before) => {
          return { preview: now, plan, confirm: why === 'changed' ? (before?.confirm ?? null) : name }
        })
      },
    }),
  )
  const preview = useQuery({
    ...api.operations.preview.queryOptions({ input: asked }),
    ...{ retry: false, staleTime: Number.POSITIVE_INFINITY, gcTime: 0 },
    refetchInterval: start.isPending || start.isSuccess ? false : LOOK_ANEW_MS,
  })
  const id = start.data?.id ?? ''
  const begun = useQuery({
    ...api.operations.get.queryOptions({ input: { id } }),
    enabled: id !== '',
    refetchInterval: ({ state: { data } }) =>
      data === undefined || goesOn(data.state) ? LOOK_EVERY_MS : false,
  })
  const { confirm = null, plan = '' } = preview.data ?? {}
  const typed = confirmed.plan === plan ? confirmed.typed : ''
  const mayStart =
    preview.data !== undefined &&
    preview.error === null &&
    preview.data.preview.refusals.length === 0 &&
    (confirm === null || (typed === confirm && reason.trim() !== ''))

  const left = leftThere(start.error)

  function run(event: FormEvent) {
    event.preventDefault()
    begin(null)
  }

  function begin(takeOver: string | null) {
    if (!mayStart) return
    const why = reason.trim()
    start.mutate({
      ...{ ...asked, silence, plan },
      ...(why !== '' && { reason: why }),
      ...(confirm !== null && { confirm: typed }),
      ...(takeOver !== null && { takeOver }),
    })
  }

  return (
    <Modal
      opened
      size="lg"
      onClose={onClose}
      title={t(`operations.title-${kind}`)}
      closeButtonProps={{ 'aria-label': t('settings.close') }}
    >
      {start.data !== undefined ? (
        <div className={classes.form}>
          <Outcome operation={begun.data ?? start.data} />
          <div className={classes.buttons}>
            <Button variant="default" data-autofocus onClick={onClose}>
              {t('settings.close')}
            </Button>
          </div>
        </div>
      ) : (
        <form className={classes.form} onSubmit={run}>
          {preview.error !== null && (
            <p role="alert" className={classes.failed}>
              {errorText(preview.error)}
            </p>
          )}
          <PreviewLines preview={preview.data?.preview ?? null} isAsked={preview.isPending} />
          {!preview.isPending && (
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
          )}
          <Textarea
            label={t('operations.reason')}
            placeholder={confirm === null ? t('operations.reason-optional') : t('operations.reason-needed')}
            value={reason}
            maxLength={500}
            minRows={1}
            autosize
            data-autofocus
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          {preview.data?.preview.effect !== 'reads' && (
            <Checkbox
              size="xs"
              label={t('operations.silence')}
              checked={silence}
              onChange={(event) => setSilence(event.currentTarget.checked)}
            />
          )}
          {confirm !== null && (
            <TextInput
              label={t('operations.confirm', { name: confirm })}
              value={typed}
              autoComplete="off"
              onChange={(event) => setConfirmed({ plan, typed: event.currentTarget.value })}
            />
          )}
          {start.error !== null && (
            <p role="alert" className={classes.failed}>
              {errorText(start.error)}
            </p>
          )}
          <div className={classes.buttons}>
            <Button type="submit" loading={start.isPending} disabled={!mayStart}>
              {t(`operations.do-${kind}`)}
            </Button>
            {left !== null && (
              <Button variant="default" disabled={!mayStart} onClick={() => begin(left)}>
                {t('operations.take-over')}
              </Button>
            )}
            {onBack !== undefined && (
              <Button variant="default" disabled={start.isPending} onClick={onBack}>
                {t('operations.back')}
              </Button>
            )}
            <Button variant="default" onClick={onClose}>
              {t('settings.cancel')}
            </Button>
          </div>
        </form>
      )}
    </Modal>
  )
}
